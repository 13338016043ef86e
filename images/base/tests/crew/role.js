import { readFileSync } from 'node:fs';
import { defineHandler } from '@rollcall/handler';
import { defineService } from '@rollcall/supervision';

/** The role of services.test.ts: services that do what services do, the bad things included. */
const { words, environment } = JSON.parse(readFileSync('/opt/crew/words.json', 'utf8'));
const member = ['/usr/bin/node', '/opt/crew/member.js'];

export default defineHandler({
  name: 'crew',
  variables: {},
  services: [
    defineService({ name: 'early', command: [...member, 'early'], stop: { order: 1 } }),
    defineService({ name: 'worded', command: [...member, ...words], environment, directory: '/tmp' }),
    defineService({
      name: 'chosen',
      command: { variable: 'CREW_COMMAND', default: [...member, 'by default'] },
      readiness: { by: 'check', command: ['test', '-e', '/run/chosen-is-ready'], everyMs: 100 },
    }),
    defineService({
      name: 'faller',
      command: ['sh', '-c', 'test -e /run/mended && exec sleep 1000; exit 3'],
      readiness: { by: 'check', command: ['test', '-e', '/run/mended'], everyMs: 100 },
      restart: { hold: { deaths: 2, withinSeconds: 60, forSeconds: 1 } },
    }),
    defineService({ name: 'parent', command: ['sh', '-c', 'sleep 1000 & exec sleep 1000'] }),
    defineService({
      name: 'stubborn',
      command: [...member, 'stubborn'],
      stop: { limitMs: { secondsVariable: 'CREW_SECONDS', defaultSeconds: 2, extraMs: 400 } },
    }),
  ],
  start: () => ({}),
});
