import { Load, type LoadOptions, type RequestRecord } from '@rollcall/churn';
import { type Balancer, until } from '@rollcall/testkit';
import { expect } from 'vitest';

/** Requests per second: enough that something is in flight at any moment, and no strain for two cores. */
const RATE = 30;
/** Requests before and after what a test does, so that it happens in the midst of them. */
const AROUND = 30;

type Options = Partial<Omit<LoadOptions, 'urls'>>;

/** Keeps every kind of request coming while something happens. @returns all of them, accounted for */
export async function loadWhile(
  balancers: readonly [Balancer, ...Balancer[]],
  happen: () => Promise<unknown>,
  options: Options = {},
): Promise<RequestRecord[]> {
  const [first, ...rest] = balancers;
  const urls = [first.url, ...rest.map(({ url }) => url)] as const;
  const load = await Load.start({ urls, rate: RATE, seed: 1, ...options });
  try {
    await moreRequests(load);
    await happen();
    await moreRequests(load);
  } finally {
    await load.stop();
  }
  return [...load.ledger];
}

async function moreRequests(load: Load): Promise<void> {
  const enough = load.ledger.size + AROUND;
  await until(`${enough} requests to end`, () => load.ledger.size >= enough);
}

/** Every request was answered right, and none had to be sent twice. */
export function expectLossless(records: readonly RequestRecord[]): void {
  expect(records.filter(({ outcome, repeated }) => outcome === 'lost' || repeated)).toEqual([]);
}
