/** Every code an `EngineError` can have; README.md says what each means and what to do. */
export const engineErrorCodes = [
  'NO_ENGINE',
  'HOST_INVALID',
  'HOST_UNREACHABLE',
  'UNSUPPORTED_MACHINE',
  'INSTALL_FAILED',
  'BUSY',
  'NO_ADDRESSES',
  'NETWORK_FAILED',
  'START_FAILED',
  'REMOVE_FAILED',
  'BUILD_FAILED',
  'DEBIAN_FAILED',
] as const;

export type EngineErrorCode = (typeof engineErrorCodes)[number];

/** What this package throws: `code` for programs, `message` for people, `cause` for what lay below. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
