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
    const all = [container('blog', { id: 'cafe0123' }), container('cafe', { id: 'beef4567' })];
    expect(findApp('cafe', all).name).toBe('cafe');
    expect(findApp('cafe0', all).name).toBe('blog');
    expect(findApp('beef', all).name).toBe('cafe');
  });

  it.each([
    ['db', 'there is no container "db"'],
    ['db01-new', 'there is no container "db01-new"'],
    ['db01', 'several containers have an id that begins with "db01": one, two'],
  ])('is not guessed from %s', (given, message) => {
    const all = [container('one', { id: 'db01-new' }), container('two', { id: 'db0145' })];
    expect(() => findApp(given, all)).toThrow(expect.objectContaining({ code: 'APP_UNFIT' }));
    expect(() => findApp(given, all)).toThrow(message);
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
