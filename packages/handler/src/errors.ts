/** Every error of this package: its code, and what to do about it. README.md lists the same codes. */
export const HANDLER_ERRORS = {
  BAD_CONFIGURATION:
    'Correct each variable or file that is named; docs/configuration.md lists all variables.',
  BAD_ROLE: "Export defineHandler({…}) as the default of the role's package, with what is named corrected.",
  NOT_PREPARED:
    'Start the container by its own entrypoint, /init, which makes the folder for it, and with room in /run.',
} as const satisfies Record<string, string>;

export type HandlerErrorCode = keyof typeof HANDLER_ERRORS;

/** The exit code of a node whose configuration is wrong: `EX_CONFIG` of sysexits.h. */
export const EXIT_BAD_CONFIGURATION = 78;

/** What went wrong and where (the message), what to do (its last sentence) and why (`cause`). */
export class HandlerError extends Error {
  override readonly name = 'HandlerError';
  readonly code: HandlerErrorCode;

  /** @param what a sentence without its full stop */
  constructor(code: HandlerErrorCode, what: string, options?: ErrorOptions) {
    super(`${what}. ${HANDLER_ERRORS[code]}`, options);
    this.code = code;
  }
}
