import { parsed } from '@rollcall/handler';
import { expect, it } from 'vitest';
import { type BackendType, backendRole } from './backend-role.ts';

const type: BackendType = { name: 'pages', port: 8080, check: 'tcp', services: [] };
const variable = (name: `ROLLCALL_${string}`) =>
  parsed<string>({ name, about: '', fallback: '', allowed: '', parse: (text) => text });

it('a type of backend has its own defaults, and variables beside those of all', () => {
  const { name, variables } = backendRole({ ...type, variables: { folder: variable('ROLLCALL_FOLDER') } });
  expect(name).toBe('pages');
  expect(variables['port']?.fallback).toBe(8080);
  expect(variables['check']?.fallback).toEqual({ by: 'tcp' });
  expect(Object.keys(variables)).toContain('folder');
});

it.each<[string, Partial<BackendType>]>([
  ['a check that is none', { check: 'health' }],
  ['a key that every backend has', { variables: { weight: variable('ROLLCALL_HEAVINESS') } }],
  ['a variable that every backend has', { variables: { own: variable('ROLLCALL_PORT') } }],
  ["a variable of the host's", { variables: { own: variable('ROLLCALL_NODE') } }],
])('a type with %s is refused', (_what, wrong) => {
  expect(() => backendRole({ ...type, ...wrong })).toThrow(expect.objectContaining({ code: 'BAD_ROLE' }));
});
