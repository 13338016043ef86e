import { randomBytes } from 'node:crypto';
import { Load } from '@rollcall/churn';
import { until } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Composition } from './composition.ts';

const key = randomBytes(32).toString('base64');
let composition: Composition;
beforeAll(async () => {
  composition = await Composition.open('compose', { ROLLCALL_GOSSIP_KEY: key });
});
afterAll(() => composition?.close());

test('any number of web nodes serves, and scaling up and down loses no request', async () => {
  await composition.scale(2);
  const load = await Load.start({ urls: [composition.url], rate: 40, seed: 1 });
  try {
    await until('requests to end', () => load.ledger.size >= 40);
    await composition.scale(5);
    await composition.scale(1);
  } finally {
    await load.stop();
  }
  expect(load.ledger.harmed()).toEqual([]);
});

test('the gossip is encrypted by the key that compose was given', async () => {
  expect(await composition.exec('webapp', 'cat', '/run/rollcall/serf.json')).toContain(key);
});
