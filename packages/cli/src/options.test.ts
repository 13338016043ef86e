import { describe, expect, it } from 'vitest';
import { flag, list, pairs, required, wholeNumber, word } from './options.ts';

const count = wholeNumber({ about: 'how many', min: 0, max: 10, fallback: 3 });

describe('an option', () => {
  it('has its value, or what holds without it', () => {
    expect(count.parse(['7'], '--count')).toBe(7);
    expect(count.parse(undefined, '--count')).toBe(3);
    expect(count.otherwise).toBe('3');
  });

  it.each(['11', '-1', '1.5', '', 'x', '1e1', '0x1'])('refuses %j and says what is allowed', (text) => {
    expect(() => count.parse([text], '--count')).toThrow(
      `--count ${JSON.stringify(text)} is not allowed; it must be a whole number from 0 to 10`,
    );
  });

  it('is not given twice', () => {
    expect(() => count.parse(['1', '2'], '--count')).toThrow('--count is given more than once');
  });

  it('may have to be there', () => {
    const name = required(word({ about: 'a name', allowed: 'a name', read: (text) => text }));
    expect(name.parse(['x'], 'NAME')).toBe('x');
    expect(() => name.parse(undefined, 'NAME')).toThrow('NAME is missing');
  });
});

it('a flag is there or not', () => {
  expect(flag({ about: 'x' }).parse(['true'], '--x')).toBe(true);
  expect(flag({ about: 'x' }).parse(undefined, '--x')).toBe(false);
});

it('pairs are taken apart at the first "=", the last of a name counts', () => {
  const env = pairs({ about: 'x' });
  expect(env.parse(['A=1', 'B=x=y', 'C=', 'A=2'], '--env')).toEqual({ A: '2', B: 'x=y', C: '' });
  expect(env.parse(undefined, '--env')).toBeUndefined();
  for (const text of ['A', '=1', '']) expect(() => env.parse([text], '--env')).toThrow('must be NAME=VALUE');
});

it('pairs may be what another option is for', () => {
  const env = pairs({ about: 'x', elsewhere: { ROLLCALL_ROUTE: '--route' } });
  expect(env.parse(['A=1'], '--env')).toEqual({ A: '1' });
  expect(() => env.parse(['A=1', 'ROLLCALL_ROUTE=/'], '--env')).toThrow(
    '--env ROLLCALL_ROUTE is not allowed; say it with --route',
  );
});

it('a list is repeated, or has commas, and each of it is as allowed', () => {
  const ports = list(wholeNumber({ about: 'x', min: 1, max: 9 }));
  expect(ports.parse(['1', '2,3'], '--port')).toEqual([1, 2, 3]);
  expect(ports.parse(undefined, '--port')).toBeUndefined();
  expect(() => ports.parse(['1,'], '--port')).toThrow('--port "" is not allowed');
});
