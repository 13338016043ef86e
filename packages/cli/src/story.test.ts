import { expect, it } from 'vitest';
import type { ContainerLife } from './engine.ts';
import type { ReadStatus } from './node-status.ts';
import { storyOf } from './story.ts';

function at(second: number): Date {
  return new Date(Date.UTC(2026, 0, 1, 3, 0, second));
}

function balancer(node: string, ...entries: { at: string; what: string; cause: string }[]): ReadStatus {
  const nothing = { servers: [], services: [], refused: [], refusedClaims: [] };
  const roleStatus = { ...nothing, stories: { s1: entries } };
  return { node, boot: 'b', role: 'balancer', phase: 'running', members: [], roleStatus };
}

const life: ContainerLife = {
  ...{ state: 'exited', exitCode: 137, outOfMemory: false, restarts: 0 },
  ...{ createdAt: at(0), startedAt: at(1), endedAt: at(9) },
};

function told(balancers: readonly ReadStatus[], lived?: ContainerLife): string[] {
  const statuses = new Map(balancers.map((each) => [each.node, each]));
  const made = lived && { image: 'my-app:1', life: lived };
  return storyOf('s1', statuses, made).map(({ by, what, cause }) => [by, what, cause].join(' | '));
}

it('a story is in the order of time, whoever saw what', () => {
  const ready = { what: 'ready', cause: 'says that it is ready' };
  const ha = balancer('ha', { at: at(3).toISOString(), ...ready });
  const ha2 = balancer(
    'ha2',
    { at: at(2).toISOString(), ...ready },
    { at: at(10).toISOString(), what: 'suspected', cause: 'does not answer' },
  );
  expect(told([ha, ha2], life)).toEqual([
    'engine | created | from my-app:1',
    'engine | started | ',
    'ha2 | ready | says that it is ready',
    'ha | ready | says that it is ready',
    'engine | ended | exit code 137',
    'ha2 | suspected | does not answer',
  ]);
});

it.each<[string, Partial<ContainerLife>, string[]]>([
  ['ran out of memory', { outOfMemory: true }, ['started | ', 'ended | out of memory']],
  ['runs again', { state: 'running', startedAt: at(12) }, ['ended | the run before', 'started | ']],
  [
    'was started again by the engine',
    { state: 'running', startedAt: at(12), restarts: 2 },
    ['ended | the run before', 'started | by the engine itself, for the 2. time'],
  ],
  ['was never started', { state: 'created', startedAt: undefined, endedAt: undefined }, []],
])('the engine tells when it %s', (_what, more, lines) => {
  const expected = ['created | from my-app:1', ...lines].map((line) => `engine | ${line}`);
  expect(told([], { ...life, ...more })).toEqual(expected);
});

it('nobody knows anything of a stranger', () => {
  expect(told([balancer('ha')])).toEqual([]);
});
