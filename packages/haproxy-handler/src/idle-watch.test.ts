import { expect, it } from 'vitest';
import { actual } from './examples.ts';
import { IdleWatch } from './idle-watch.ts';
import { InMemoryBalancer } from './in-memory-balancer.ts';

const never = new AbortController().signal;

it('waits until nothing is in flight', async () => {
  const balancer = new InMemoryBalancer();
  balancer.servers.set('web/s1', actual('s1', { inFlight: 2 }));
  let looks = 0;
  const watch = new IdleWatch(() => {
    looks += 1;
    if (looks === 3) balancer.change('s1', { inFlight: 0 });
    return balancer.look();
  });
  expect(await watch.untilIdle('s1', never)).toBe(0);
  expect(looks).toBe(3);
});

it('looks once for all who wait', async () => {
  const balancer = new InMemoryBalancer();
  let looks = 0;
  const watch = new IdleWatch(() => {
    looks += 1;
    return balancer.look();
  });
  await Promise.all([watch.untilIdle('s1', never), watch.untilIdle('s2', never)]);
  expect(looks).toBe(1);
});

it('says what is left when the time is over', async () => {
  const balancer = new InMemoryBalancer();
  balancer.servers.set('web/s1', actual('s1', { inFlight: 2 }));
  const over = new AbortController();
  const watch = new IdleWatch(async () => {
    over.abort();
    return await balancer.look();
  });
  expect(await watch.untilIdle('s1', over.signal)).toBe(2);
});

it('does not take a HAProxy that does not answer for an idle one', async () => {
  const balancer = new InMemoryBalancer();
  balancer.isDown = true;
  const over = new AbortController();
  const watch = new IdleWatch(async () => {
    over.abort();
    return await balancer.look();
  });
  expect(await watch.untilIdle('s1', over.signal)).toBeGreaterThan(0);
});
