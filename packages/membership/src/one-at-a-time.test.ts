import { expect, test } from 'vitest';
import { type Deferred, defer } from './deferred.ts';
import { OneAtATime } from './one-at-a-time.ts';

function observed() {
  const runs: Deferred<void>[] = [];
  const task = new OneAtATime(() => {
    const run = defer<void>();
    runs.push(run);
    return run.promise;
  });
  return { runs, task };
}

test('it runs at once, and once more for all who ask meanwhile', async () => {
  const { runs, task } = observed();
  const first = task.run();
  const later = [task.run(), task.run(), task.run()];
  expect(runs).toHaveLength(1);
  runs[0]?.resolve();
  await first;
  await Promise.resolve();
  expect(runs).toHaveLength(2);
  runs[1]?.resolve();
  await Promise.all(later);
  expect(runs).toHaveLength(2);
});

test('it never runs twice, not even for one who asks the moment a run has ended', async () => {
  const { runs, task } = observed();
  const third = task.run().then(() => task.run());
  const second = task.run();
  runs[0]?.resolve();
  await expect.poll(() => runs.length).toBe(2);
  runs[1]?.resolve();
  await Promise.all([second, third]);
  expect(runs).toHaveLength(2);
});

test('a run that fails, fails for those who asked for it only', async () => {
  const { runs, task } = observed();
  const first = task.run();
  const second = task.run();
  runs[0]?.reject(new Error('first'));
  await expect(first).rejects.toThrow('first');
  await Promise.resolve();
  runs[1]?.resolve();
  await expect(second).resolves.toBeUndefined();
  const third = task.run();
  expect(runs).toHaveLength(3);
  runs[2]?.resolve();
  await third;
});
