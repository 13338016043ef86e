import { expect, test } from 'vitest';
import { viewOf } from './view.ts';
import type { MemberRecord } from './wire.ts';

const record = (Name: string, more: Partial<MemberRecord> = {}): MemberRecord => ({
  Name,
  Addr: Uint8Array.of(10, 0, 0, 1),
  Port: 7946,
  Tags: { v: '1', role: 'member', boot: 'one' },
  Status: 'alive',
  ...more,
});

test('members come sorted by name, whatever the order of the agent', () => {
  const { members } = viewOf([record('s2'), record('S3'), record('s10'), record('s1')]);
  expect(members.map(({ name }) => name)).toEqual(['S3', 's1', 's10', 's2']);
  expect(members[1]).toEqual({
    name: 's1',
    address: '10.0.0.1',
    status: 'alive',
    tags: { role: 'member', boot: 'one' },
  });
});

test('one that is not to be trusted is refused, by itself', () => {
  const { members } = viewOf([
    record('good'),
    record('bad name'),
    record('nowhere', { Addr: new Uint8Array() }),
    record('odd', { Tags: { role: '}}{{' } }),
  ]);
  expect(members.map((member) => [member.name, 'refused' in member])).toEqual([
    ['%62ad%20name', true],
    ['good', false],
    ['nowhere', true],
    ['odd', true],
  ]);
});

test('a name that was only heard of is no member', () => {
  expect(viewOf([record('rumour', { Status: 'none' })]).members).toEqual([]);
});
