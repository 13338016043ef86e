import { describe, expect, it } from 'vitest';
import type { EngineContainer } from './engine.ts';
import { findApp, nodeNameOf } from './find-app.ts';

function container(name: string, more: Partial<EngineContainer> = {}): EngineContainer {
  return {
    ...{ id: `${name}-0123456789`, name, imageId: 'i', labels: {}, state: 'running', createdAt: new Date(0) },
    ...{ networkMode: 'default', networks: ['bridge'], published: [], ...more },
  };
}

describe('a container to be added', () => {
  it('is found by its name, or by the begin of its id', () => {
    const all = [container('shop-0'), container('shop')];
    expect(findApp('shop', all).name).toBe('shop');
    expect(findApp('shop-0123', [container('shop')]).name).toBe('shop');
  });

  it.each([
    ['is not there', container('other'), 'there is no container "shop"'],
    ['has ended', container('shop', { state: 'exited' }), 'does not run (exited)'],
    ['is paused', container('shop', { state: 'paused' }), 'does not run (paused)'],
    [
      'is a node',
      container('shop', { labels: { 'rollcall.cluster': 'blue' } }),
      'a node of the cluster "blue"',
    ],
    [
      'shares a network',
      container('shop', { networkMode: 'container:abc' }),
      'shares the network of another',
    ],
    ["has the machine's network", container('shop', { networkMode: 'host' }), '--network host'],
    ['has no network', container('shop', { networkMode: 'none' }), '--network none'],
  ])('is refused when it %s', (_, there, message) => {
    expect(() => findApp('shop', [there])).toThrow(expect.objectContaining({ code: 'APP_UNFIT' }));
    expect(() => findApp('shop', [there])).toThrow(message);
  });

  it('gives its name to the node, unless another is said or it cannot be one', () => {
    expect(nodeNameOf(container('shop'), undefined)).toBe('shop');
    expect(nodeNameOf(container('shop'), 'admin')).toBe('admin');
    expect(() => nodeNameOf(container('x'.repeat(64)), undefined)).toThrow('cannot be the name of a node');
  });
});
