export type TestkitErrorCode =
  /** `until` gave up. */
  | 'NOT_FULFILLED'
  /** `request` got no whole answer. */
  | 'NO_ANSWER'
  /** A container was asked for something that it has only while it runs, or does not publish. */
  | 'NOT_THERE';

export class TestkitError extends Error {
  override readonly name = 'TestkitError';
  readonly code: TestkitErrorCode;

  constructor(code: TestkitErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
