import { parentPort, workerData } from 'node:worker_threads';
import { seeded } from '../random.ts';
import { Clients } from './clients.ts';
import { LagMeter } from './lag-meter.ts';
import { chooser } from './mix.ts';
import type { FromWorker, LoadOptions, RequestRecord } from './record.ts';

/** How often records are handed over, in ms. */
const HAND_OVER_MS = 250;

/**
 * Sends on schedule, in a thread of its own so that nobody else's work delays it. Open loop: a request is due at its
 * time, whatever became of the ones before (a client that waits for answers sends less just when it hurts).
 */
function run({ urls, rate, seed, mix }: LoadOptions): void {
  // Two sequences: what is sent must not depend on when answers come.
  const [forKinds, forContents] = [seeded(seed), seeded(seed + 1)];
  const clients = new Clients(urls, forContents);
  const kindOf = chooser(mix);
  const lag = new LagMeter();
  const startedAt = performance.now();
  const inFlight = new Set<Promise<void>>();
  let records: RequestRecord[] = [];
  let sent = 0;

  const dueAt = (id: number) => startedAt + (id * 1_000) / rate;
  const sendDue = () => {
    for (const now = performance.now(); dueAt(sent) <= now; sent += 1) {
      lag.add(now - dueAt(sent));
      const request = clients.send(sent, kindOf(forKinds)).then((record) => {
        records.push(record);
        inFlight.delete(request);
      });
      inFlight.add(request);
    }
    timer = setTimeout(sendDue, Math.max(0, dueAt(sent) - performance.now()));
  };
  const handOver = () => {
    post({ type: 'records', records });
    records = [];
  };
  let timer: NodeJS.Timeout;
  const handing = setInterval(handOver, HAND_OVER_MS);
  sendDue();

  parentPort?.once('message', async () => {
    clearTimeout(timer);
    await Promise.all(inFlight);
    clearInterval(handing);
    clients.close();
    handOver();
    post({ type: 'done', lag: lag.read() });
  });
}

function post(message: FromWorker): void {
  parentPort?.postMessage(message);
}

run(workerData);
