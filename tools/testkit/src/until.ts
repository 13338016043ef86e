import { inspect } from 'node:util';
import { TestkitError } from './errors.ts';

export interface UntilOptions<T> {
  /** The most to wait, in ms: a limit for what never comes, not a measure. Default 100,000. */
  readonly limitMs?: number;
  /** Pause between two looks, in ms. Default 50. */
  readonly everyMs?: number;
  /** When a value is the awaited one. Default: when it is neither undefined, null nor false. */
  readonly accept?: (value: T) => boolean;
}

type Look<T> = { readonly value: T } | { readonly error: unknown } | 'none' | 'hangs';

/**
 * Polls a condition and returns its value as soon as it holds.
 *
 * A probe that throws has not been fulfilled yet, so assertions may stand in it.
 *
 * @param what the condition, as it is to read in "waited 60 s for WHAT"
 * @throws TestkitError `NOT_FULFILLED`, telling what was waited for and what was seen last
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  options: UntilOptions<T> = {},
): Promise<NonNullable<T>> {
  const { limitMs = 100_000, everyMs = 50, accept = isThere } = options;
  const deadline = performance.now() + limitMs;
  let seen: Look<T> = 'none';
  for (;;) {
    const look = await lookOnce(probe, deadline - performance.now());
    // A hanging probe says less than the last one that answered.
    if (look !== 'hangs' || seen === 'none') seen = look;
    if (isValue(look) && accept(look.value)) return look.value as NonNullable<T>;
    if (performance.now() + everyMs >= deadline) throw notFulfilled(what, limitMs, seen);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

const isThere = (value: unknown) => value !== undefined && value !== null && value !== false;
const isValue = <T>(look: Look<T>): look is { value: T } => typeof look === 'object' && 'value' in look;

async function lookOnce<T>(probe: () => T | Promise<T>, limitMs: number): Promise<Look<T>> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<'hangs'>((resolve) => {
    timer = setTimeout(resolve, limitMs, 'hangs');
  });
  const look = (async (): Promise<Look<T>> => {
    try {
      return { value: await probe() };
    } catch (error) {
      return { error };
    }
  })();
  try {
    return await Promise.race([look, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function notFulfilled(what: string, limitMs: number, seen: Look<unknown>): TestkitError {
  const waited = `Waited ${limitMs / 1000} s for: ${what}.`;
  if (typeof seen === 'string')
    return new TestkitError('NOT_FULFILLED', `${waited} The probe never answered.`);
  if ('value' in seen) {
    const value = typeof seen.value === 'string' ? seen.value : inspect(seen.value, { depth: 6 });
    return new TestkitError('NOT_FULFILLED', `${waited} Last seen: ${value}`);
  }
  const message = seen.error instanceof Error ? seen.error.message : String(seen.error);
  return new TestkitError('NOT_FULFILLED', `${waited} Last seen: ${message}`, { cause: seen.error });
}
