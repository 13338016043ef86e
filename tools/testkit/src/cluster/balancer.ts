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

  /** What HAProxy's runtime API says to a command. */
  async runtime(command: string): Promise<string> {
    const script = `
      const socket = require('node:net').connect(process.argv[1]);
      socket.pipe(process.stdout);
      socket.end(process.argv[2] + '\\n');`;
    const { stdout } = await this.container.exec(['node', '-e', script, '/run/haproxy/admin.sock', command]);
    return stdout;
  }
}
