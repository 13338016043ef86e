import { readIfPresent, writeIfChanged } from '@rollcall/templating';
import { addArguments, FINGERPRINT_VARIABLE } from '../configuration.ts';
import { BalancerError } from '../errors.ts';
import type { Actual, LoadBalancer } from '../load-balancer.ts';
import type { ActualServer, Routes, Step } from '../plan.ts';
import { keyOf, WEB } from '../server.ts';
import { askMaster } from './master-socket.ts';
import {
  alertsIn,
  countStreams,
  parseIdentity,
  parseNewVersion,
  parseProcesses,
  parseRoutes,
  parseServerLoads,
  parseServersState,
} from './texts.ts';

/** HAProxy answers in under a millisecond; what takes longer waits for the processor. */
const ANSWER_LIMIT_MS = 5_000;
/** A configuration with thousands of servers takes seconds to load. */
const RELOAD_LIMIT_MS = 30_000;

/** The servers' states of before a reload are of no use to a process that starts without one. */
const NO_STATES = '1\n# be_id be_name srv_id srv_name srv_addr\n';

/** 2 are the backends and 4 the servers among what `show stat` knows; the first -1 is every proxy, the other every server. */
const SHOW_LOADS = 'show stat -1 6 -1';

/** HAProxy takes a command with what is handed over as a whole, up to 16 KiB of it. */
const ROUTES_BYTES_MAX = 8_192;

/** The process that takes new connections, as the master's command line calls it. */
const CURRENT = '@1';

/**
 * The HAProxy of this container, by its master's socket: that one is given on the command line, so that no configuration
 * can take it away, and it reaches the processes of before a reload, too.
 */
export class Haproxy implements LoadBalancer {
  readonly #masterSocket: string;
  readonly #serverStateFile: string;
  readonly #routesFile: string;

  constructor(places: { masterSocket: string; serverStateFile: string; routesFile: string }) {
    this.#masterSocket = places.masterSocket;
    this.#serverStateFile = places.serverStateFile;
    this.#routesFile = places.routesFile;
  }

