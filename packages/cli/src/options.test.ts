import { describe, expect, it } from 'vitest';
import { flag, pairs, required, wholeNumber, word } from './options.ts';

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
