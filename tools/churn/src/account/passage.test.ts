import { expect, it } from 'vitest';
import { type LogLine, passageOf, type Traces } from './passage.ts';

const at = (ms: number, rest: LogLine): LogLine => ({ ...rest, time: new Date(ms).toISOString() });
const seen = (ms: number, event: string) => at(ms, { msg: 'membership', event, member: 's3' });
const told = (ms: number, event: string) => at(ms, { msg: `s3 ${event}`, event, member: 's3' });

const log = [
  at(1_400, { msg: 'started' }),
  at(1_520, { msg: 'connected to the Serf agent' }),
  at(1_540, { msg: 'in the room with others' }),
  at(9_000, { msg: 'connected to the Serf agent' }),
];
const soon = [seen(1_545, 'joined'), told(1_546, 'joined'), told(1_550, 'ready'), told(1_560, 'applied')];
const later = [seen(1_545, 'joined'), seen(1_600, 'changed'), told(1_610, 'ready'), told(1_620, 'applied')];
const traces: Traces = {
  join: { what: 'join', node: 's3', from: 1_000, struckBy: 2_000, until: 2_000, readyAt: 1_500 },
  startedAt: 1_100,
  log,
  balancerLogs: [later, soon],
};

it('follows a node to the balancer that has it first, and to the last', () => {
  expect(passageOf(traces)).toEqual({
    node: 's3',
    run: 1_000,
    started: 1_100,
    hosted: 1_400,
    ready: 1_500,
    connected: 1_520,
    met: 1_540,
    seen: 1_545,
    planned: 1_550,
    applied: 1_560,
    appliedByAll: 1_620,
  });
});

it('takes the look that showed it ready, not one before', () => {
  expect(passageOf({ ...traces, balancerLogs: [later] })).toMatchObject({ seen: 1_600, applied: 1_620 });
});

it('gives no time to what was done before the stage that it is counted for', () => {
  const join = { ...traces.join, readyAt: 1_542 };
  expect(passageOf({ ...traces, join })).toMatchObject({ ready: 1_542, connected: 1_542, met: 1_542 });
});

it('does not guess where a line is missing', () => {
  expect(passageOf({ ...traces, log: [] })).toBeUndefined();
  expect(passageOf({ ...traces, balancerLogs: [soon, []] })).toBeUndefined();
  const another = soon.map((line) => ({ ...line, member: 's4' }));
  expect(passageOf({ ...traces, balancerLogs: [another] })).toBeUndefined();
});
