import { describe, expect, it } from 'vitest';
import type { FoundContainer } from './cluster.ts';
import type { ReadStatus } from './node-status.ts';
import { overviewOf, type Seen } from './overview.ts';
import { overviewText, routesText } from './overview-text.ts';

function container(node: string, more: Partial<FoundContainer> = {}): FoundContainer {
  return {
    ...{ id: `id-${node}`, name: `rollcall-${node}`, node, role: 'backend', imageId: 'sha256:1' },
    ...{
      service: 'web',
      spec: { image: 'my-app:1', env: {} },
      state: 'running',
      createdAt: new Date(0),
      ...more,
    },
  };
}

function status(node: string, more: Partial<ReadStatus> = {}): ReadStatus {
  return { node, boot: 'b1', role: 'backend', phase: 'running', members: [], roleStatus: null, ...more };
}

const server = { service: 'web', boot: 'b1', state: 'ready', up: true, inFlight: 0, suspect: false };
const plain = { services: [{ service: 'web', routes: ['/'] }], refusedClaims: [], stories: {} };
const published = { bind: '0.0.0.0', http: 8080, stats: 1936 };

const seen: Seen = {
  containers: [
    container('ha', { role: 'balancer', service: undefined, spec: { image: 'ha:1', env: {}, published } }),
    container('ha2', { role: 'balancer', service: undefined, spec: { image: 'ha:1', env: {} } }),
    container('s1'),
    container('s2', { state: 'exited' }),
    container('s3'),
  ],
  exitCodes: new Map([['s2', 137]]),
  statuses: new Map([
    [
      'ha',
      status('ha', {
        role: 'balancer',
        roleStatus: {
          servers: [
            { ...server, node: 's1', inFlight: 3 },
            { ...server, node: 's2', up: false, suspect: true },
            { ...server, node: 's3', state: 'maint', inFlight: 1 },
            { ...server, node: 'far' },
          ],
          refused: [{ name: 'bad%20name', reason: 'its name is not allowed' }],
          templateProblem: 'my.cfg.hbs:2:3: unknown variable',
          ...plain,
        },
      }),
    ],
    ['ha2', undefined],
    ['s1', status('s1')],
    ['s3', status('s3', { phase: 'draining', problem: 'the app is not ready: 500' })],
  ]),
};

describe('the overview', () => {
  const overview = overviewOf('rollcall', seen);

  it('has what the engine runs beside what each balancer sees', () => {
    expect(overview.nodes.map(({ node, container: made }) => [node, made?.state, made?.exitCode])).toEqual([
      ['ha', 'running', null],
      ['ha2', 'running', null],
      ['s1', 'running', null],
      ['s2', 'exited', 137],
      ['s3', 'running', null],
      ['far', undefined, undefined],
    ]);
    expect(overview.nodes.map(({ seenBy }) => seenBy)).toEqual([
      {},
      {},
      { ha: { state: 'ready', up: true, inFlight: 3, suspect: false }, ha2: null },
      { ha: { state: 'ready', up: false, inFlight: 0, suspect: true }, ha2: null },
      { ha: { state: 'maint', up: true, inFlight: 1, suspect: false }, ha2: null },
      { ha: { state: 'ready', up: true, inFlight: 0, suspect: false }, ha2: null },
    ]);
  });

  it('names refused members and problems', () => {
    expect(overview.refused).toEqual([{ by: 'ha', name: 'bad%20name', reason: 'its name is not allowed' }]);
    expect(overview.problems).toEqual([
      { node: 'ha', problem: 'my.cfg.hbs:2:3: unknown variable' },
      { node: 's3', problem: 'the app is not ready: 500' },
    ]);
  });

  it('reads like this', () => {
    expect(overviewText(overview, new Date(90_000), (_colour, text) => text)).toBe(
      `BALANCER  CONTAINER  IMAGE  AGE    WHERE
ha        running    ha:1   1 min  http://127.0.0.1:8080/  stats page http://127.0.0.1:1936/
ha2       running    ha:1   1 min  -

NODE  CONTAINER           IMAGE     AGE    AT ha                         AT ha2
s1    running             my-app:1  1 min  up, 3 in flight               -
s2    exited (137)        my-app:1  1 min  down, suspect                 -
s3    running, draining   my-app:1  1 min  out of rotation, 1 in flight  -
far   not of this engine  -         -      up                            -

Refused members
  bad%20name (at ha): its name is not allowed

Problems
  ha: my.cfg.hbs:2:3: unknown variable
  s3: the app is not ready: 500
`,
    );
  });
});

