import { describe, expect, it } from 'vitest';
import { joinVariables } from './join-variables.ts';
import { parsed } from './variable.ts';

const variable = (name: `ROLLCALL_${string}`, secret = false) =>
  parsed<string>({ name, about: '', fallback: '', allowed: '', secret, parse: (text) => text });

describe('two sets of variables', () => {
  const ours = { port: variable('ROLLCALL_PORT'), key: variable('ROLLCALL_KEY', true) };

  it('become one', () => {
    const theirs = { folder: variable('ROLLCALL_FOLDER') };
    expect(joinVariables(ours, theirs)).toEqual({ ...ours, ...theirs });
  });

  it.each([
    [
      'the same key',
      { port: variable('ROLLCALL_OTHER') },
      'the key "port" of the role\'s variables is taken',
    ],
    ['the same variable', { other: variable('ROLLCALL_PORT') }, 'the variable ROLLCALL_PORT is there twice'],
    [
      'the file of a secret',
      { file: variable('ROLLCALL_KEY_FILE') },
      'the variable ROLLCALL_KEY_FILE is there twice',
    ],
    [
      'one variable twice',
      { a: variable('ROLLCALL_A'), b: variable('ROLLCALL_A') },
      'the variable ROLLCALL_A is there twice',
    ],
  ])('with %s are refused', (_what, theirs, message) => {
    expect(() => joinVariables(ours, theirs)).toThrow(
      expect.objectContaining({ code: 'BAD_ROLE', message: expect.stringContaining(message) }),
    );
  });
});
