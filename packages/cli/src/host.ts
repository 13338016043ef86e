import type { Engine } from './engine.ts';

/** Where text goes: a terminal, a file, a pipe, or a test. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Whether colours are wanted: knows NO_COLOR. */
  hasColors?(): boolean;
}

/** What a command has to do with the world. */
export interface Host {
  /** Results. */
  readonly stdout: Output;
  /** Progress, and what went wrong. */
  readonly stderr: Output;
  /** Aborted when the person at the keyboard wants to stop. */
  readonly signal: AbortSignal;
  /** @throws CliError `ENGINE_ABSENT` */
  connect(): Promise<Engine>;
}
