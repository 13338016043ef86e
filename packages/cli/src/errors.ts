/** The exit codes of the command; 69, 70 and 130 as in sysexits.h and the shells. */
export const EXIT = { done: 0, failed: 1, usage: 2, noEngine: 69, bug: 70, interrupted: 130 } as const;

/** What can go wrong, and the exit code of it. Each code is explained in this package's README. */
const EXIT_CODES = {
  USAGE: EXIT.usage,
  ENGINE_ABSENT: EXIT.noEngine,
  ENGINE_FAILED: EXIT.failed,
  IMAGE_ABSENT: EXIT.failed,
  NAME_TAKEN: EXIT.failed,
  PORT_TAKEN: EXIT.failed,
  CLUSTER_ABSENT: EXIT.failed,
  NODE_UNKNOWN: EXIT.failed,
  SERVICE_UNKNOWN: EXIT.failed,
  NODE_DOWN: EXIT.failed,
  APP_UNFIT: EXIT.failed,
  NOT_READY: EXIT.failed,
  ROUTE_REFUSED: EXIT.failed,
  NOT_DRAINED: EXIT.failed,
  NETWORK_IN_USE: EXIT.failed,
  TEMPLATE_REFUSED: EXIT.failed,
  INTERRUPTED: EXIT.interrupted,
} as const;

export type CliErrorCode = keyof typeof EXIT_CODES;

/** An error for the person at the keyboard: one clear sentence, and what to do about it. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  /** What to do, a line each; may be empty. */
  readonly advice: readonly string[];

  /** @param message a sentence without a full stop: what, where and why */
  constructor(
    code: CliErrorCode,
    message: string,
    options: ErrorOptions & { readonly advice?: string | readonly string[] } = {},
  ) {
    super(message, options);
    this.code = code;
    this.advice = [options.advice ?? []].flat();
  }

  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}
