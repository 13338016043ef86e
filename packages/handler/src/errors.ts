/** What can go wrong in a node's own set-up. Each code is explained in this package's README. */
export type HandlerErrorCode = 'BAD_CONFIGURATION' | 'BAD_ROLE' | 'NOT_PREPARED';

/** The exit code of a node whose configuration is wrong: `EX_CONFIG` of sysexits.h. */
export const EXIT_BAD_CONFIGURATION = 78;

export class HandlerError extends Error {
  override readonly name = 'HandlerError';
  readonly code: HandlerErrorCode;

  constructor(code: HandlerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
