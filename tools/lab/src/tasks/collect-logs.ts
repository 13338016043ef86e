import { isDeepStrictEqual } from 'node:util';
import { collectorImage, LogCollector, request, until } from '@rollcall/testkit';
import { hold } from '../errors.ts';
import type { Room } from '../room/room.ts';

const PORT = 3000;

/** Logs each request. It would wait for a log that takes no more. */
const APP = `require('node:http').createServer((request, response) => {
  console.log(request.method, request.url, response.statusCode);
  response.end();
}).listen(${PORT});
`;

/** While the collector is there, away and back: so many requests, of a line in the log each. */
const REQUESTS = { there: 20, away: 200, back: 20 };
type Phase = keyof typeof REQUESTS;

/** A node pushes its logs to a collector that is stopped and started again: all lines come, in order. */
export async function collectLogs(room: Room): Promise<void> {
  const { stage, network } = room.cluster;
  const collector = await LogCollector.create(stage, await collectorImage(stage), network);
  await collector.start();
  const s3 = await room.web('s3', {
    env: {
      ROLLCALL_SYSLOG: 'tcp://logs',
      ROLLCALL_COMMAND: 'node /app/server.cjs',
      // A check by HTTP would be among the requests.
      ROLLCALL_CHECK: 'tcp',
    },
    files: { '/app/server.cjs': APP },
    ports: [PORT],
  });
  const url = `http://127.0.0.1:${s3.container.port(PORT)}`;
  await until('an answer of s3', () => request(`${url}/first`));
  const untilCollected = (line: string) =>
    until(`"${line}" at the collector`, async () => (await collector.textsOf('app')).includes(line));

  const there = await ask(url, 'there');
  await untilCollected(lineOf('there', REQUESTS.there));
  room.say('the collector is stopped');
  await collector.stop();
  const away = await ask(url, 'away');
  await until('s3 to tell that the collector is away', async () =>
    (await s3.container.logs()).includes('is away'),
  );
  room.say('the collector is started again');
  await collector.start();
  const back = await ask(url, 'back');
  await untilCollected(lineOf('back', REQUESTS.back));

  const ids = (await collector.received()).map(({ sequenceId }) => sequenceId);
  const came = [...new Set(ids)];
  hold(
    came.every((id, index) => id === index + 1),
    'the lines came in their order and none is missing',
    came,
  );
  const asked = (Object.keys(REQUESTS) as Phase[]).flatMap(linesOf);
  const collected = [...new Set(await collector.textsOf('app'))].filter((line) => asked.includes(line));
  hold(isDeepStrictEqual(collected, asked), 'each request has its line at the collector', collected);
  // The engine may be a moment behind.
  await until('each request in docker logs', async () => {
    const logged = (await s3.container.logs()).split('\n').map((line) => line.replace(/^app: /, ''));
    return isDeepStrictEqual(
      logged.filter((line) => asked.includes(line)),
      asked,
    );
  });

  await room.saveLogs('docker-logs-s3.txt', s3);
  await room.save('collected.log', await collector.file());
  const doubled = ids.length - came.length;
  const lines = `at the collector: lines 1 to ${came.length} of s3, none missing; ${doubled} came again`;
  await room.save('answers.txt', [HEADER, there, away, back, '', lines, ''].join('\n'));
}

const HEADER = row('collector', 'answered', 'slowest answer');

/** One after the other. @returns a row on how they were answered */
async function ask(url: string, phase: Phase): Promise<string> {
  let slowestMs = 0;
  for (let number = 1; number <= REQUESTS[phase]; number += 1) {
    const from = performance.now();
    const { status } = await request(`${url}/${phase}/${number}`);
    slowestMs = Math.max(slowestMs, performance.now() - from);
    hold(status === 200, `s3 answers while the collector is ${phase}`, status);
  }
  return row(phase, String(REQUESTS[phase]), `${Math.ceil(slowestMs)} ms`);
}

function linesOf(phase: Phase): string[] {
  return Array.from({ length: REQUESTS[phase] }, (_, index) => lineOf(phase, index + 1));
}

function lineOf(phase: Phase, number: number): string {
  return `GET /${phase}/${number} 200`;
}

function row(collector: string, ...cells: readonly string[]): string {
  return [collector.padEnd(9), ...cells.map((cell) => cell.padStart(16))].join('');
}
