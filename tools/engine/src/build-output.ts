import type { ProgressEvent } from './docker.ts';

/**
 * Makes lines for people from a build's events, for the classic builder's (parts of lines, with colours) and for
 * BuildKit's, which tells each step's name again with every change of its state.
 */
export class BuildOutput {
  readonly lines: string[] = [];
  readonly #onLine: (line: string) => void;
  readonly #toldSteps = new Set<string>();
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(event: ProgressEvent): void {
    if (event.stream === undefined) return;
    const parts = (this.#rest + event.stream).split('\n');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) this.#tell(part);
  }

  end(): void {
    this.#tell(this.#rest);
    this.#rest = '';
  }

  #tell(raw: string): void {
    const line = tidy(raw);
    if (line === '') return;
    if (/^(=>|CACHED:) /.test(line)) {
      if (this.#toldSteps.has(line)) return;
      this.#toldSteps.add(line);
    }
    this.lines.push(line);
    this.#onLine(line);
  }
}

function tidy(line: string): string {
  return (
    line
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the classic builder colours what came on stderr.
      .replaceAll(/\u001b\[[0-9;]*m/g, '')
      .replace(/^\[sha256:[0-9a-f]+\] /, '=> ')
      .trimEnd()
  );
}
