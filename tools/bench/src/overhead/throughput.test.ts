import { expect, it } from 'vitest';
import { readWrk, throughputTable } from './throughput.ts';

const WRK = `Running 1s test @ http://ha/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.61ms    2.32ms  24.61ms   89.33%
    Req/Sec     4.75k   610.15     5.68k    72.73%
  Latency Distribution
     50%  980.00us
     75%    4.16ms
     90%    5.68ms
     99%    1.20s
  5198 requests in 1.10s, 2.29MB read
Requests/sec:   4725.93
Transfer/sec:      2.08MB
`;

it('reads what wrk prints, in its different units', () => {
  expect(readWrk(WRK)).toEqual({ requestsPerSecond: 4725.93, medianMs: 0.98, p99Ms: 1_200 });
});

it('reads minutes, of a host that hardly answers', () => {
  expect(readWrk(WRK.replace('1.20s', '1.05m')).p99Ms).toBe(63_000);
});

it('takes no figure from a run with errors', () => {
  expect(() => readWrk(`${WRK}  Non-2xx or 3xx responses: 12\n`)).toThrow('Non-2xx or 3xx responses: 12');
});

it('compares with the first', () => {
  const of = (name: string, rate: number) => ({
    name,
    requestsPerSecond: [rate],
    medianMs: [1],
    p99Ms: [2],
  });
  expect(throughputTable([of('minimal', 1_000), of('ours', 970)]).rows[1]).toEqual([
    'ours',
    970,
    970,
    970,
    '97.0 %',
    1,
    2,
  ]);
});
