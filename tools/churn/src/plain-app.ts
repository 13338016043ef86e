import { type Cluster, request, type TestContainer, until } from '@rollcall/testkit';

const IMAGE = 'rollcall/webapp';
const APP = { command: ['node', '/opt/rollcall/demo/server.js'], port: 3000 };
const ASKER_PORT = 8080;
/** The most that an app may take to answer, in ms. */
const LIMIT_MS = 100_000;

/**
 * Asks what its path names, `/ADDRESS:PORT/`, until that answers, and gives the time, in ms since the epoch. It does so in the
 * network of what it asks: addresses there are not reachable from every engine's host, and to publish a port takes time.
 */
const ASKER = `
  const { createServer, get } = require('node:http');
  const ask = (url, answered) => {
    const again = () => setTimeout(ask, 2, url, answered);
    get(url, { agent: false }, (answer) => {
      answer.resume();
      if (answer.statusCode === 200) answered();
      else again();
    }).on('error', again);
  };
  createServer(({ url }, response) => {
    if (url === '/') response.end('ready');
    else ask('http:/' + url, () => response.end(String(Date.now())));
  }).listen(${ASKER_PORT});`;

/** The nodes' own app in a container without services, gossip and balancer: what there is to compare a join with. */
export class PlainApp {
  readonly #cluster: Cluster;
  readonly #asker: string;

  static async open(cluster: Cluster): Promise<PlainApp> {
    const { stage, network } = cluster;
    const cmd = ['node', '-e', ASKER];
    const container = await stage.run({ image: IMAGE, cmd, network, ports: [ASKER_PORT] });
    const asker = `http://127.0.0.1:${container.port(ASKER_PORT)}`;
    await until('the asker to be ready', () => request(asker));
    return new PlainApp(cluster, asker);
  }

  private constructor(cluster: Cluster, asker: string) {
    this.#cluster = cluster;
    this.#asker = asker;
  }

  /** Starts one, asks it directly and ends it. @returns ms from `docker run` to its first answer */
  async runToFirstAnswer(): Promise<number> {
    const { stage, network } = this.#cluster;
    const from = Date.now();
    const container = await stage.run({ image: IMAGE, cmd: APP.command, network });
    const answeredAt = await this.#firstAnswerOf(container);
    await container.kill();
    return answeredAt - from;
  }

  async #firstAnswerOf(container: TestContainer): Promise<number> {
    const url = `${this.#asker}/${container.address}:${APP.port}/`;
    return Number((await request(url, { limitMs: LIMIT_MS })).text());
  }
}
