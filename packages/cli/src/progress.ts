import type { Output } from './host.ts';
import { paintFor } from './paint.ts';

const NAME_WIDTH = 8;
/** Clears the line and puts the cursor at its begin (ECMA-48: EL and CR). */
const CLEAR_LINE = '\r\u001b[2K';

/** Takes away what stands on a terminal's last line. */
export function clearLine(output: Output): void {
  if (output.isTTY) output.write(CLEAR_LINE);
}

/** Tells what happens while one waits: a line for each thing done, and one that changes for what is awaited. */
export class Progress {
  readonly #output: Output;
  readonly #beganAt = performance.now();
  #awaited = '';

  constructor(output: Output) {
    this.#output = output;
  }

  /** Something has happened to a node. */
  done(node: string, what: string): void {
    const paint = paintFor(this.#output);
    const seconds = ((performance.now() - this.#beganAt) / 1000).toFixed(1);
    this.#clear();
    this.#output.write(`  ${node.padEnd(NAME_WIDTH)}  ${what}  ${paint('gray', `${seconds} s`)}\n`);
  }

  /** What is awaited now; shown on a terminal until the next thing happens, elsewhere once. */
  waiting(what: string): void {
    if (this.#output.isTTY) {
      const seconds = Math.floor((performance.now() - this.#beganAt) / 1000);
      const line = `  waiting for ${what} … ${seconds} s`;
      this.#output.write(`${CLEAR_LINE}${line.slice(0, (this.#output.columns || 80) - 1)}`);
    } else if (what !== this.#awaited) {
      this.#output.write(`  waiting for ${what}\n`);
    }
    this.#awaited = what;
  }

  /** Nothing is awaited any more. */
  end(): void {
    this.#clear();
  }

  #clear(): void {
    if (this.#awaited !== '') clearLine(this.#output);
    this.#awaited = '';
  }
}
