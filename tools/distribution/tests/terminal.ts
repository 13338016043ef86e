import { exec } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { promisify } from 'node:util';
import { connectEngine } from '@rollcall/engine';
import { outerEnvironment, until } from '@rollcall/testkit';
import { dockerCommand } from './docker-tool.ts';
import { workspace } from './packed.ts';
import type { ShownCommand } from './page.ts';

/** A machine that does more than this takes its time; what hangs ends here. */
const LIMIT_MS = 900_000;

/** A terminal in a folder, in which a page's commands are typed as they stand there. */
export class Terminal {
  readonly folder: string;
  /** Every line that was typed. */
  readonly typed: string[] = [];
  readonly #environment: Record<string, string>;
  #remembered = '';

  /** @param environment what is set there besides what a terminal has, and the engine of the tests */
  static async open(folder: string, environment: Readonly<Record<string, string>> = {}): Promise<Terminal> {
    const [docker, { host }] = await Promise.all([dockerCommand(), connectEngine({ workspace })]);
    const outer = outerEnvironment();
    const PATH = [outer['PATH'], dirname(docker)].join(delimiter);
    // Nx' daemon would outlive the test.
    return new Terminal(folder, { ...outer, PATH, DOCKER_HOST: host, NX_DAEMON: 'false', ...environment });
  }

  private constructor(folder: string, environment: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.#environment = { ...environment };
  }

  /**
   * Types a command that has to succeed; again, where the page tells an answer, until that is in what it prints: who
   * answers first is the balancer's to choose.
   *
   * @param options go behind it, for what a page leaves to a machine that is not busy
   */
  async type({ line, answer }: ShownCommand, options = ''): Promise<string> {
    this.typed.push(line);
    const started = performance.now();
    const text =
      answer === undefined
        ? await this.run(line + options)
        : await until(`"${answer}" from ${line}`, () => this.run(line + options), {
            accept: (printed) => printed.includes(answer),
            limitMs: LIMIT_MS / 3,
          });
    console.log(`${((performance.now() - started) / 1000).toFixed(1)} s: ${line}`);
    return text;
  }

  /** @returns what it prints on stdout */
  async run(line: string): Promise<string> {
    // It changes the shell itself: the shells after it, too.
    if (line.startsWith('eval ')) this.#remembered += `${line}\n`;
    const { stdout } = await promisify(exec)(`${this.#remembered}${line}`, {
      cwd: this.folder,
      env: this.#environment,
      maxBuffer: 64 * 1024 * 1024,
      timeout: LIMIT_MS,
    });
    return stdout;
  }
}
