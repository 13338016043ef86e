import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

const namespace = `rollcall-test-${process.pid}`;
// At most 15 bytes.
const link = `rct${process.pid}`;
const machine = '198.51.100.1';
const far = '198.51.100.2';
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
    ip('netns', 'add', namespace);
    ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'outside', 'netns', namespace);
    ip('address', 'add', `${machine}/30`, 'dev', link);
    ip('link', 'set', link, 'up');
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
    spawnSync('ip', ['link', 'delete', link]);
    spawnSync('ip', ['netns', 'delete', namespace]);
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args);
}
