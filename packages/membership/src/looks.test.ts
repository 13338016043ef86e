import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Attention, Looks } from './looks.ts';

let looks: Looks;
/** When each look began, ms. */
let began: number[];
let failures: unknown[];

beforeEach(() => {
  vi.useFakeTimers();
  began = [];
  failures = [];
});
afterEach(() => {
  looks.close();
  vi.useRealTimers();
});

/** Each look takes so long; it fails where that is negative. */
function open(attention: Attention, tookMs: number) {
  const start = performance.now();
  looks = new Looks({
    attention,
    look: async () => {
      began.push(performance.now() - start);
      if (tookMs < 0) throw new Error('no agent');
      await new Promise((resolve) => setTimeout(resolve, tookMs));
    },
    onFailure: (error) => failures.push(error),
  });
}

/** Hints about others, one each 10 ms. */
async function hintFor(ms: number) {
  for (let passed = 0; passed < ms; passed += 10) {
    looks.soon();
    await vi.advanceTimersByTimeAsync(10);
  }
}

describe('close', () => {
  test('it looks at a hint at once, and rests for twice as long as the look took', async () => {
    open('close', 10);
    await hintFor(100);
    expect(began).toEqual([0, 30, 60, 90]);
  });

  test('it looks by itself every 2 s', async () => {
    open('close', 100);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(began).toEqual([2_000, 4_100]);
  });
});

describe('loose', () => {
  test('it looks some time after the first hint, once for all that came meanwhile', async () => {
    open('loose', 1);
    await hintFor(250);
    expect(began).toEqual([250]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(began).toEqual([250]);
  });

  test('it spends a twentieth of its time on looks at most', async () => {
    open('loose', 100);
    await hintFor(6_000);
    expect(began).toEqual([250, 2_250, 4_250]);
  });

  test('a look that took very long delays the next no longer than if there were no hint', async () => {
    open('loose', 60_000);
    void looks.now();
    await vi.advanceTimersByTimeAsync(60_000);
    looks.soon();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(began).toEqual([0, 65_000]);
  });

  test('it looks by itself every 5 s', async () => {
    open('loose', 100);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(began).toEqual([5_000, 10_100]);
  });

  test('who wants a look now gets it now, and it serves the hint that was waiting', async () => {
    open('loose', 100);
    await hintFor(400);
    const now = looks.now();
    expect(began).toEqual([250, 400]);
    await vi.advanceTimersByTimeAsync(100);
    await now;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(began).toEqual([250, 400]);
  });

  test('a hint that comes during a look is served by another', async () => {
    open('loose', 10);
    void looks.now();
    await hintFor(10);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(began).toEqual([0, 250]);
  });
});

test('who wants a look during another waits for the next, which begins as soon as that one is over', async () => {
  open('loose', 100);
  void looks.now();
  await vi.advanceTimersByTimeAsync(50);
  const later = [looks.now(), looks.now()];
  await vi.advanceTimersByTimeAsync(150);
  await Promise.all(later);
  expect(began).toEqual([0, 100]);
});

test('a look that fails is told to whoever wants it, else to the owner; there are others after it', async () => {
  open('close', -1);
  await expect(looks.now()).rejects.toThrow('no agent');
  expect(failures).toEqual([]);
  looks.soon();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(began).toEqual([0, 0, 2_000]);
  expect(failures).toHaveLength(2);
});

test('once closed, it looks no more by itself', async () => {
  open('close', 100);
  void looks.now();
  looks.close();
  looks.soon();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(began).toEqual([0]);
});
