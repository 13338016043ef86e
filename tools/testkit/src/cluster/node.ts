import type { TestContainer } from '../container.ts';

/** What a node tells of itself in `/run/rollcall/status.json`, as far as tests read it. */
export interface NodeStatus {
  readonly node: string;
  readonly boot: string;
  readonly phase: 'starting' | 'running' | 'draining' | 'drained' | 'stopped';
  readonly members: readonly {
    readonly name: string;
    readonly status: 'alive' | 'leaving' | 'left' | 'failed';
    readonly role?: string;
    readonly state?: string;
    readonly refused?: string;
  }[];
  readonly services: readonly {
    readonly name: string;
    readonly up: boolean;
    readonly held?: boolean;
    /** When it last came up or went down, ms since the epoch. */
    readonly since: number;
  }[];
  readonly roleStatus: unknown;
  readonly problem?: string;
}

const SCANDIR = '/run/rollcall/scandir';

/** A node of a cluster in its container. */
export class ClusterNode {
  readonly name: string;
  readonly container: TestContainer;

  constructor(name: string, container: TestContainer) {
    this.name = name;
    this.container = container;
  }

  /** undefined while the node has not written it. */
  async status(): Promise<NodeStatus | undefined> {
    const text = await this.container.readFile('/run/rollcall/status.json');
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** `kill -9` of a supervised process. @returns its process number */
  async killService(service: string): Promise<number> {
    const pid = await this.pidOf(service);
    await this.container.exec(['s6-svc', '-k', `${SCANDIR}/${service}`]);
    return pid;
  }

  /** The number of a supervised process in the container; 0 while it is down. */
  async pidOf(service: string): Promise<number> {
    const { stdout } = await this.container.exec(['s6-svstat', '-o', 'pid', `${SCANDIR}/${service}`]);
    return Math.max(0, Number(stdout));
  }

  /** A signal to a supervised process, such as `h` (SIGHUP), `1` or `2` (SIGUSR1, SIGUSR2), as `s6-svc` names them. */
  async signalService(service: string, signal: 'h' | '1' | '2' | 'p' | 'c'): Promise<void> {
    await this.container.exec(['s6-svc', `-${signal}`, `${SCANDIR}/${service}`]);
  }
}
