import { expect, test } from 'vitest';
import { readHint } from './hint.ts';

test.each([
  ['2026/01/31 12:00:00 [INFO] serf: EventMemberJoin: s1 10.0.0.3', 's1'],
  ['2026/01/31 12:00:00 [INFO] serf: EventMemberJoin: web-1.eu_2 fd00::3', 'web-1.eu_2'],
  ['2026/01/31 12:00:00 [INFO] serf: EventMemberUpdate: s1', 's1'],
  ['2026/01/31 12:00:00 [INFO] serf: EventMemberLeave: s1 10.0.0.3', 's1'],
  ['2026/01/31 12:00:00 [INFO] serf: EventMemberLeave (forced): s1 10.0.0.3', 's1'],
  ['2026/01/31 12:00:00 [INFO] serf: EventMemberFailed: s1 10.0.0.3', 's1'],
  ['2026/01/31 12:00:00 [INFO] serf: EventMemberReap: s1', 's1'],
  ['2026/01/31 12:00:00 [INFO] serf: EventMemberReap (forced): s1 10.0.0.3', 's1'],
  ['2026/01/31 12:00:00 [DEBUG] serf: messageLeaveType: s1', 's1'],
])('%s', (line, node) => {
  expect(readHint(line)).toEqual({ node });
});

test.each([
  '2026/01/31 12:00:00 [INFO] serf: EventMemberUpdate: ',
  '2026/01/31 12:00:00 [INFO] serf: EventMemberJoin:  10.0.0.3',
  '2026/01/31 12:00:00 [INFO] serf: EventMemberUpdate of s1',
])('names nobody, and is a hint all the same: %s', (line) => {
  expect(readHint(line)).toEqual({ node: undefined });
});

test.each([
  '2026/01/31 12:00:00 [DEBUG] serf: messageJoinType: s1',
  '2026/01/31 12:00:00 [DEBUG] serf: messageQueryType: drain',
  '2026/01/31 12:00:00 [INFO] agent: Received event: member-update',
  '2026/01/31 12:00:00 [DEBUG] memberlist: Stream connection from=10.0.0.3:40112',
])('is no hint: %s', (line) => {
  expect(readHint(line)).toBeUndefined();
});
