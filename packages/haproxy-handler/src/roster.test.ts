import type { Member } from '@rollcall/membership';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backend, balancerMember, registered, viewOf } from './examples.ts';
import { nextRoster, type Roster, type RosterQuestion } from './roster.ts';
import { keyOf, type Registered } from './server.ts';

const GRACE_MS = 30_000;
const NOW = 1_000_000;

/** With HAProxy's checks finding everybody up, unless said otherwise. */
function roster(question: Partial<RosterQuestion>): Roster {
  const previous = question.previous ?? [];
  return nextRoster({
    previous,
    view: undefined,
    isFresh: true,
    up: new Map(previous.map((server) => [keyOf(server), true])),
    drains: new Map(),
    now: NOW,
    failedGraceMs: GRACE_MS,
    own: { name: 'ha', ports: [80, 1936] },
    ...question,
  });
}

const modes = ({ servers }: Roster) => servers.map(({ name, mode }) => `${name} ${mode}`);
const names = ({ servers }: Roster) => servers.map(({ name }) => name);
const down = (...servers: string[]) => new Map(servers.map((name) => [`web/${name}`, false]));
const suspect = (name: string, since: number, more: Partial<Registered> = {}) =>
  registered(name, { suspectSince: since, ...more });

describe('who comes', () => {
  it('a node that is ready, with what its tags say', () => {
    const view = viewOf(backend('s1', { port: 8080, weight: 7, boot: 'b9' }));
    expect(roster({ view }).servers).toEqual([
      {
        name: 's1',
        backend: 'web',
        service: 'web',
        claims: [{ route: '/', since: 0 }],
        address: '10.0.0.1',
        port: 8080,
        weight: 7,
        mode: 'ready',
        boot: 'b9',
        since: NOW,
        cause: 'says that it is ready',
      },
    ]);
  });

  it.each([
    ['is starting', backend('s1', { state: 'starting' })],
    ['is draining', backend('s1', { state: 'draining' })],
    ['is leaving', backend('s1', { status: 'leaving' })],
    ['has left', backend('s1', { status: 'left' })],
    ['has failed', backend('s1', { status: 'failed' })],
    ['is no backend', { ...balancerMember, name: 's1' }],
    ['is refused', { name: 's1', address: '10.0.0.1', status: 'alive', refused: 'x' } as const],
  ])('no node that %s', (_, member) => {
    expect(names(roster({ view: viewOf(member) }))).toEqual([]);
  });
});

describe('who goes out of rotation, and who goes', () => {
  const previous = [registered('s1'), registered('s2')];
  it.each([
    ['draining', backend('s1', { state: 'draining' }), ['s1 maint', 's2 ready']],
    ['not ready any more', backend('s1', { state: 'starting' }), ['s1 maint', 's2 ready']],
    ['leaving', backend('s1', { status: 'leaving' }), ['s1 maint', 's2 ready']],
    ['gone', backend('s1', { status: 'left' }), ['s2 ready']],
    ['serving something else', backend('s1', { service: 'db' }), ['s1 ready', 's2 ready']],
    ['of another role', { ...balancerMember, name: 's1' }, ['s2 ready']],
    ['started anew and not ready', backend('s1', { boot: 'b2', state: 'starting' }), ['s2 ready']],
  ])('%s', (_, member, expected) => {
    expect(modes(roster({ previous, view: viewOf(member, backend('s2')) }))).toEqual(expected);
  });

  it('says why', () => {
    const view = viewOf(backend('s1', { status: 'left' }), backend('s2', { state: 'draining' }));
    const { servers, gone } = roster({ previous, view });
    expect(gone).toEqual([{ name: 's1', cause: 'has left' }]);
    expect(servers[0]?.cause).toBe('says that it is draining');
  });

  describe('those that fail their own check stay when nobody else is left', () => {
    const unready = viewOf(backend('s1', { state: 'starting' }), backend('s2', { state: 'draining' }));
    it('in rotation, unlike those that drain', () => {
      expect(modes(roster({ previous, view: unready }))).toEqual(['s1 ready', 's2 maint']);
    });
    it('but not when they asked to be drained', () => {
      const drains = new Map([['s1', { boot: 'b1', at: NOW }]]);
      expect(modes(roster({ previous, view: unready, drains }))).toEqual(['s1 maint', 's2 maint']);
    });
    it('and a node that was never ready does not come', () => {
      expect(modes(roster({ view: viewOf(backend('s1', { state: 'starting' })) }))).toEqual([]);
    });
  });

  it('a node that is ready again is back', () => {
    const before = [registered('s1', { mode: 'maint' })];
    expect(modes(roster({ previous: before, view: viewOf(backend('s1')) }))).toEqual(['s1 ready']);
  });

  it('another start of a node takes the place of the one before', () => {
    const view = viewOf(backend('s1', { boot: 'b2', address: '10.0.0.9' }), backend('s2'));
    expect(roster({ previous, view }).servers[0]).toMatchObject({
      boot: 'b2',
      address: '10.0.0.9',
      since: NOW,
    });
  });

  it('a node keeps since when it is registered', () => {
    expect(roster({ previous, view: viewOf(backend('s1'), backend('s2')) }).servers[0]?.since).toBe(0);
  });
});

