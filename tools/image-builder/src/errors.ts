/** Every code an `ImageBuilderError` can have; README.md says what each means and what to do. */
export const imageBuilderErrorCodes = [
  'PROJECT_INVALID',
  'PACKAGE_NOT_BUILT',
  'PARENT_MISSING',
  'IMAGE_MISSING',
] as const;

export type ImageBuilderErrorCode = (typeof imageBuilderErrorCodes)[number];

/** What this package throws: `code` for programs, `message` for people. A failing build is an `EngineError`. */
export class ImageBuilderError extends Error {
  readonly code: ImageBuilderErrorCode;

  constructor(code: ImageBuilderErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ImageBuilderError';
    this.code = code;
  }
}
