import { commandLineScript } from './command-line.ts';
import { SupervisionError } from './errors.ts';
import { finishScript } from './finish.ts';
import { logScript } from './log.ts';
import { checkScript, runScript } from './run.ts';
import { type Service, WAITS } from './service.ts';
import { containerScripts, stopScript } from './stop-sequence.ts';
import { checkStopTime } from './stop-time.ts';

export interface ScandirFile {
  readonly content: string;
  /** Permissions, such as 0o755. */
  readonly mode: number;
}

/** The files of a scan directory, by their path in it. */
export type Scandir = ReadonlyMap<string, ScandirFile>;

/**
 * What s6-svscan needs to run services: https://skarnet.org/software/s6/scandir.html, and for each of them
 * https://skarnet.org/software/s6/servicedir.html
 *
 * s6 writes into these folders (not into these files) when it runs on them, and they hold nothing that depends on
 * where they are.
 *
 * @throws SupervisionError `SERVICE_REPEATED`, `STOP_TOO_LONG`
 */
export function compile(services: readonly Service[]): Scandir {
  const names = services.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new SupervisionError('SERVICE_REPEATED', `There are two services with the name ${repeated}`);
  }
  checkStopTime(services);
  return new Map([
    ...services.flatMap((service) =>
      Object.entries(serviceDirectory(service)).map(([path, file]): [string, ScandirFile] => [
        `${service.optional ? `${OPTIONAL}/` : ''}${service.name}/${path}`,
        file,
      ]),
    ),
    ...Object.entries(containerScripts(services)).map(([name, content]): [string, ScandirFile] => [
      `.s6-svscan/${name}`,
      script(content),
    ]),
  ]);
}

function serviceDirectory(service: Service): Record<string, ScandirFile> {
  const { command, readiness, stop, restart, log } = service;
  const hold = restart?.hold;
  return {
    run: script(runScript(service)),
    finish: script(finishScript(service)),
    ...(service.waits && { down: setting(''), [WAITS]: setting('') }),
    'down-signal': setting(stop?.signal ?? 'SIGTERM'),
    'data/stop': script(stopScript(service)),
    ...('variable' in command && {
      'data/command': script(commandLineScript(command.variable, command.default)),
    }),
    ...(readiness?.by === 'check' && { 'data/check': script(checkScript(service, readiness.command)) }),
    ...(readiness && { 'notification-fd': setting(readiness.by === 'check' ? CHECK_FD : readiness.fd) }),
    ...(hold && {
      'max-death-tally': setting(hold.deaths),
      'data/hold-seconds': setting(hold.forSeconds),
    }),
    ...(log === undefined || log === 'prefixed' ? { 'log/run': script(logScript(service)) } : {}),
    ...(log === 'json' && { [`${OPTIONAL}/log/run`]: script(logScript(service)) }),
  };
}

/** A folder for what only some containers run, in the scan directory and in a service's own: s6 does not look at it. */
export const OPTIONAL = '.optional';

/** Any that the service does not use for something else: s6-notifyoncheck closes it for the service. */
const CHECK_FD = 3;

const script = (content: string): ScandirFile => ({ content, mode: 0o755 });
const setting = (value: string | number): ScandirFile => ({ content: `${value}\n`, mode: 0o644 });
