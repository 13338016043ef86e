import { describe, expect, it } from 'vitest';
import type { Server } from './balancer-view.ts';
import { notInPlace } from './in-place.ts';
import type { ReadStatus } from './node-status.ts';

const s1: Server = {
  ...{ node: 's1', service: 'web', boot: 'b1', state: 'ready', up: true },
  ...{ inFlight: 0, suspect: false },
};
const none = { services: [{ service: 'web', routes: [] }] };
const granted = { services: [{ service: 'web', routes: ['/'] }], refusedClaims: [] };
const conflict = { service: 'web', route: '/', reason: 'is held by shop', heldBy: 'shop' };

function status(node: string, more: Partial<ReadStatus> = {}): ReadStatus {
  return { node, boot: 'b1', role: 'backend', phase: 'running', members: [], roleStatus: null, ...more };
}

function balancer(
  node: string,
  servers: readonly Server[],
  refused: { name: string; reason: string }[] = [],
  routes: object = granted,
) {
  return status(node, { role: 'balancer', roleStatus: { servers, refused, ...routes, stories: {} } });
}

/** Why s1 is not in its place; undefined when it is. */
function why(own: ReadStatus | undefined, ...balancers: ReadStatus[]): string | undefined {
  const nodes = [{ node: 's1', service: 'web' }];
  const seen = new Map(balancers.map((each) => [each.node, each]));
  return notInPlace(nodes, seen, new Map([['s1', own]]))[0]?.why;
}

describe('a web node', () => {
  it('is in its place when every balancer sends it requests', () => {
    expect(why(status('s1'), balancer('ha', [s1]), balancer('ha2', [s1]))).toBeUndefined();
  });

  it.each<[string, ReadStatus | undefined, ReadStatus[], string]>([
    ['it is starting', undefined, [balancer('ha', [s1])], 'it has not said anything of itself yet'],
    ['there is nobody to send requests', status('s1'), [], 'no balancer runs'],
    [
      'one does not know it',
      status('s1'),
      [balancer('ha', [s1]), balancer('ha2', [])],
      'at ha2: not known yet',
    ],
    [
      'one is starting',
      status('s1'),
      [status('ha', { role: 'balancer' })],
      'at ha: that balancer is starting',
    ],
    [
      'its app is not ready',
      status('s1', { problem: 'the app is not ready: 404' }),
      [balancer('ha', [])],
      'at ha: the app is not ready: 404',
    ],
    [
      'it is refused',
      status('s1'),
      [balancer('ha', [], [{ name: 's1', reason: 'no port' }])],
      'at ha: refused: no port',
    ],
    [
      'what is known is an earlier start of it',
      status('s1', { boot: 'b2' }),
      [balancer('ha', [s1])],
      'at ha: not known yet',
    ],
    [
      'HAProxy does not reach it',
      status('s1'),
      [balancer('ha', [{ ...s1, up: false }])],
      "at ha: HAProxy's check does not reach it",
    ],
    [
      'the balancer is in trouble',
      status('s1'),
      [{ ...balancer('ha', []), problem: 'HAProxy does not answer' }],
      'at ha: HAProxy does not answer',
    ],
    [
      'it is out of rotation',
      status('s1'),
      [balancer('ha', [{ ...s1, state: 'maint' }])],
      'at ha: it is out of rotation',
    ],
    [
      'its service has no route there',
      status('s1'),
      [balancer('ha', [s1]), balancer('ha2', [s1], [], { ...none, refusedClaims: [] })],
      'at ha2: web has no route yet',
    ],
    [
      'others have all of its routes',
      status('s1'),
      [balancer('ha', [s1], [], { ...none, refusedClaims: [conflict] })],
      'at ha: the route / is held by shop',
    ],
    ['it is drained', status('s1', { phase: 'drained' }), [balancer('ha', [s1])], 'it is drained'],
  ])('is not while %s', (_what, own, balancers, told) => {
    expect(why(own, ...balancers)).toBe(told);
  });
});

describe('a node is not worth waiting for', () => {
  const isRefused = (...balancers: ReadStatus[]) => {
    const own = new Map([['s1', status('s1')]]);
    const seen = new Map(balancers.map((each) => [each.node, each]));
    return notInPlace([{ node: 's1', service: 'web' }], seen, own)[0]?.isRefused;
  };

  it('when a balancer gives all of its routes to others', () => {
    const refusing = balancer('ha2', [s1], [], { ...none, refusedClaims: [conflict] });
    expect(isRefused(balancer('ha', [s1]), refusing)).toBe(true);
  });

  it('but is in its place with only some of them', () => {
    expect(isRefused(balancer('ha', [s1], [], { ...granted, refusedClaims: [conflict] }))).toBeUndefined();
  });

  it('and is waited for while it is only not known yet', () => {
    expect(isRefused(balancer('ha', []))).toBe(false);
  });
});

it.each<[string, ReadStatus | undefined, string | undefined]>([
  ['follows the cluster', balancer('ha', []), undefined],
  ['has not said anything yet', undefined, 'it is starting'],
  ['has a problem', status('ha', { phase: 'starting', problem: 'no agent' }), 'no agent'],
])('a balancer that %s', (_what, own, told) => {
  const missing = notInPlace([{ node: 'ha', service: undefined }], new Map(), new Map([['ha', own]]));
  expect(missing[0]?.why).toBe(told);
});
