import { SupervisionError } from './errors.ts';

/**
 * What is run: words as they are, or a command line that is found in an environment variable of the container when
 * the service starts. How such a line is split is told in command-line.ts. Where the variable is unset or blank,
 * `default` is run.
 */
export type Command = readonly string[] | { readonly variable: string; readonly default: readonly string[] };

/**
 * How it is seen that the service is ready: it writes a newline to a file descriptor, or a command that is run again
 * and again ends with 0. What a check prints is thrown away; one that takes longer than 5 s has failed.
 */
export type Readiness =
  | { readonly by: 'notification'; readonly fd: number }
  | { readonly by: 'check'; readonly command: readonly string[]; readonly everyMs: number };

export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGUSR1';

/** `secondsVariable` is read when the service is stopped; not a whole number of seconds: the default. */
export type StopLimit =
  | number
  | { readonly secondsVariable: string; readonly defaultSeconds: number; readonly extraMs: number };

export interface Stop {
  /** Asks the service to end. Default SIGTERM. */
  readonly signal?: StopSignal;
  /** What is left of the service's process group after so long is killed. Default 3,000 ms. */
  readonly limitMs?: StopLimit;
  /**
   * Services stop in ascending order, those of the same order together. Default 2, so that a service that says
   * nothing does not end before those that have to be first. `last`: asked to end when all others have, while their
   * last lines are still on the way; it takes what is left of the container's time.
   */
  readonly order?: number | 'last';
}

/**
 * A service that died `deaths` times within `withinSeconds` is held: left down, reported, and tried again after
 * `forSeconds`; longer, up to eight times that, when it is soon held again.
 */
export interface Hold {
  readonly deaths: number;
  readonly withinSeconds: number;
  readonly forSeconds: number;
}

/** A process that is kept up. */
export interface Service {
  /** Lower-case letters, digits and `-`, at most 32, a letter first. */
  readonly name: string;
  readonly command: Command;
  /** Set in addition to the container's own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Absolute. Default: the container's own working directory. */
  readonly directory?: string;
  /** Default: a service is ready as soon as it is up. */
  readonly readiness?: Readiness;
  readonly stop?: Stop;
  /** A service that ends is started again at once, or after 1 s if it was not ready for so long. */
  readonly restart?: { readonly hold?: Hold };
  /**
   * Where stdout and stderr go: each line to the container's stdout with `NAME: ` before it, or as it is, for a
   * service that names itself in lines of JSON. Both go elsewhere where lines are collected: see `collectLines`.
   * `collector` is the service that gets them there; its own output is the container's. Default `prefixed`.
   */
  readonly log?: 'prefixed' | 'json' | 'collector';
  /** Compiled, but only run in a container that asks for it: see `collectLines`. */
  readonly optional?: boolean;
  /** Down at first: see `Supervisor.begin`. */
  readonly waits?: boolean;
}

/** In the service directory of a service that still waits, as s6 knows services that are down, but not why. */
export const WAITS = 'data/waits';

/**
 * Checks a service and returns it.
 *
 * @throws SupervisionError `SERVICE_INVALID`, naming the service, the field and what is allowed
 */
export function defineService(service: Service): Service {
  const problem = problemsOf(service).next().value;
  if (problem === undefined) return service;
  throw new SupervisionError('SERVICE_INVALID', `Service ${JSON.stringify(service.name)}: ${problem}`);
}

const serviceName = /^[a-z][a-z0-9-]{0,31}$/;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

function* problemsOf(service: Service): Generator<string, undefined> {
  if (!serviceName.test(service.name)) {
    yield 'name must be lower-case letters, digits and "-", at most 32, a letter first';
  }
  if ('variable' in service.command) {
    if (!variableName.test(service.command.variable)) yield 'command.variable must name a variable';
    if (!isCommand(service.command.default)) yield `command.default ${commandRule}`;
  } else if (!isCommand(service.command)) yield `command ${commandRule}`;

  for (const [name, value] of Object.entries(service.environment ?? {})) {
    if (!variableName.test(name)) yield `environment: ${JSON.stringify(name)} is not the name of a variable`;
    if (value.includes('\0')) yield `environment.${name} must not hold a NUL character`;
  }
  if (service.directory !== undefined && !/^\/[^\0]*$/.test(service.directory)) {
    yield 'directory must be an absolute path';
  }
  yield* readinessProblems(service.readiness);
  yield* stopProblems(service.stop);
  const hold = service.restart?.hold;
  // s6 keeps at most 4,096 deaths in mind: the limit of max-death-tally.
  if (hold && !isWhole(hold.deaths, 1, 4096)) yield 'restart.hold.deaths must be from 1 to 4096';
  if (hold && !isWhole(hold.withinSeconds, 1)) yield 'restart.hold.withinSeconds must be 1 or more, whole';
  if (hold && !isWhole(hold.forSeconds, 1)) yield 'restart.hold.forSeconds must be 1 or more, whole';
}

function* readinessProblems(readiness: Readiness | undefined): Generator<string, undefined> {
  if (readiness?.by === 'notification' && !isWhole(readiness.fd, 3, 255)) {
    yield 'readiness.fd must be from 3 to 255: 0, 1 and 2 are stdin, stdout and stderr';
  }
  if (readiness?.by === 'check') {
    if (!isCommand(readiness.command)) yield `readiness.command ${commandRule}`;
    if (!isWhole(readiness.everyMs, 10)) yield 'readiness.everyMs must be 10 ms or more, whole';
  }
}

function* stopProblems({ limitMs, order }: Stop = {}): Generator<string, undefined> {
  if (order !== undefined && order !== 'last' && !isWhole(order, 0)) {
    yield 'stop.order must be 0 or more, whole, or "last"';
  }
  if (typeof limitMs === 'number') {
    if (!isWhole(limitMs, 1)) yield 'stop.limitMs must be 1 ms or more, whole';
  } else if (limitMs) {
    if (!variableName.test(limitMs.secondsVariable))
      yield 'stop.limitMs.secondsVariable must name a variable';
    if (!isWhole(limitMs.defaultSeconds, 0)) yield 'stop.limitMs.defaultSeconds must be 0 or more, whole';
    // The sum is made by writing the digits one after the other: see stop-sequence.ts.
    if (!isWhole(limitMs.extraMs, 1, 999)) yield 'stop.limitMs.extraMs must be from 1 to 999 ms, whole';
  }
}

const commandRule = 'must be one word or more, the first not empty, without NUL characters';

function isCommand(words: readonly string[]): boolean {
  return Boolean(words[0]) && words.every((word) => !word.includes('\0'));
}

function isWhole(value: number, min: number, max = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max;
}