describe('a drain that was asked for by query', () => {
  const drains = new Map([['s1', { boot: 'b1', at: NOW }]]);
  it('is not undone by a view that still says ready', () => {
    const previous = [registered('s1'), registered('s2')];
    const view = viewOf(backend('s1'), backend('s2'));
    expect(modes(roster({ previous, view, drains }))).toEqual(['s1 maint', 's2 ready']);
  });
  it('holds without any view', () => {
    expect(modes(roster({ previous: [registered('s1')], drains }))).toEqual(['s1 maint']);
  });
  it('is for one start of the node', () => {
    expect(modes(roster({ view: viewOf(backend('s1', { boot: 'b2' })), drains }))).toEqual(['s1 ready']);
  });
});

describe('nobody is taken for gone because the room is silent', () => {
  const previous = [registered('s1'), registered('s2')];
  it.each([
    ['no view', undefined],
    ['an empty view', { members: [] }],
    ['a view of the balancer alone', viewOf()],
  ])('%s', (_, view) => {
    expect(modes(roster({ previous, view }))).toEqual(['s1 ready', 's2 ready']);
  });
  it('nor because its tags cannot be read any more', () => {
    const view = viewOf({ name: 's1', address: '10.0.0.1', status: 'alive', refused: 'port' }, backend('s2'));
    expect(modes(roster({ previous, view }))).toEqual(['s1 ready', 's2 ready']);
  });
});

describe('a failed node', () => {
  const previous = [registered('s1'), registered('s2'), registered('s3')];
  const view = viewOf(backend('s1', { status: 'failed' }), backend('s2'), backend('s3'));

  it("stays as long as HAProxy's check reaches it, within the grace", () => {
    expect(roster({ previous, view }).servers[0]).toMatchObject({ mode: 'ready', suspectSince: NOW });
    const later = [suspect('s1', NOW - GRACE_MS + 1), ...previous.slice(1)];
    expect(names(roster({ previous: later, view }))).toContain('s1');
  });
  it('goes when the check does not reach it either', () => {
    const { servers, gone } = roster({ previous, view, up: down('s1') });
    expect(servers.map(({ name }) => name)).toEqual(['s2', 's3']);
    expect(gone).toEqual([
      { name: 's1', cause: "does not answer the other nodes, and HAProxy's check does not reach it either" },
    ]);
  });
  it('goes when the grace is over', () => {
    const later = [suspect('s1', NOW - GRACE_MS), ...previous.slice(1)];
    expect(names(roster({ previous: later, view }))).toEqual(['s2', 's3']);
  });
  it("stays, also after the grace, while HAProxy's check reaches nobody", () => {
    const later = [suspect('s1', NOW - GRACE_MS), ...previous.slice(1)];
    const next = roster({ previous: later, view, up: down('s1', 's2', 's3') });
    expect(names(next)).toEqual(['s1', 's2', 's3']);
  });
  it('stays while HAProxy does not answer, within the grace', () => {
    expect(names(roster({ previous, view, up: undefined }))).toContain('s1');
  });
  it('is back at once', () => {
    const later = [suspect('s1', NOW - 5), ...previous.slice(1)];
    const back = roster({ previous: later, view: viewOf(backend('s1'), backend('s2'), backend('s3')) });
    expect(back.servers[0]).not.toHaveProperty('suspectSince');
  });
  it('goes when another node is at its address', () => {
    const heir = backend('s4', { address: '10.0.0.1' });
    const next = roster({ previous, view: viewOf(...view.members.slice(1), heir) });
    expect(names(next)).toEqual(['s2', 's3', 's4']);
    expect(next.refused).toEqual([]);
  });
});

