import { settings } from '@rollcall/handler';
import { defineService, type Service } from '@rollcall/supervision';
import { CONFIGURATION_FILE, MASTER_SOCKET } from './paths.ts';

/** What a balancer runs beside Serf and the handler. */
export const services: readonly Service[] = [
  defineService({
    name: 'haproxy',
    // With a file from the container's last life it need not wait for the handler to make one.
    command: [
      '/usr/bin/execlineb',
      '-Pc',
      `foreground { loopwhilex if { eltest ! -s ${CONFIGURATION_FILE} } sleep 0.02 }
      /usr/sbin/haproxy -W -S ${MASTER_SOCKET},mode,600 -f ${CONFIGURATION_FILE}`,
    ],
    readiness: {
      by: 'check',
      command: ['/usr/bin/s6-ipcclient', '-l', '0', MASTER_SOCKET, 'true'],
      everyMs: 100,
    },
    // SIGUSR1: what is in flight ends. Together with the handler, which ends HAProxy when nothing is in flight any more:
    // idle connections would keep it for the whole of the limit.
    stop: {
      signal: 'SIGUSR1',
      order: 1,
      limitMs: {
        secondsVariable: settings.drainSeconds.name,
        defaultSeconds: settings.drainSeconds.fallback,
        extraMs: 400,
      },
    },
    restart: { hold: { deaths: 10, withinSeconds: 20, forSeconds: 5 } },
    log: 'prefixed',
  }),
];
