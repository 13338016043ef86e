import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { ipIfThere, isDead } from './dead-runs.ts';

const prefix = 'rollcall-test-';
const namespace = `${prefix}${process.pid}`;
const linkOf = (pid: string | number) => `rct${pid}`;
/** Two addresses of each run's own, of the network that is for benchmarks (RFC 2544): nothing else is there. */
const [machine, far] = addressesOf(process.pid);
const port = 8080;

/**
 * Another machine: a network namespace behind a link, with a server that answers with the address its client has
 * there. It has no route back to containers, so they reach it only if this machine forwards and masquerades.
 */
export class Outside {
  readonly url = `http://${far}:${port}/`;
  readonly addressOfMachine = machine;
  #server: ChildProcess | undefined;

  async open(): Promise<void> {
    removeDead();
    ip('netns', 'add', namespace);
    ip('link', 'add', linkOf(process.pid), 'type', 'veth', 'peer', 'name', 'outside', 'netns', namespace);
    ip('address', 'add', `${machine}/30`, 'dev', linkOf(process.pid));
    ip('link', 'set', linkOf(process.pid), 'up');
    ip('-n', namespace, 'address', 'add', `${far}/30`, 'dev', 'outside');
    ip('-n', namespace, 'link', 'set', 'outside', 'up');
    const script = `
      const answer = (request, response) => response.end(request.socket.remoteAddress);
      http.createServer(answer).listen(${port}, '${far}', () => console.log('up'));`;
    this.#server = spawn('ip', ['netns', 'exec', namespace, process.execPath, '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    if (this.#server.stdout) await once(this.#server.stdout, 'data');
  }

  close(): void {
    this.#server?.kill('SIGKILL');
    remove(process.pid);
  }
}

/** What runs that were killed left behind: their server, which keeps the namespace, and their link. */
function removeDead(): void {
  for (const line of ipIfThere('netns', 'list').split('\n')) {
    const [name = ''] = line.split(' ');
    const pid = name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
    if (pid === undefined || !isDead(pid)) continue;
    for (const left of ipIfThere('netns', 'pids', name).split('\n').filter(Boolean)) {
      process.kill(Number(left), 'SIGKILL');
    }
    remove(pid);
  }
}

function remove(pid: string | number): void {
  ipIfThere('link', 'delete', linkOf(pid));
  ipIfThere('netns', 'delete', `${prefix}${pid}`);
}

/** The two hosts of the /30 in 198.18.0.0/15 that a process number stands for. */
function addressesOf(pid: number): [machine: string, far: string] {
  const first = (198 << 24) + (18 << 16) + (pid % 0x8000) * 4;
  const text = (address: number) => [24, 16, 8, 0].map((bits) => (address >>> bits) & 0xff).join('.');
  return [text(first + 1), text(first + 2)];
}

function ip(...args: string[]): void {
  execFileSync('ip', args);
}
