import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { HANDLER_ERRORS, HandlerError } from './errors.ts';
import { integer, oneOf, parsed } from './variable.ts';

const variables = {
  port: integer({ name: 'ROLLCALL_PORT', about: '', fallback: 3000, min: 1, max: 65535 }),
  level: oneOf({ name: 'ROLLCALL_LEVEL', about: '', fallback: 'low', words: ['low', 'high'] }),
  key: parsed<string | undefined>({
    name: 'ROLLCALL_KEY',
    about: '',
    fallback: undefined,
    allowed: 'three letters',
    secret: true,
    parse: (text) => (/^[a-z]{3}$/.test(text) ? text : undefined),
  }),
};

function problems(environment: Record<string, string>): string {
  try {
    readConfig(environment, variables);
  } catch (error) {
    const advice = `. ${HANDLER_ERRORS.BAD_CONFIGURATION}`;
    if (error instanceof HandlerError && error.message.endsWith(advice)) {
      return error.message.slice(0, -advice.length);
    }
    throw error;
  }
  return 'none';
}

describe("a node's configuration", () => {
  it('has its fallbacks where a variable is unset or empty', () => {
    expect(readConfig({ ROLLCALL_PORT: '' }, variables)).toEqual({
      port: 3000,
      level: 'low',
      key: undefined,
    });
  });

  it('has the parsed values', () => {
    const environment = { ROLLCALL_PORT: '80', ROLLCALL_LEVEL: 'high', ROLLCALL_KEY: 'abc', PATH: '/bin' };
    expect(readConfig(environment, variables)).toEqual({ port: 80, level: 'high', key: 'abc' });
  });

  it.each(['0', '65536', '-1', '1.5', '1e3', ' 80', 'eighty', '0x50'])('refuses the port %j', (text) => {
    expect(problems({ ROLLCALL_PORT: text })).toBe(
      `ROLLCALL_PORT: ${JSON.stringify(text)} is not allowed; it must be a whole number from 1 to 65535`,
    );
  });

  it('names every problem at once', () => {
    expect(problems({ ROLLCALL_PORT: 'x', ROLLCALL_LEVEL: 'medium' }).split('.\n')).toEqual([
      'ROLLCALL_PORT: "x" is not allowed; it must be a whole number from 1 to 65535',
      'ROLLCALL_LEVEL: "medium" is not allowed; it must be one of low, high',
    ]);
  });

  it('names the nearest variable for one that is unknown', () => {
    expect(problems({ ROLLCALL_PROT: '80' })).toBe(
      'ROLLCALL_PROT is not a variable of this image; did you mean ROLLCALL_PORT?',
    );
  });

  it('names all variables for one that is like none', () => {
    expect(problems({ ROLLCALL_SOMETHING: '80' })).toContain(
      'it knows ROLLCALL_KEY, ROLLCALL_KEY_FILE, ROLLCALL_LEVEL, ROLLCALL_PORT',
    );
  });
});

describe('a secret', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'rollcall-config-')), 'key');
  writeFileSync(file, 'abc\n');

  it('may be given in a file', () => {
    expect(readConfig({ ROLLCALL_KEY_FILE: file }, variables).key).toBe('abc');
  });

  it('is refused when given twice', () => {
    expect(problems({ ROLLCALL_KEY: 'abc', ROLLCALL_KEY_FILE: file })).toContain('both set');
  });

  it('is refused when its file cannot be read', () => {
    expect(problems({ ROLLCALL_KEY_FILE: '/nowhere/key' })).toContain(
      'ROLLCALL_KEY_FILE=/nowhere/key cannot be read',
    );
  });

  it('is not shown when it is bad', () => {
    expect(problems({ ROLLCALL_KEY: 'hunter2' })).not.toContain('hunter2');
  });

  it('is the only kind that has a file', () => {
    expect(problems({ ROLLCALL_PORT_FILE: file })).toContain('ROLLCALL_PORT_FILE is not a variable');
  });
});
