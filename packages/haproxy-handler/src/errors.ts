/** Every error of this package: its code, and what to do about it. README.md lists the same codes. */
export const BALANCER_ERRORS = {
  HAPROXY_UNREACHABLE: 'It is tried again; when this stays, look at the lines of the service haproxy.',
  HAPROXY_GARBLED: 'This is made for HAProxy 3.0: compare the version in the image.',
  STEP_REFUSED: 'It is looked at and planned again; when this stays, HAProxy says why.',
  SERVER_BUSY: 'It is deleted when its last connection has ended.',
  DRAIN_REFUSED: 'Only a node itself can ask to be drained: `rollcall drain NODE` has it do so.',
  OPEN_FILES_LIMIT: 'Give the container a higher limit, as with `docker run --ulimit nofile=65536`.',
  TEMPLATE_MISSING: 'Mount the template there, or unset ROLLCALL_TEMPLATE to use the built-in one.',
  BACKEND_MISSING: 'Give the template a section "backend web" with {{> servers}} in it.',
  CONFIGURATION_REFUSED:
    'Correct the template where HAProxy points to. It is tried again when its text changes.',
  START_FAILED:
    'Correct the template: HAProxy says why on its last lines. It is tried again when its text changes.',
} as const satisfies Record<string, string>;

export type BalancerErrorCode = keyof typeof BALANCER_ERRORS;

/** What went wrong, where (the message), what to do (its last sentence) and why (`cause`). */
export class BalancerError extends Error {
  readonly code: BalancerErrorCode;
  /** The message without what to do. */
  readonly what: string;

  constructor(code: BalancerErrorCode, what: string, options?: ErrorOptions) {
    super(`${what}. ${BALANCER_ERRORS[code]}`, options);
    this.name = 'BalancerError';
    this.code = code;
    this.what = what;
  }
}

export function isBalancerError(error: unknown, code: BalancerErrorCode): error is BalancerError {
  return error instanceof BalancerError && error.code === code;
}
