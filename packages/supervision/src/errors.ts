/** Every error of this package: its code, and what to do about it. README.md lists the same codes. */
export const SUPERVISION_ERRORS = {
  SERVICE_INVALID: 'Correct the field that is named where the service is defined.',
  SERVICE_REPEATED: 'Give each service of an image a name of its own.',
  STOP_TOO_LONG: 'Lower stop.limitMs, or let services that need not wait for each other share an order.',
  SCANDIR_NOT_WRITTEN: 'Compile into a folder that can be written; its cause says what stood in the way.',
  SERVICE_UNKNOWN: 'Ask for a service that was compiled into this scan directory.',
  CONTROL_FAILED: 'Is the scan directory supervised? The words of the s6 program follow as its cause.',
  NOT_READY: 'Look at the log of the service: it is up but has not said that it is ready.',
  SERVICE_HELD: 'Look at the log of the service for why it dies; it is tried again by itself.',
} as const satisfies Record<string, string>;

export type SupervisionErrorCode = keyof typeof SUPERVISION_ERRORS;

/** What went wrong and where (the message), what to do (its last sentence) and why (`cause`). */
export class SupervisionError extends Error {
  override readonly name = 'SupervisionError';
  readonly code: SupervisionErrorCode;

  /** @param what a sentence without its full stop */
  constructor(code: SupervisionErrorCode, what: string, options?: ErrorOptions) {
    super(`${what}. ${SUPERVISION_ERRORS[code]}`, options);
    this.code = code;
  }
}
