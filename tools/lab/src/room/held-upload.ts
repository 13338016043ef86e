import { type ClientRequest, request } from 'node:http';
import { type Balancer, until } from '@rollcall/testkit';

/** A request that is in flight in a certain node until its end is sent. */
export class HeldUpload {
  readonly #outgoing: ClientRequest;
  readonly #answer: Promise<string>;

  /** Finds the node by its sticky cookie, and begins to send it a body. */
  static async begin(ha: Balancer, node: string): Promise<HeldUpload> {
    const cookie = await until(`a cookie of ${node}`, async () => {
      const answer = await ha.get();
      if (answer.json<{ host: string }>().host !== node) return undefined;
      return (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
    });
    const held = new HeldUpload(`${ha.url}/echo`, cookie);
    await until(`a request in flight in ${node}`, async () => {
      const stats = await ha.stats();
      return stats.some(({ server, current }) => server === node && current > 0);
    });
    return held;
  }

  private constructor(url: string, cookie: string) {
    this.#outgoing = request(url, { method: 'POST', headers: { cookie }, agent: false });
    this.#answer = new Promise((resolve, reject) => {
      this.#outgoing.on('error', reject);
      this.#outgoing.on('response', (incoming) => {
        let text = '';
        incoming.on('data', (part) => {
          text += part;
        });
        incoming.on('error', reject);
        incoming.on('end', () => resolve(`${incoming.statusCode} ${text}`));
      });
    });
    // Whoever ends it hears of a failure; until then it must not end the process.
    this.#answer.catch(() => undefined);
    this.#outgoing.write('half of it, ');
  }

  /** @returns the answer's status and text */
  async end(): Promise<string> {
    this.#outgoing.end('and the other half');
    return await this.#answer;
  }

  /** Lets go of it without an answer. */
  abandon(): void {
    this.#outgoing.destroy();
  }
}