describe('when more than half fail at once', () => {
  const previous = [suspect('s1', 0), suspect('s2', 0), registered('s3')];
  const view = viewOf(
    backend('s1', { status: 'failed' }),
    backend('s2', { status: 'failed' }),
    backend('s3'),
  );
  it("those that HAProxy's checks reach stay, also after the grace", () => {
    expect(names(roster({ previous, view }))).toEqual(['s1', 's2', 's3']);
  });
  it('those that they do not reach go', () => {
    expect(names(roster({ previous, view, up: down('s1') }))).toEqual(['s2', 's3']);
  });
  it('nobody goes by what they found earlier', () => {
    expect(names(roster({ previous, view, up: down('s1'), isFresh: false }))).toEqual(['s1', 's2', 's3']);
  });
  it('the last ones stay, reached or not', () => {
    const all = viewOf(...['s1', 's2', 's3'].map((name) => backend(name, { status: 'failed' })));
    const next = roster({ previous, view: all, up: down('s1', 's2', 's3') });
    expect(names(next)).toEqual(['s1', 's2', 's3']);
  });
});

describe('refused, while the others are served', () => {
  it("a claim to a place that is another's: who serves there keeps it", () => {
    const previous = [registered('s2', { address: '10.0.0.7', since: 5 })];
    const view = viewOf(backend('s1', { address: '10.0.0.7' }), backend('s2', { address: '10.0.0.7' }));
    const next = roster({ previous, view });
    expect(names(next)).toEqual(['s2']);
    expect(next.refused).toEqual([{ name: 's1', reason: '10.0.0.7:3000 is the place of s2 already' }]);
  });
  it.each([
    ['its own address', '10.0.0.100', 80],
    ['its own address', '10.0.0.100', 1936],
    ['loopback', '127.0.0.1', 80],
    ['loopback', '::1', 80],
  ])("a port of the balancer's own, by %s", (_, address, port) => {
    const next = roster({ view: viewOf(backend('s1', { address, port }), backend('s2')) });
    expect(names(next)).toEqual(['s2']);
    expect(next.refused[0]?.reason).toContain('this balancer itself');
  });
  it('tags that the room refuses, with its words', () => {
    const view = viewOf({ name: 's1', address: '10.0.0.1', status: 'alive', refused: 'tag port: no' });
    expect(roster({ view }).refused).toEqual([{ name: 's1', reason: 'tag port: no' }]);
  });
});

