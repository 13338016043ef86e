import { describe, expect, it } from 'vitest';
import type { FoundContainer, Spec } from './cluster.ts';
import { servicesMeant, wantedNodes } from './wanted-nodes.ts';

function node(name: string, service: string, spec: Partial<Spec> = {}): FoundContainer {
  return {
    ...{ id: name, name, node: name, role: 'backend', service, imageId: 'i', state: 'running' },
    ...{ createdAt: new Date(0), spec: { image: 'app:1', env: {}, service, ...spec } },
  };
}

const both = [node('s1', 'web'), node('shop1', 'shop', { routes: ['/shop'], env: { A: '1' } })];

describe('up is for', () => {
  it.each([
    ['the service that is named', 'shop', { nodes: 3 }, ['shop']],
    ['web when something is said of nodes', undefined, { nodes: 3 }, ['web']],
    ['all services when nothing is', undefined, { nodes: undefined }, ['shop', 'web']],
  ])('%s', (_what, named, said, services) => {
    expect(servicesMeant(named, said, both)).toEqual(services);
  });

  it('web in a new cluster', () => {
    expect(servicesMeant(undefined, {}, [])).toEqual(['web']);
  });

  it('no service that only containers of the user are nodes of', () => {
    const added = node('own', 'own', { app: { name: 'own', connected: true } });
    expect(servicesMeant(undefined, {}, [...both, added])).toEqual(['shop', 'web']);
  });
});

describe('the nodes of a service', () => {
  it('are two of the demo app at first', () => {
    expect(wantedNodes('api', {}, both)).toEqual({
      ...{ service: 'api', count: 2, prefix: 'api' },
      spec: { image: 'rollcall/webapp', env: {}, service: 'api' },
    });
  });

  it('stay as they are where nothing is said', () => {
    expect(wantedNodes('shop', {}, both)).toEqual({
      ...{ service: 'shop', count: 1, prefix: 'shop' },
      spec: { image: 'app:1', env: { A: '1' }, service: 'shop', routes: ['/shop'] },
    });
  });

  it('keep their routes when they get other variables, and the other way round', () => {
    expect(wantedNodes('shop', { env: { B: '2' } }, both).spec).toMatchObject({
      env: { B: '2' },
      routes: ['/shop'],
    });
    expect(wantedNodes('shop', { routes: ['/'] }, both).spec).toMatchObject({
      env: { A: '1' },
      routes: ['/'],
    });
  });
});
