import { expect, it } from 'vitest';
import type { Spec } from './cluster.ts';
import type { EngineContainer } from './engine.ts';
import { clustersOn, containersOf, labelsOf } from './labels.ts';

function container(labels: Record<string, string>, name = 'x'): EngineContainer {
  return {
    ...{ id: name, name, imageId: 'i', labels, state: 'running', createdAt: new Date(0), published: [] },
    ...{ networkMode: 'c', networks: ['c'] },
  };
}

const spec: Spec = {
  image: 'web:1',
  env: { A: '1' },
  published: { bind: '127.0.0.1', http: 8080, stats: 1936 },
};

it('a container is known again by its labels, with what it was made from', () => {
  const labelled = container(labelsOf('blue', 's1', 'backend', spec));
  expect(containersOf('blue', [labelled])).toMatchObject([{ node: 's1', role: 'backend', spec }]);
  expect(containersOf('rollcall', [labelled])).toEqual([]);
  expect(clustersOn([labelled, container({}), labelled])).toEqual(['blue']);
});

it('a node is known by its service, and by what it is reached by', () => {
  const shop: Spec = { image: 'shop:1', env: {}, service: 'shop', routes: ['/shop', 'shop.example'] };
  const labels = labelsOf('c', 'shop1', 'backend', shop);
  expect(labels).toMatchObject({ 'rollcall.service': 'shop' });
  expect(containersOf('c', [container(labels)])).toMatchObject([{ service: 'shop', spec: shop }]);
});

it('balancers come first, each kind by number', () => {
  const all = [
    container(labelsOf('c', 's10', 'backend', spec)),
    container(labelsOf('c', 'ha2', 'balancer', spec)),
    container(labelsOf('c', 's2', 'backend', spec)),
    container(labelsOf('c', 'ha', 'balancer', spec)),
  ];
  expect(containersOf('c', all).map(({ node }) => node)).toEqual(['ha', 'ha2', 's2', 's10']);
});

it.each([
  '{',
  'null',
  '{"image":"x"}',
  '{"image":"x","env":{"A":1}}',
  '{"image":"x","env":{},"published":{}}',
])('a spec that cannot be read (%s) makes the container one that differs, not a stranger', (text) => {
  const labels = { ...labelsOf('c', 's1', 'backend', spec), 'rollcall.spec': text };
  expect(containersOf('c', [container(labels)])).toMatchObject([{ node: 's1', spec: undefined }]);
});