describe('several services', () => {
  const shop = { backend: 'shop', service: 'shop' };
  it('a node is in the backend of its service, or in one for TCP', () => {
    const view = viewOf(
      backend('s1', { service: 'shop' }),
      backend('s2', { service: 'db', claims: [{ route: 'tcp:5432', since: 7 }] }),
    );
    expect(roster({ view }).servers).toMatchObject([
      { name: 's1', ...shop, claims: [{ route: '/', since: 0 }] },
      { name: 's2', backend: 'tcp:db', service: 'db', claims: [{ route: 'tcp:5432', since: 7 }] },
    ]);
  });
  it('a node that serves another one changes its backend', () => {
    const view = viewOf(backend('s1', { service: 'shop', boot: 'b2' }));
    expect(roster({ previous: [registered('s1')], view }).servers).toMatchObject([{ name: 's1', ...shop }]);
  });
  it('each keeps its last servers, whoever else serves', () => {
    const previous = [registered('s1', shop), registered('s2'), registered('s3'), registered('s4')];
    const others = [backend('s2'), backend('s3'), backend('s4')];
    const up = new Map([['shop/s1', false]]);
    const failed = roster({
      previous,
      up,
      view: viewOf(backend('s1', { service: 'shop', status: 'failed' }), ...others),
    });
    expect(names(failed)).toContain('s1');
    const unready = roster({
      previous,
      view: viewOf(backend('s1', { service: 'shop', state: 'starting' }), ...others),
    });
    expect(modes(unready)).toContain('s1 ready');
  });

  describe('one whose servers are all dead', () => {
    const dead = (since: number) => [suspect('s1', since, shop), suspect('s2', since, shop)];
    const members = ['s1', 's2'].map((name) => backend(name, { service: 'shop', status: 'failed' }));
    const view = viewOf(...members, backend('s3'));
    const over = NOW - GRACE_MS;
    const up = new Map([
      ['shop/s1', false],
      ['shop/s2', false],
    ]);

    it('loses them when their grace is over, and another serves', () => {
      const previous = [...dead(over), registered('s3')];
      const next = roster({ previous, view, up });
      expect(names(next)).toEqual(['s3']);
      expect(next.gone.map(({ name }) => name)).toEqual(['s1', 's2']);
      expect(names(roster({ previous: [...dead(over + 1), registered('s3')], view, up }))).toContain('s1');
    });
    it('keeps those that HAProxy reaches, as more than half have failed', () => {
      const previous = [...dead(over), registered('s3')];
      expect(names(roster({ previous, view, up: new Map([['shop/s2', false]]) }))).toEqual(['s1', 's3']);
    });
    it.each<[string, Member, Map<string, boolean>]>([
      ['has failed, too', backend('s3', { status: 'failed' }), up],
      ['is not reached either', backend('s3'), new Map([...up, ['web/s3', false]])],
      ['drains', backend('s3', { state: 'draining' }), up],
    ])('keeps them while the other one %s', (_, other, checks) => {
      const previous = [...dead(over), registered('s3')];
      const next = roster({ previous, view: viewOf(...members, other), up: checks });
      expect(names(next)).toEqual(['s1', 's2', 's3']);
    });
  });
});

describe('whatever happens', () => {
  const status = fc.constantFrom('alive', 'leaving', 'left', 'failed' as const);
  const state = fc.constantFrom('starting', 'ready', 'draining' as const);
  const member = fc.record({
    name: fc.constantFrom('s1', 's2', 's3', 's4'),
    status,
    state,
    boot: fc.constantFrom('b1', 'b2'),
  });
  const view = fc
    .uniqueArray(member, { selector: ({ name }) => name })
    .map((members) => viewOf(...members.map(({ name, ...more }) => backend(name, more))));
  const up = fc
    .dictionary(fc.constantFrom('s1', 's2', 's3', 's4'), fc.boolean())
    .map((each) => new Map(Object.entries(each).map(([name, isUp]) => [`web/${name}`, isUp])));

  it('a view says the same the second time', () => {
    fc.assert(
      fc.property(view, view, up, (first, second, checks) => {
        const previous = roster({ view: first }).servers;
        const once = roster({ previous, view: second, up: checks });
        const twice = roster({ previous: once.servers, view: second, up: checks });
        expect(twice.servers).toEqual(once.servers);
        expect(twice.gone).toEqual([]);
      }),
    );
  });
  it('the backend is never emptied but by the nodes themselves', () => {
    fc.assert(
      fc.property(view, up, (next, checks) => {
        const previous = ['s1', 's2', 's3', 's4'].map((name) => registered(name));
        const { servers } = roster({ previous, view: next, up: checks });
        const said = (name: string) =>
          next.members.some((each) => each.name === name && 'tags' in each && each.status !== 'failed');
        const silent = previous.some(({ name }) => !said(name));
        const isSomebodyReady = servers.some(({ mode }) => mode === 'ready');
        expect(isSomebodyReady || !silent).toBe(true);
      }),
    );
  });
  it('a node that is alive, ready and refused by nobody is in rotation', () => {
    fc.assert(
      fc.property(view, view, up, (first, second, checks) => {
        const next = roster({ previous: roster({ view: first }).servers, view: second, up: checks });
        const ready = second.members.filter(
          (each) =>
            each.status === 'alive' && 'tags' in each && 'state' in each.tags && each.tags.state === 'ready',
        );
        expect(modes(next)).toEqual(expect.arrayContaining(ready.map(({ name }) => `${name} ready`)));
      }),
    );
  });
});
