import { expect, it } from 'vitest';
import { parseStats, serversIn } from './haproxy-texts.ts';

it('reads the servers off the stats page, and nothing else', () => {
  const csv = [
    '# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,',
    'http,FRONTEND,,,1,1,524271,7,1,1,0,0,0,,,,,OPEN,,',
    'web,s1,0,0,2,3,,40,1,1,,0,,0,0,0,0,UP,100,',
    'web,s2,0,0,0,1,,5,1,1,,0,,0,0,0,0,MAINT,100,',
    'web,BACKEND,0,0,0,1,52428,45,1,1,0,0,,0,0,0,0,UP,200,',
    '',
  ].join('\n');
  expect(parseStats(csv)).toEqual([
    { backend: 'web', server: 's1', status: 'UP', current: 2, total: 40 },
    { backend: 'web', server: 's2', status: 'MAINT', current: 0, total: 5 },
  ]);
});

it('reads the servers off a configuration, but no comment', () => {
  const config =
    'backend web\n  # server s0 was here\n  server s1 10.0.0.2:3000 check\n\tserver s2 10.0.0.3:3000\n';
  expect(serversIn(config)).toEqual(['s1', 's2']);
});
