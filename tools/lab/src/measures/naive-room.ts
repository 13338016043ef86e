import { Stage, type TestContainer } from '@rollcall/testkit';
import { naiveImage } from './naive-image.ts';

const WEB_PORT = 80;

/** Containers of the naive way, in a network of their own. */
export class NaiveRoom {
  readonly #stage: Stage;
  readonly #image: string;
  readonly #network: string;

  static async open(): Promise<NaiveRoom> {
    const stage = await Stage.open('lab-naive');
    try {
      return await NaiveRoom.within(stage, await stage.network());
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  /** In a network that is there; to be closed with the stage. */
  static async within(stage: Stage, network: string): Promise<NaiveRoom> {
    return new NaiveRoom(stage, await naiveImage(stage), network);
  }

  private constructor(stage: Stage, image: string, network: string) {
    this.#stage = stage;
    this.#image = image;
    this.#network = network;
  }

  async close(): Promise<void> {
    await this.#stage.close();
  }

  async balancer(handler = 'follow-members'): Promise<TestContainer> {
    const cmd = ['s6-svscan', '/naive/balancer'];
    return await this.run('ha', cmd, { env: { NAIVE_HANDLER: handler }, ports: [WEB_PORT] });
  }

  async web(name: string): Promise<TestContainer> {
    return await this.run(name, ['s6-svscan', '/naive/web']);
  }

  async run(
    hostname: string,
    cmd: readonly string[],
    options: { env?: Record<string, string>; ports?: number[] } = {},
  ): Promise<TestContainer> {
    const aliases = [hostname];
    return await this.#stage.run({
      image: this.#image,
      hostname,
      aliases,
      cmd,
      network: this.#network,
      ...options,
    });
  }
}

export async function naiveConfig(ha: TestContainer): Promise<string> {
  return (await ha.readFile('/naive/haproxy.cfg')) ?? '';
}

export function urlOf(ha: TestContainer): string {
  return `http://127.0.0.1:${ha.port(WEB_PORT)}`;
}
