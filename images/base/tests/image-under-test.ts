import { Stage, type TestContainer, until } from '@rollcall/testkit';
import { inject } from 'vitest';
import { promised } from './promised.ts';

export const image = inject('image');

export const SCANDIR = '/run/rollcall/scandir';

type Options = Omit<Parameters<Stage['run']>[0], 'image'>;

interface Status {
  readonly boot?: string;
  readonly phase?: string;
}

/** Containers of the image under test, alone in a network of their own. All have one name, so one is up at a time. */
export class Containers {
  readonly stage: Stage;
  readonly #network: string;

  static async open(): Promise<Containers> {
    const stage = await Stage.open('contract');
    return new Containers(stage, await stage.network());
  }

  private constructor(stage: Stage, network: string) {
    this.stage = stage;
    this.#network = network;
  }

  start(options: Options = {}): Promise<TestContainer> {
    return this.stage.run({
      image,
      network: this.#network,
      aliases: ['rollcall'],
      hostname: 'node-1',
      ...options,
      // Time for a stop on a machine that is busy.
      env: { ROLLCALL_DRAIN_SECONDS: '50', ...promised.env, ...options.env },
    });
  }

  /** Runs a container to its end. */
  async ended(options: Options): Promise<{ exitCode: number; output: string }> {
    const container = await this.start(options);
    return { exitCode: await container.waitForExit(), output: await container.logs() };
  }

  /** Where the image writes. */
  async places(): Promise<string[]> {
    const { output } = await this.ended({ cmd: ['sh', '-c', 'cat /opt/rollcall/writes/*'] });
    return output.trim().split('\n');
  }

  async close(): Promise<void> {
    await this.stage.close();
  }
}

export async function untilRunning(container: TestContainer, accept = (_: Status) => true): Promise<Status> {
  return await until(
    'the node to run',
    async (): Promise<Status> => JSON.parse((await container.readFile('/run/rollcall/status.json')) ?? '{}'),
    { accept: (status) => status.phase === 'running' && accept(status) },
  );
}
