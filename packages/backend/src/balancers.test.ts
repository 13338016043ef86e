import type { Member } from '@rollcall/membership';
import { expect, it } from 'vitest';
import { followBalancers } from './balancers.ts';

const member = (name: string, role: string, status: Member['status'] = 'alive'): Member => ({
  name,
  address: '10.0.0.1',
  status,
  tags: { role, boot: 'b1' },
});
const self = member('s1', 'backend');

it.each<[string, string[] | undefined, Member[], string[] | undefined]>([
  [
    'knows the balancers that are alive',
    [],
    [self, member('ha', 'balancer'), member('ha2', 'balancer')],
    ['ha', 'ha2'],
  ],
  ['forgets one that failed', ['ha'], [self, member('ha', 'balancer', 'failed')], []],
  ['forgets one that is leaving', ['ha'], [self, member('ha', 'balancer', 'leaving')], []],
  ['forgets one that the others do not know', ['ha'], [self, member('s2', 'backend')], []],
  ['forgets a name that is something else now', ['ha'], [self, member('ha', 'backend')], []],
  ['forgets nobody while its own agent is alone', ['ha'], [self], ['ha']],
  ['forgets nobody while its own agent is away', ['ha'], [], ['ha']],
  ['knows none in a room where there is none', undefined, [self, member('s2', 'backend')], []],
  ['does not know while its own agent is alone', undefined, [self], undefined],
])('a backend %s', (_, known, members, expected) => {
  expect(followBalancers(known, { members }, 's1')).toEqual(expected);
});

it('a backend does not take a refused member for a balancer', () => {
  const refused: Member = { name: 'ha', address: '10.0.0.2', status: 'alive', refused: 'no role' };
  expect(followBalancers([], { members: [self, refused] }, 's1')).toEqual([]);
});
