import { ref, SCRIPT } from './execline.ts';
import { type Service, type StopLimit, WAITS } from './service.ts';
import { DEFAULT_STOP_LIMIT_MS, stopOrders } from './stop-time.ts';

/** EX_SOFTWARE of sysexits.h: something had to be killed. */
const EXIT_KILLED = 70;

/** How long a process that a service left behind may keep the service's log open. */
const LAST_LOG_LINES = '0.3';

/**
 * The script that stops one service; run in its service directory. Ends with 1 when the service had to be killed.
 *
 * The file `down`, made by `-D`, says that the stop was asked for. The kill is for the whole process group.
 */
export function stopScript({ name, stop, waits }: Service): string {
  return `${SCRIPT}
# Stops the service ${name}.
ifelse -n { s6-svok . } { exit 0 }
${limitLines(stop?.limitMs ?? DEFAULT_STOP_LIMIT_MS)}
${waits ? NEVER_BEGIN : ''}foreground { s6-svc -D . }
ifelse { redirfd -w 2 /dev/null s6-svwait -D -t \${limit} . } { exit 0 }
foreground { fdmove -c 1 2 echo "${name}: not down within \${limit} ms of being asked to stop, killed" }
foreground { s6-svc -K . }
foreground { s6-svwait -D -t 1000 . }
exit 1
`;
}

/** One that still waits is down for good. Its file `down` may be a link to one that s6 could not write to. */
const NEVER_BEGIN = `foreground { if { eltest -e ${WAITS} } rm -f ${WAITS} down }
`;

/** The sum of seconds and milliseconds is made without arithmetic: 6 and 400 ms are 6400. */
function limitLines(limit: StopLimit): string {
  if (typeof limit === 'number') return `define limit ${limit}`;
  const { secondsVariable, defaultSeconds, extraMs } = limit;
  const inMs = (seconds: string | number) => `${seconds}${String(extraMs).padStart(3, '0')}`;
  return `importas -D "" seconds ${secondsVariable}
backtick -E limit { case -- \${seconds} { "[0-9]+" { echo ${inMs(ref('seconds'))} } } echo ${inMs(defaultSeconds)} }`;
}

/** The scripts that s6-svscan, the container's first process, runs itself; their directory is the scan directory. */
export function containerScripts(services: readonly Service[]): Record<string, string> {
  const stop = stopContainerScript(services);
  return {
    SIGTERM: stop,
    SIGINT: stop,
    SIGQUIT: stop,
    finish: finishScript,
    fail: failScript,
    crash: crashScript,
    begin: beginScript(services),
  };
}

/** Starts the services that still wait; to be run in the scan directory. s6 may not have come to all of them yet,
 * and a stop of the container may have found them down. */
function beginScript(services: readonly Service[]): string {
  const waiting = services.filter(({ waits }) => waits).map(({ name }) => name);
  return `${SCRIPT}
forx -pE -o 0 service { ${waiting.join(' ')} }
ifelse -n { eltest -e \${service}/${WAITS} } { exit 0 }
foreground { loopwhilex -n ifelse { s6-svok \${service} } { exit 0 } foreground { sleep 0.01 } exit 1 }
if { s6-svc -U \${service} }
foreground { if { eltest -e .s6-svscan/stopping } s6-svc -D \${service} }
rm -f \${service}/${WAITS}
`;
}

/**
 * Run when the container is asked to stop. s6-svscan ends when all services and then their loggers have ended, which
 * they do when nobody can write to them any more.
 */
function stopContainerScript(services: readonly Service[]): string {
  const stops = stopOrders(services).map((together) => {
    const names = together.map(({ name }) => name).join(' ');
    return `foreground
{
  ifelse { forx -pE -o 0 service { ${names} } cd \${service} data/stop } { exit 0 }
  ${endWith(EXIT_KILLED)}
}`;
  });
  const isLast = ({ stop }: Service) => stop?.order === 'last';
  const last = services.filter(isLast).map(({ name }) => name);
  const loggers = services.filter((service) => !isLast(service)).map(({ name }) => `${name}/log`);
  const forLast = `forx -pE service { ${last.join(' ')} } if { eltest -d \${service} } cd \${service}`;
  return `${SCRIPT}
# Stops the services in order, then the container. A second signal changes nothing.
if { redirfd -w 2 /dev/null redirfd -x 3 .s6-svscan/stopping exit 0 }
${stops.join('\n')}
foreground { ${forLast} s6-svc -D . }
foreground { s6-svscanctl -t . }
# A process that a service left behind may hold a log open: it is not waited for.
foreground { sleep ${LAST_LOG_LINES} }
foreground { redirfd -w 2 /dev/null forx -pE logger { ${loggers.join(' ')} } s6-svc -t \${logger} }
${forLast} data/stop
`;
}

/** What s6-svscan becomes at its end: the container's exit code is the first one that was noted, else 0. */
const finishScript = `${SCRIPT}
ifelse -n { eltest -e .s6-svscan/exit-code } { exit 0 }
redirfd -r 0 .s6-svscan/exit-code
withstdinas -E code
exit \${code}
`;

/** Stops the container with an exit code of the caller's choice; to be run in the scan directory. */
const failScript = `#!/usr/bin/execlineb -S1
# fail CODE
foreground { ${endWith(ref('1'))} }
redirfd -r 0 /dev/null
redirfd -w 1 /dev/null
fdmove -c 2 1
background -d { .s6-svscan/SIGTERM }
exit 0
`;

/** What s6-svscan becomes when it cannot go on: without a first process the container ends. */
const crashScript = `${SCRIPT}
exit ${EXIT_KILLED}
`;

/** The first reason counts: the file is only written where there is none. */
function endWith(code: number | string): string {
  return `redirfd -w 2 /dev/null redirfd -x 1 .s6-svscan/exit-code echo ${code}`;
}
