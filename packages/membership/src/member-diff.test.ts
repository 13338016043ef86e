import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Member, MemberStatus, View } from './member.ts';
import { type Change, diffViews } from './member-diff.ts';

const alive = (more: object = {}): Member =>
  ({
    name: 's1',
    address: '10.0.0.1',
    status: 'alive',
    tags: { role: 'member', boot: 'one' },
    ...more,
  }) as Member;
const view = (...members: (Member | undefined)[]): View => ({
  members: members.filter((member) => member !== undefined),
});

const left = alive({ status: 'left' });
const failed = alive({ status: 'failed' });
const leaving = alive({ status: 'leaving' });
const rebooted = alive({ tags: { role: 'member', boot: 'two' } });

test.each<[string, Member | undefined, Member | undefined, Change['kind'] | undefined]>([
  ['is new', undefined, alive(), 'joined'],
  ['is new and leaving', undefined, leaving, 'joined'],
  ['is heard of when it has left', undefined, left, 'left'],
  ['is heard of when it has failed', undefined, failed, 'failed'],
  ['is as before', alive(), alive(), undefined],
  ['announces that it leaves', alive(), leaving, 'changed'],
  ['leaves', leaving, left, 'left'],
  ['leaves at once', alive(), left, 'left'],
  ['fails', alive(), failed, 'failed'],
  ['fails while leaving', leaving, failed, 'failed'],
  ['is let go', failed, left, 'left'],
  ['returns', failed, alive(), 'returned'],
  ['returns after it left, with a new boot', left, rebooted, 'returned'],
  ['has a new boot', alive(), rebooted, 'changed'],
  ['has another address', alive(), alive({ address: '10.0.0.2' }), 'changed'],
  ['has tags that are refused now', alive(), alive({ tags: undefined, refused: 'no' }), 'changed'],
  ['has other tags, though it failed', failed, alive({ status: 'failed', tags: rebooted }), 'changed'],
  ['is forgotten', failed, undefined, 'gone'],
])('a member that %s', (_what, before, after, kind) => {
  const changes = diffViews(view(before), view(after));
  const member = after ?? before;
  expect(changes).toEqual(kind ? [{ kind, member, ...(before && { before }) }] : []);
});

test('everybody in a first view has just come', () => {
  expect(diffViews(undefined, view(alive(), alive({ name: 's2' }))).map(({ kind }) => kind)).toEqual([
    'joined',
    'joined',
  ]);
});

const statuses: MemberStatus[] = ['alive', 'leaving', 'left', 'failed'];
const members = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  address: fc.constantFrom('10.0.0.1', '10.0.0.2'),
  status: fc.constantFrom(...statuses),
  tags: fc.record({ role: fc.constant('member'), boot: fc.constantFrom('one', 'two') }),
});
const views = fc
  .uniqueArray(members, { selector: ({ name }) => name })
  .map((list): View => ({ members: list.sort((a, b) => (a.name < b.name ? -1 : 1)) }));

test('the changes, sorted by name, make the one view of the other', () => {
  fc.assert(
    fc.property(views, views, (before, after) => {
      const changes = diffViews(before, after);
      const names = changes.map(({ member }) => member.name);
      expect(names).toEqual([...names].sort());
      const now = new Map(before.members.map((member) => [member.name, member]));
      for (const { kind, member } of changes) {
        if (kind === 'gone') now.delete(member.name);
        else now.set(member.name, member);
      }
      expect(new Set(now.values())).toEqual(new Set(after.members));
    }),
  );
});

test('a new boot never goes unnoticed', () => {
  fc.assert(
    fc.property(members, fc.constantFrom(...statuses), (member, status) => {
      const next = { ...member, status, tags: { ...member.tags, boot: 'next' } };
      expect(diffViews(view(member), view(next))).toHaveLength(1);
    }),
  );
});
