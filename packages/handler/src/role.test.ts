import { describe, expect, it } from 'vitest';
import { defineHandler, type Role } from './role.ts';
import { parsed } from './variable.ts';

const role: Role = { name: 'greeter', variables: {}, services: [], start: () => ({}) };
const variable = (name: `ROLLCALL_${string}`) =>
  parsed<string>({ name, about: '', fallback: '', allowed: '', parse: (text) => text });

describe('a role', () => {
  it.each(['a', 'greeter-2', 'r'.repeat(32)])('may be called %s', (name) => {
    expect(defineHandler({ ...role, name }).name).toBe(name);
  });

  it.each<[string, Partial<Role>]>([
    ['no name', { name: '' }],
    ['a name that is no word', { name: 'Greeter' }],
    ['a name of more than 32 letters', { name: 'r'.repeat(33) }],
    ['the name of all backends and nothing to tell as one', { name: 'backend' }],
    ["a key of the host's own settings", { variables: { drainSeconds: variable('ROLLCALL_DRAIN') } }],
    ["a variable of the host's own settings", { variables: { own: variable('ROLLCALL_DRAIN_SECONDS') } }],
    ["the file of one of the host's secrets", { variables: { own: variable('ROLLCALL_GOSSIP_KEY_FILE') } }],
  ])('with %s is refused', (_what, wrong) => {
    expect(() => defineHandler({ ...role, ...wrong })).toThrow(expect.objectContaining({ code: 'BAD_ROLE' }));
  });
});
