import { expect, it } from 'vitest';
import type { Result } from '../result.ts';
import { page } from './page.ts';

const result: Result = {
  part: 'change',
  at: '2026-01-02T03:04:05.000Z',
  command: 'npm run bench -- change',
  machine: { cores: 2, memoryGiB: 24, kernel: '6.1', node: '20.19.0', engine: '20.10' },
  tables: [{ title: 'One change', columns: ['servers', 'ms'], rows: [[10, 1.5]], note: 'By hand | eye.' }],
  plots: [
    {
      name: 'change',
      title: 'By number of servers',
      x: { label: 'servers', scale: 'log' },
      y: { label: 'ms', scale: 'log' },
      lines: [],
    },
  ],
  goals: [{ what: '1,000 servers', goal: '5 ms', measured: '7 ms', isMet: false, reason: 'a | b' }],
};

it('shows every table with the command, the day and the machine, and says a missed goal plainly', () => {
  const text = page([result], new Map([['change', 'What one change costs.']]));
  expect(text).toContain('| 1,000 servers | 5 ms | 7 ms | **missed** | a \\| b |');
  expect(text).toContain(
    '`npm run bench -- change`, 2026-01-02, on 2 cores, 24 GiB, Linux 6.1, Docker 20.10, Node 20.19.0.',
  );
  expect(text).toContain('### One change\n\n| servers | ms |\n| --- | --: |\n| 10 | 1.5 |\n\nBy hand | eye.');
  expect(text).toContain('![By number of servers](benchmarks/change.svg)');
});
