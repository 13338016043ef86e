import { expect, it } from 'vitest';
import { parseProcesses, processTree } from './process-tree.ts';

it('draws processes below those that started them', () => {
  const listed = '1\t0\ts6-svscan\n7\t1\ts6-supervise serf\n12\t7\tserf agent\n9\t1\ts6-supervise app\n';
  expect(processTree(parseProcesses(listed))).toBe(
    [
      '  PID COMMAND',
      '    1 s6-svscan',
      '    7 \\_ s6-supervise serf',
      '   12   \\_ serf agent',
      '    9 \\_ s6-supervise app',
      '',
    ].join('\n'),
  );
});
