/** Every error of this package: its code, and what to do about it. README.md lists the same codes. */
export const TEMPLATING_ERRORS = {
  TEMPLATE_SYNTAX: 'Correct the template there: it is not Handlebars.',
  TEMPLATE_UNSUPPORTED: 'Write it with variables, partials and the blocks if, unless, each and with.',
  TEMPLATE_RAW_OUTPUT: 'Write {{value}}: what a template puts into a file is always escaped.',
  UNKNOWN_VARIABLE: 'Correct its name, or give the template a value for it.',
  UNKNOWN_HELPER: 'Correct its name, or give the template such a helper.',
  UNKNOWN_PARTIAL: 'Correct its name, or give the template such a partial.',
  VALUE_REFUSED: 'Give a value that can stand there.',
  FILE_NOT_WRITTEN: 'The old file is as it was. Look at the folder: its owner, its mode, the space left.',
  FILE_NOT_READ: 'Look at the file: its owner and its mode.',
} as const satisfies Record<string, string>;

export type TemplatingErrorCode = keyof typeof TEMPLATING_ERRORS;

/** A place in a template; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

type FileErrorCode = Extract<TemplatingErrorCode, `FILE_${string}`>;

/** A template that cannot be used, or values that it cannot be rendered with. */
export class TemplateError extends Error {
  readonly code: Exclude<TemplatingErrorCode, FileErrorCode>;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The variable, helper or partial in question, as the template has it. */
  readonly subject: string | undefined;

  constructor(
    code: TemplateError['code'],
    place: Place,
    what: string,
    options?: ErrorOptions & { subject?: string },
  ) {
    super(`${place.file}:${place.line}:${place.column}: ${what}. ${TEMPLATING_ERRORS[code]}`, options);
    this.name = 'TemplateError';
    this.code = code;
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
    this.subject = options?.subject;
  }
}

/** A file that could not be read or written; `cause` has the operating system's words. */
export class FileError extends Error {
  readonly code: FileErrorCode;
  readonly path: string;

  constructor(code: FileErrorCode, path: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `${path} was not ${code === 'FILE_NOT_READ' ? 'read' : 'written'}: ${why}. ${TEMPLATING_ERRORS[code]}`,
      {
        cause,
      },
    );
    this.name = 'FileError';
    this.code = code;
    this.path = path;
  }
}