describe('with several services', () => {
  const place = { ...published, tcp: { 6000: 6001 } };
  const roleStatus = {
    servers: [
      { ...server, node: 's1' },
      { ...server, node: 'db1', service: 'db' },
    ],
    services: [
      { service: 'db', routes: ['tcp:5432', 'tcp:6000'] },
      { service: 'web', routes: ['/', 'a.example/x'] },
    ],
    refused: [],
    refusedClaims: [{ service: 'shop', route: '/', reason: 'is held by web', heldBy: 'web' }],
    stories: {},
  };
  const overview = overviewOf('blue', {
    containers: [
      container('ha', {
        role: 'balancer',
        service: undefined,
        spec: { image: 'ha:1', env: {}, published: place },
      }),
      container('db1', { service: 'db' }),
      container('s1'),
      container('shop1', { service: 'shop' }),
    ],
    exitCodes: new Map(),
    statuses: new Map([['ha', status('ha', { role: 'balancer', roleStatus })]]),
  });

  it('has what each gets, and does not', () => {
    expect(overview.nodes.map(({ service }) => service)).toEqual([null, 'db', 'web', 'shop']);
    expect(overview.services).toEqual([
      { service: 'db', routes: { ha: ['tcp:5432', 'tcp:6000'] } },
      { service: 'shop', routes: { ha: [] } },
      { service: 'web', routes: { ha: ['/', 'a.example/x'] } },
    ]);
    expect(overview.refusedRoutes).toEqual([
      { by: 'ha', service: 'shop', route: '/', reason: 'is held by web', heldBy: 'web' },
    ]);
    expect(overview.unpublished).toEqual([{ balancer: 'ha', service: 'db', port: 5432 }]);
  });

  it('reads like this', () => {
    expect(overviewText(overview, new Date(90_000), (_colour, text) => text)).toBe(
      `BALANCER  CONTAINER  IMAGE  AGE    WHERE
ha        running    ha:1   1 min  http://127.0.0.1:8080/  stats page http://127.0.0.1:1936/  tcp:6000 at 127.0.0.1:6001

SERVICE db  tcp:5432, tcp:6000
NODE  CONTAINER  IMAGE     AGE    AT ha
db1   running    my-app:1  1 min  up

SERVICE shop  no route
NODE   CONTAINER  IMAGE     AGE    AT ha
shop1  running    my-app:1  1 min  -

SERVICE web  /, a.example/x
NODE  CONTAINER  IMAGE     AGE    AT ha
s1    running    my-app:1  1 min  up

Refused routes
  / for shop (at ha): it is held by web

Ports that are not published
  5432 for db (at ha): nobody outside the cluster's network reaches it; \`rollcall up --publish 5432 --cluster blue\` makes the balancers anew, with it
`,
    );
  });
});

it('what a service gets is told for each balancer where they do not agree', () => {
  expect(routesText({ ha: ['/a', '/b'], ha2: ['/a', '/b'] })).toBe('/a, /b');
  expect(routesText({ ha: ['/a'], ha2: [], ha3: null })).toBe(
    'at ha: /a; at ha2: no route; at ha3: not known',
  );
  expect(routesText({})).toBe('no balancer runs');
});

it('a status of another Rollcall is like none', () => {
  const statuses = new Map([['ha', status('ha', { roleStatus: { servers: 'none' } })]]);
  const containers = [container('ha', { role: 'balancer', service: undefined }), container('s1')];
  const { nodes } = overviewOf('rollcall', { containers, exitCodes: new Map(), statuses });
  expect(nodes[1]?.seenBy).toEqual({ ha: null });
});
