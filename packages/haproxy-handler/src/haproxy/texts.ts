import { BalancerError } from '../errors.ts';
import type { ActualServer, Routes } from '../plan.ts';
import { LEAST_SECTIONS, type Sections } from '../sections.ts';

/** HAProxy's processes, by number. */
export interface Processes {
  /** The one that takes new connections; undefined while there is none. */
  readonly worker: number | undefined;
  readonly oldWorkers: readonly number[];
}

type StateLine = Omit<ActualServer, 'inFlight' | 'requests'>;

/** The bits of `srv_admin_state` and `srv_check_state` (management.txt, 9.3 "show servers state"). */
const MAINT = 0x01 | 0x02 | 0x20;
const DRAIN = 0x08 | 0x10;
const CHECK_ENABLED = 0x04;
/** `srv_op_state`: the server is down. */
const STOPPED = 0;

/** What `show servers state` prints, in the version of its format that is understood here. */
export function parseServersState(text: string): StateLine[] {
  const [version, header = '', ...rows] = text.trim().split('\n');
  if (version !== '1') throw garbled('show servers state', text);
  const columns = header.replace(/^# /, '').split(' ');
  return rows.map((row) => {
    const cells = row.split(' ');
    const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
    const number = (name: string) => {
      const value = Number.parseInt(cell(name), 10);
      if (Number.isNaN(value)) throw garbled('show servers state', row);
      return value;
    };
    const admin = number('srv_admin_state');
    return {
      name: cell('srv_name'),
      backend: cell('be_name'),
      address: cell('srv_addr'),
      port: number('srv_port'),
      weight: number('srv_uweight'),
      mode: admin & MAINT ? 'maint' : admin & DRAIN ? 'drain' : 'ready',
      up: number('srv_op_state') !== STOPPED,
      checked: (number('srv_check_state') & CHECK_ENABLED) !== 0,
    };
  });
}

/** What a server has to do, as `show stat` tells (management.txt, 9.1: qcur, scur, stot). */
export interface ServerLoad {
  readonly inFlight: number;
  readonly requests: number;
}

/** The servers and backends in what `show stat` prints, as `BACKEND/SERVER` and `BACKEND/BACKEND`. */
export function parseServerLoads(text: string): Map<string, ServerLoad> {
  const [header = '', ...rows] = text.trim().split('\n');
  const columns = header.replace(/^# /, '').split(',');
  if (!columns.includes('scur')) throw garbled('show stat', text);
  return new Map(
    rows.map((row) => {
      // No column up to the ones that are read here ever holds a comma.
      const cells = row.split(',');
      const number = (name: string) => Number(cells[columns.indexOf(name)] || 0);
      const load = { inFlight: number('qcur') + number('scur'), requests: number('stot') };
      return [`${cells[columns.indexOf('pxname')]}/${cells[columns.indexOf('svname')]}`, load];
    }),
  );
}

/** What the master's `show proc` prints. */
export function parseProcesses(text: string): Processes {
  let section = '';
  const workers: number[] = [];
  const oldWorkers: number[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) section = line.trim();
    const pid = Number(/^(\d+)\s+worker\b/.exec(line)?.[1]);
    if (!pid) continue;
    if (section === '# workers') workers.push(pid);
    if (section === '# old workers') oldWorkers.push(pid);
  }
  return { worker: workers[0], oldWorkers };
}

/** What `get var` prints of the configuration that the process has read: without a fingerprint where it was none of ours. */
export function parseIdentity(text: string): { fingerprint: string | undefined; sections: Sections } {
  const [, fingerprint, sections = ''] = /type=str value=<([0-9a-f]{16})((?:\/[^/>]+)*)>/.exec(text) ?? [];
  if (sections === '') return { fingerprint, sections: LEAST_SECTIONS };
  return { fingerprint, sections: new Set(sections.slice(1).split('/')) };
}

/** What `show map` prints; undefined where no such map is in use. */
export function parseRoutes(text: string): Routes | undefined {
  if (text.startsWith('Unknown map')) return undefined;
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line): [string, string] => {
      const [, key, backend] = /^0x\S+ (\S+) (\S+)$/.exec(line) ?? [];
      if (key === undefined || backend === undefined) throw garbled('show map', line);
      return [key, backend];
    }),
  );
}

/** The number in what `prepare map` prints. */
export function parseNewVersion(text: string): string {
  const version = /^New version created: (\d+)/.exec(text)?.[1];
  if (version === undefined) throw garbled('prepare map', text);
  return version;
}

/**
 * How many streams of clients `show sess` lists: requests under way, those that wait for a server included, and TCP
 * connections; not connections that are idle between two requests, nor those who ask HAProxy for this.
 */
export function countStreams(text: string): number {
  return text.split('\n').filter((line) => /^0x.* fe=/.test(line) && !/ fe=(GLOBAL|MASTER) /.test(line))
    .length;
}

/** What went wrong, from the lines of a start or a reload that failed; the whole text where no line is marked. */
export function alertsIn(text: string): string {
  const alerts = [...text.matchAll(/^\[ALERT\]\s+\(\d+\) : (.*)$/gm)].map(([, alert = '']) =>
    alert.replace(/^config : /, '').replace(/\.$/, ''),
  );
  // HAProxy ends with lines that only say that there were errors before them.
  const telling = alerts.filter((alert) => !/^(Error\(s\) found|Fatal errors found)/.test(alert));
  return (telling.length > 0 ? telling : alerts).join('; ') || text.trim();
}

function garbled(command: string, text: string): BalancerError {
  const start = JSON.stringify(text.slice(0, 100));
  return new BalancerError('HAPROXY_GARBLED', `HAProxy's answer to "${command}" is not understood: ${start}`);
}
