import type { Table } from '../result.ts';
import { type Stack, sumBy } from './cpu-profile.ts';
import { functionOf, whereOf } from './where.ts';

const FUNCTIONS = 8;

export interface Profiled {
  /** What the time is spent on, as a title. */
  readonly title: string;
  readonly kinds: readonly Kind[];
  readonly note: string;
}

export interface Kind {
  /** Empty where there is only one. */
  readonly name: string;
  /** How often it was done in these stacks. */
  readonly times: number;
  readonly stacks: readonly Stack[];
}

/** Where the time of one goes, and the functions that take most of it themselves; shares are of all kinds together. */
export function profileTables({ title, kinds, note }: Profiled): Table[] {
  const columns = [...kinds.map(({ name }) => (name === '' ? 'ms' : `${name}, ms`)), 'share'];
  const stacks = kinds.flatMap((kind) => kind.stacks);
  const row = (name: string, isIt: (stack: Stack) => boolean) => [
    name,
    ...kinds.map((kind) => tenthsOfMs(usOf(kind.stacks.filter(isIt)) / kind.times)),
    `${((100 * usOf(stacks.filter(isIt))) / usOf(stacks)).toFixed(1)} %`,
  ];
  return [
    {
      title,
      columns: ['where', ...columns],
      rows: [
        ...sumBy(stacks, whereOf).map(({ name }) => row(name, ({ frames }) => whereOf(frames) === name)),
        row('all', () => true),
      ],
      note,
    },
    {
      title: `${title}: functions`,
      columns: ['function', ...columns],
      rows: sumBy(stacks, functionOf)
        .slice(0, FUNCTIONS)
        .map(({ name }) => row(name, ({ frames }) => functionOf(frames) === name)),
      note: 'Those that take most time themselves, without what they call; what V8 has put into its caller counts there.',
    },
  ];
}

function usOf(stacks: readonly Stack[]): number {
  return stacks.reduce((sum, { us }) => sum + us, 0);
}

/** In ms: a profile tells nothing that is less. */
function tenthsOfMs(us: number): number {
  return Math.round(us / 100) / 10;
}