  async look(): Promise<Actual> {
    const { worker, oldWorkers } = await this.#processes();
    if (worker === undefined)
      throw new BalancerError('HAPROXY_UNREACHABLE', 'HAProxy has no process at work');
    const [state, variable, loads, map, ...oldLoads] = await Promise.all([
      this.#ask(`${CURRENT} show servers state`),
      this.#ask(`${CURRENT} get var ${FINGERPRINT_VARIABLE}`),
      this.#ask(`${CURRENT} ${SHOW_LOADS}`),
      this.#ask(`${CURRENT} show map ${this.#routesFile}`),
      ...oldWorkers.map((pid) => this.#askFleeting(pid, SHOW_LOADS)),
    ]);
    const current = parseServerLoads(loads);
    if (!current.has(`${WEB}/BACKEND`)) {
      throw new BalancerError('BACKEND_MISSING', `HAProxy's configuration has no backend "${WEB}"`);
    }
    const { fingerprint, sections } = parseIdentity(variable);
    const old = oldLoads.filter((text) => text !== '').map(parseServerLoads);
    // A template may have backends of its own, which nobody here has a say in.
    const own = parseServersState(state).filter(({ backend }) => sections.has(backend));
    const servers = own.map((server): ActualServer => {
      const key = keyOf(server);
      const { inFlight = 0, requests = 0 } = current.get(key) ?? {};
      const inOld = old.reduce((sum, each) => sum + (each.get(key)?.inFlight ?? 0), 0);
      return { ...server, inFlight: inFlight + inOld, requests };
    });
    return { worker, fingerprint, sections, routes: parseRoutes(map), oldWorkers, servers };
  }

  async currentWorker(): Promise<number | undefined> {
    return (await this.#processes()).worker;
  }

  async underWay(): Promise<number> {
    const { worker, oldWorkers } = await this.#processes();
    const processes = [...(worker === undefined ? [] : [worker]), ...oldWorkers];
    const streams = await Promise.all(processes.map((pid) => this.#askFleeting(pid, 'show sess')));
    return streams.reduce((sum, text) => sum + countStreams(text), 0);
  }

  async apply(step: Step): Promise<void> {
    switch (step.do) {
      case 'add': {
        const { server } = step;
        const key = keyOf(server);
        const commands = [`add server ${key} ${addArguments(server)}`, `enable health ${key}`];
        if (server.mode === 'ready') commands.push(`set server ${key} state ready`);
        return await this.#tell(commands, /^New server registered\.$/);
      }
      case 'move': {
        const { address, port } = step;
        return await this.#tell(
          `set server ${keyOf(step)} addr ${address} port ${port}`,
          /changed|no need to change/,
        );
      }
      case 'weigh':
        return await this.#tell(`set server ${keyOf(step)} weight ${step.weight}`);
      case 'check':
        return await this.#tell(`enable health ${keyOf(step)}`);
      case 'ready':
      case 'maint':
        return await this.#tell(`set server ${keyOf(step)} state ${step.do}`);
      case 'revive':
        return await this.#tell(`set server ${keyOf(step)} health up`);
      case 'delete':
        return await this.#tell(`del server ${keyOf(step)}`, /^Server deleted/);
      case 'route':
        return await this.#route(step.routes);
    }
  }

  /** All at once: requests find the routes of before or those of now. */
  async #route(routes: Routes): Promise<void> {
    const map = this.#routesFile;
    const version = parseNewVersion(await this.#ask(`${CURRENT} prepare map ${map}`));
    for (const lines of inParts([...routes].map(([key, backend]) => `${key} ${backend}`))) {
      await this.#tell(`add map @${version} ${map} <<\n${lines.join('\n')}\n`);
    }
    await this.#tell(`commit map @${version} ${map}`);
  }

  /** To be done before HAProxy first starts. Throws `FileError`. */
  async prepare(): Promise<void> {
    await writeIfChanged(this.#serverStateFile, NO_STATES);
    if ((await readIfPresent(this.#routesFile)) === undefined) await writeIfChanged(this.#routesFile, '');
  }

  async reload(): Promise<void> {
    // Without it the new process would take servers for up that are known to be down.
    await writeIfChanged(this.#serverStateFile, `${await this.#ask(`${CURRENT} show servers state`)}\n`);
    const answer = await askMaster(this.#masterSocket, 'reload', RELOAD_LIMIT_MS);
    await writeIfChanged(this.#serverStateFile, NO_STATES);
    if (answer.startsWith('Success=1')) return;
    throw new BalancerError('START_FAILED', `HAProxy would not reload: ${alertsIn(answer)}`);
  }

  /** Asks a process that may end at any time, as those of before a reload do. @returns nothing when it has ended */
  async #askFleeting(pid: number, command: string): Promise<string> {
    try {
      const text = await this.#ask(`@!${pid} ${command}`);
      return text.startsWith("Can't find the target PID") ? '' : text;
    } catch (error) {
      const { worker, oldWorkers } = await this.#processes();
      if (worker === pid || oldWorkers.includes(pid)) throw error;
      return '';
    }
  }

  /** @param commands one, or several that are taken one after the other; one that is refused does not keep HAProxy from the next */
  async #tell(commands: string | readonly string[], success = /^$/): Promise<void> {
    const line = [commands]
      .flat()
      .map((command) => `${CURRENT} ${command}`)
      .join('; ');
    const answer = await this.#ask(line);
    if (success.test(answer)) return;
    const code = /still has connections/.test(answer) ? 'SERVER_BUSY' : 'STEP_REFUSED';
    throw new BalancerError(code, `HAProxy answered "${line}" with: ${answer.replace(/\.$/, '')}`);
  }

  async #processes(): Promise<ReturnType<typeof parseProcesses>> {
    return parseProcesses(await this.#ask('show proc'));
  }

  #ask(command: string): Promise<string> {
    return askMaster(this.#masterSocket, command, ANSWER_LIMIT_MS);
  }
}

function inParts(lines: readonly string[]): string[][] {
  const parts: string[][] = [];
  let room = 0;
  for (const line of lines) {
    const bytes = Buffer.byteLength(line) + 1;
    if (bytes > room) {
      parts.push([]);
      room = ROUTES_BYTES_MAX;
    }
    parts.at(-1)?.push(line);
    room -= bytes;
  }
  return parts;
}
