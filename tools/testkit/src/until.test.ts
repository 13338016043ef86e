import { expect, it } from 'vitest';
import { until } from './until.ts';

const quick = { limitMs: 60, everyMs: 1 };

it('returns the first value that is there', async () => {
  const values = [undefined, null, false, 'there', 'later'];
  expect(await until('a value', () => values.shift(), { everyMs: 1 })).toBe('there');
});

it('takes zero and the empty text for values', async () => {
  expect(await until('a number', () => 0)).toBe(0);
  expect(await until('a text', async () => '')).toBe('');
});

it('looks again after a probe that threw', async () => {
  let looks = 0;
  const probe = () => {
    looks += 1;
    if (looks < 3) throw new Error('too early');
    return looks;
  };
  expect(await until('the third look', probe, { everyMs: 1 })).toBe(3);
});

it('lets the caller say what is awaited', async () => {
  let count = 0;
  expect(await until('five', () => ++count, { accept: (value) => value === 5, everyMs: 1 })).toBe(5);
});

it('says what it waited for and which value it saw last', async () => {
  const never = until('two nodes', () => ['s1'], { ...quick, accept: (nodes) => nodes.length === 2 });
  await expect(never).rejects.toMatchObject({
    code: 'NOT_FULFILLED',
    message: "Waited 0.06 s for: two nodes. Last seen: [ 's1' ]",
  });
});

it('says which error it saw last, and keeps it as the cause', async () => {
  const error = new Error('connection refused');
  await expect(until('an answer', () => Promise.reject(error), quick)).rejects.toMatchObject({
    message: 'Waited 0.06 s for: an answer. Last seen: connection refused',
    cause: error,
  });
});

it('gives up on a probe that never answers', async () => {
  await expect(until('an answer', () => new Promise(() => {}), quick)).rejects.toMatchObject({
    message: 'Waited 0.06 s for: an answer. The probe never answered.',
  });
});
