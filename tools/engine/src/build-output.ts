import { StringDecoder } from 'node:string_decoder';
import type { ProgressEvent } from './docker.ts';

/**
 * dockerode 5.0.1 hands on what a step under BuildKit prints as base64, piece by piece; its other lines (step names,
 * progress) all have a blank, which base64 never has.
 */
const base64 = /^[A-Za-z0-9+/]+={0,2}\n$/;

/** Makes lines for people from a build's events. */
export class BuildOutput {
  readonly lines: string[] = [];
  readonly #onLine: (line: string) => void;
  readonly #buildKit: boolean;
  readonly #decoder = new StringDecoder();
  readonly #toldSteps = new Set<string>();
  #rest = '';

  constructor(onLine: (line: string) => void, builder: { buildKit: boolean }) {
    this.#onLine = onLine;
    this.#buildKit = builder.buildKit;
  }

  add({ stream = '' }: ProgressEvent): void {
    if (!this.#buildKit) {
      this.#addText(stream);
    } else if (base64.test(stream)) {
      this.#addText(this.#decoder.write(Buffer.from(stream, 'base64')));
    } else {
      this.end();
      this.#tellStep(stream);
    }
  }

  /** Tells what has no line end yet. */
  end(): void {
    this.#tell(this.#rest);
    this.#rest = '';
  }

  #addText(text: string): void {
    const parts = (this.#rest + text).split('\n');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) this.#tell(part);
  }

  /** BuildKit tells a step's name again with every change of its state. */
  #tellStep(raw: string): void {
    const step = raw.replace(/^\[sha256:[0-9a-f]+\] /, '=> ');
    if (this.#toldSteps.has(step)) return;
    this.#toldSteps.add(step);
    this.#tell(step);
  }

  #tell(raw: string): void {
    const line = asSeenOnTerminal(raw);
    if (line === '') return;
    this.lines.push(line);
    this.#onLine(line);
  }
}

/** Without colours (the classic builder's for stderr) and without what a carriage return overwrites (apt's progress). */
function asSeenOnTerminal(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
  const plain = line.replaceAll(/\u001b\[[0-9;]*m/g, '').trimEnd();
  return plain.slice(plain.lastIndexOf('\r') + 1);
}
