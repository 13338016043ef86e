import { writeIfChanged } from '@rollcall/templating';
import { addArguments, FINGERPRINT_VARIABLE } from '../configuration.ts';
import { BalancerError } from '../errors.ts';
import type { Actual, LoadBalancer } from '../load-balancer.ts';
import type { ActualServer, Step } from '../plan.ts';
import { askMaster } from './master-socket.ts';
import {
  alertsIn,
  countStreams,
  parseFingerprint,
  parseProcesses,
  parseServerLoads,
  parseServersState,
} from './texts.ts';

/** The backend that the servers are in. */
const BACKEND = 'web';

/** HAProxy answers in under a millisecond; what takes longer waits for the processor. */
const ANSWER_LIMIT_MS = 5_000;
/** A configuration with thousands of servers takes seconds to load. */
const RELOAD_LIMIT_MS = 30_000;

/** The servers' states of before a reload are of no use to a process that starts without one. */
const NO_STATES = '1\n# be_id be_name srv_id srv_name srv_addr\n';

/** 4 are the servers among what `show stat` knows, -1 is all of them. */
const SHOW_LOADS = `show stat ${BACKEND} 4 -1`;

/** The process that takes new connections, as the master's command line calls it. */
const CURRENT = '@1';

/**
 * The HAProxy of this container, by its master's socket: that one is given on the command line, so that no configuration
 * can take it away, and it reaches the processes of before a reload, too.
 */
export class Haproxy implements LoadBalancer {
  readonly #masterSocket: string;
  readonly #serverStateFile: string;

  constructor({ masterSocket, serverStateFile }: { masterSocket: string; serverStateFile: string }) {
    this.#masterSocket = masterSocket;
    this.#serverStateFile = serverStateFile;
  }

  async look(): Promise<Actual> {
    const { worker, oldWorkers } = parseProcesses(await this.#ask('show proc'));
    if (worker === undefined)
      throw new BalancerError('HAPROXY_UNREACHABLE', 'HAProxy has no process at work');
    const [state, fingerprint, loads, ...oldLoads] = await Promise.all([
      this.#ask(`${CURRENT} show servers state ${BACKEND}`),
      this.#ask(`${CURRENT} get var ${FINGERPRINT_VARIABLE}`),
      this.#ask(`${CURRENT} ${SHOW_LOADS}`),
      ...oldWorkers.map((pid) => this.#askFleeting(pid, SHOW_LOADS)),
    ]);
    if (/find backend/.test(state)) {
      throw new BalancerError('BACKEND_MISSING', `HAProxy's configuration has no backend "${BACKEND}"`);
    }
    const current = parseServerLoads(loads);
    const old = oldLoads.filter((text) => text !== '').map(parseServerLoads);
    const servers = parseServersState(state).map((server): ActualServer => {
      const { name } = server;
      const { inFlight = 0, requests = 0 } = current.get(name) ?? {};
      const inOld = old.reduce((sum, each) => sum + (each.get(name)?.inFlight ?? 0), 0);
      return { ...server, inFlight: inFlight + inOld, requests };
    });
    return { worker, fingerprint: parseFingerprint(fingerprint), oldWorkers, servers };
  }

  async underWay(): Promise<number> {
    const { worker, oldWorkers } = parseProcesses(await this.#ask('show proc'));
    const processes = [...(worker === undefined ? [] : [worker]), ...oldWorkers];
    const streams = await Promise.all(processes.map((pid) => this.#askFleeting(pid, 'show sess')));
    return streams.reduce((sum, text) => sum + countStreams(text), 0);
  }

  async apply(step: Step): Promise<void> {
    switch (step.do) {
      case 'add': {
        const { server } = step;
        await this.#tell(
          `add server ${BACKEND}/${server.name} ${addArguments(server)}`,
          /^New server registered/,
        );
        await this.#tell(`enable health ${BACKEND}/${server.name}`);
        if (server.mode === 'ready') await this.apply({ do: 'ready', name: server.name });
        return;
      }
      case 'move': {
        const { address, port } = step;
        return await this.#tell(
          `set server ${BACKEND}/${step.name} addr ${address} port ${port}`,
          /changed|no need to change/,
        );
      }
      case 'weigh':
        return await this.#tell(`set server ${BACKEND}/${step.name} weight ${step.weight}`);
      case 'check':
        return await this.#tell(`enable health ${BACKEND}/${step.name}`);
      case 'ready':
      case 'maint':
        return await this.#tell(`set server ${BACKEND}/${step.name} state ${step.do}`);
      case 'revive':
        return await this.#tell(`set server ${BACKEND}/${step.name} health up`);
      case 'delete':
        return await this.#tell(`del server ${BACKEND}/${step.name}`, /^Server deleted/);
    }
  }

  /** To be done before HAProxy first starts. Throws `FileError`. */
  async prepare(): Promise<void> {
    await writeIfChanged(this.#serverStateFile, NO_STATES);
  }

  async reload(): Promise<void> {
    // Without it the new process would take servers for up that are known to be down.
    await writeIfChanged(this.#serverStateFile, `${await this.#ask(`${CURRENT} show servers state`)}\n`);
    const answer = await askMaster(this.#masterSocket, 'reload', RELOAD_LIMIT_MS);
    await this.prepare();
    if (answer.startsWith('Success=1')) return;
    throw new BalancerError('START_FAILED', `HAProxy would not reload: ${alertsIn(answer)}`);
  }

  /** Asks a process that may end at any time, as those of before a reload do. @returns nothing when it has ended */
  async #askFleeting(pid: number, command: string): Promise<string> {
    try {
      const text = await this.#ask(`@!${pid} ${command}`);
      return text.startsWith("Can't find the target PID") ? '' : text;
    } catch (error) {
      const { worker, oldWorkers } = parseProcesses(await this.#ask('show proc'));
      if (worker === pid || oldWorkers.includes(pid)) throw error;
      return '';
    }
  }

  async #tell(command: string, success = /^$/): Promise<void> {
    const answer = await this.#ask(`${CURRENT} ${command}`);
    if (success.test(answer)) return;
    const code = /still has connections/.test(answer) ? 'SERVER_BUSY' : 'STEP_REFUSED';
    throw new BalancerError(code, `HAProxy answered "${command}" with: ${answer.replace(/\.$/, '')}`);
  }

  #ask(command: string): Promise<string> {
    return askMaster(this.#masterSocket, command, ANSWER_LIMIT_MS);
  }
}
