import { type Answer, type RequestOptions, request } from '../request.ts';
import { parseStats, type ServerStats, serversIn } from './haproxy-texts.ts';
import { ClusterNode } from './node.ts';

export const WEB_PORT = 80;
export const STATS_PORT = 1936;

/** A balancer of a cluster, and the places that show what it believes. */
export class Balancer extends ClusterNode {
  /** Where clients on this machine reach it. */
  get url(): string {
    return `http://127.0.0.1:${this.container.port(WEB_PORT)}`;
  }

  async get(path = '/', options: RequestOptions = {}): Promise<Answer> {
    return await request(`${this.url}${path}`, options);
  }

  /** Names of the nodes that it has registered: the files in `/nodes`. */
  async registered(): Promise<string[]> {
    const { stdout } = await this.container.exec(['ls', '/nodes']);
    return stdout.split('\n').filter(Boolean);
  }

  async config(): Promise<string> {
    return (await this.container.readFile('/usr/local/etc/haproxy/haproxy.cfg')) ?? '';
  }

  /** Names of the servers in haproxy.cfg. */
  async configured(): Promise<string[]> {
    return serversIn(await this.config()).sort();
  }

  /** The servers on the stats page. */
  async stats(): Promise<ServerStats[]> {
    const answer = await request(`http://127.0.0.1:${this.container.port(STATS_PORT)}/;csv`);
    return parseStats(answer.text());
  }

  /** Which nodes answer, by as many requests as it takes to see each of `count` nodes about `rounds` times. */
  async answering(count: number, rounds = 3): Promise<string[]> {
    const hosts = new Set<string>();
    for (let sent = 0; sent < count * rounds; sent += 1) {
      const answer = await this.get();
      hosts.add(answer.status === 200 ? answer.json<{ host: string }>().host : `status ${answer.status}`);
    }
    return [...hosts].sort();
  }

  /** How often HAProxy was reloaded, over all lives of the handler. */
  async reloads(): Promise<number> {
    const log = await this.container.logsJson('handler');
    return log.filter(({ msg }) => msg === 'HAProxy was reloaded').length;
  }

  /** Gives it another template of haproxy.cfg and tells it to look. Which template it uses then shows in `config()`. */
  async writeTemplate(template: string): Promise<void> {
    await this.container.writeFiles({ '/etc/rollcall/haproxy.cfg.hbs': template });
    await this.signalService('handler', 'h');
  }

  /** What the runtime API of HAProxy's worker answers to a command. */
  async runtime(command: string): Promise<string> {
    const script = `
      const socket = require('node:net').connect(process.argv[1]);
      socket.pipe(process.stdout);
      socket.end(process.argv[2]);`;
    const argv = ['node', '-e', script, '/run/rollcall/haproxy-master.sock', `@1 ${command}\n`];
    return (await this.container.exec(argv)).stdout;
  }
}
