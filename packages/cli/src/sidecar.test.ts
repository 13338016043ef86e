import { describe, expect, it } from 'vitest';
import type { FoundContainer, Spec } from './cluster.ts';
import { sidecarSpec } from './sidecar.ts';

const app = { name: 'shop', connected: true };
const nothing = { port: undefined, check: undefined, service: undefined, routes: undefined, env: undefined };
const spec = (said: object, before?: Spec, beside: readonly FoundContainer[] = []) =>
  sidecarSpec('shop', 'rollcall/sidecar', app, { ...nothing, ...said }, before, beside);

function sidecar(env: Record<string, string>): FoundContainer {
  return {
    ...{ id: 'x', name: 'x', node: 'x', role: 'backend', imageId: 'i', state: 'running' },
    ...{ service: 'web', createdAt: new Date(0), spec: { image: 'rollcall/sidecar', env, app } },
  };
}

describe('what a sidecar is made from', () => {
  it('is what was said', () => {
    const said = {
      port: 8080,
      check: '/up',
      service: 'api',
      routes: ['/api'],
      env: { ROLLCALL_WEIGHT: '50' },
    };
    expect(spec(said)).toEqual({
      image: 'rollcall/sidecar',
      env: {
        ...{ ROLLCALL_NODE: 'shop', ROLLCALL_PORT: '8080', ROLLCALL_CHECK: '/up' },
        ROLLCALL_WEIGHT: '50',
      },
      service: 'api',
      routes: ['/api'],
      app,
    });
  });

  it('stays what it was where nothing is said', () => {
    const before = spec({ port: 8080, check: '/up', service: 'api', routes: ['/api'] });
    expect(spec({}, before)).toEqual(before);
    expect(spec({ port: 9090 }, before).env).toMatchObject({ ROLLCALL_PORT: '9090', ROLLCALL_CHECK: '/up' });
  });

  it('needs a port', () => {
    expect(() => spec({})).toThrow('--port is missing');
  });

  it.each([
    ['the next to one with the usual port', [sidecar({})], '7947'],
    ['free where lower ones are', [sidecar({ ROLLCALL_GOSSIP_PORT: '7947' })], undefined],
    ['the next of several', [sidecar({}), sidecar({ ROLLCALL_GOSSIP_PORT: '7947' })], '7948'],
  ])('has a gossip port that is %s', (_, beside, port) => {
    const { env } = spec({ port: 80 }, undefined, beside);
    expect(env['ROLLCALL_GOSSIP_PORT']).toBe(port);
    expect(env['ROLLCALL_JOIN']).toBe(port && 'rollcall:7946');
  });

  it('keeps its gossip port when another sidecar goes', () => {
    const before = spec({ port: 80 }, undefined, [sidecar({})]);
    expect(spec({}, before)).toEqual(before);
  });
});
