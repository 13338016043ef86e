import type { Balancer } from '@rollcall/testkit';

type Event = 'applied' | 'gone';

/** What the balancer's handler logs of its nodes. */
export class BalancerNews {
  readonly #balancer: Balancer;

  constructor(balancer: Balancer) {
    this.#balancer = balancer;
  }

  /**
   * When the balancer first told this of each node, since then: `applied`, HAProxy has it in rotation; `gone`, it is off
   * the roster. All times in ms since the epoch.
   */
  async since(event: Event, since: number): Promise<Map<string, number>> {
    const told = new Map<string, number>();
    for (const line of await this.#balancer.container.logsJson('handler')) {
      const at = Date.parse(String(line['time']));
      const node = String(line['member']);
      if (line['event'] === event && at >= since && !told.has(node)) told.set(node, at);
    }
    return told;
  }

  /** The servers that are up in the eyes of HAProxy. */
  async serversUp(): Promise<string[]> {
    return (await this.#balancer.stats())
      .filter(({ status }) => status.startsWith('UP'))
      .map(({ server }) => server);
  }
}
