/**
 * Runs in a container of rollcall/haproxy in place of its services: the balancer's role as it is in the image with a real
 * HAProxy, but with members that are made up here instead of told by Serf.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { BackendState, Change, Member, MemberStatus, View } from '@rollcall/membership';
import type { BurstReport, ChangeReport, DriverOrder, DriverReport, SizeReport } from './protocol.ts';

const ROLE = '/opt/rollcall/role/index.js';
const CONFIGURATION = '/usr/local/etc/haproxy/haproxy.cfg';
const MASTER_SOCKET = '/run/rollcall/haproxy-master.sock';
/** What the files need to follow a change: their work is not to fall into the next measurement. */
const SETTLE_MS = 600;
/** Of one view: ten thousand servers that come at once are a minute's work on a busy machine. */
const LIMIT_MS = 300_000;
/** Takes connections on every address of 127.0.0.0/8, so that HAProxy's checks of all servers pass. */
const SINK = `global
  maxconn 9000
frontend sink
  mode tcp
  timeout client 1s
  bind 0.0.0.0:3000 backlog 9000
  tcp-request connection reject
`;

interface RunningRole {
  viewChanged(view: View, changes: readonly Change[]): void;
  status(): { readonly reloads: { readonly count: number } };
}

interface RoleModule {
  readonly default: {
    readonly variables: Record<string, { readonly fallback: unknown }>;
    start(context: unknown): Promise<RunningRole>;
  };
  readonly builtInTemplate: unknown;
  readonly exampleValues: { readonly servers: readonly object[] };
  renderConfiguration(template: unknown, values: unknown): string;
}

/** A step as the role logs it once HAProxy has taken it. */
interface Applied {
  readonly step?: {
    readonly do: string;
    readonly name?: string;
    readonly server?: { readonly name: string };
  };
}

let view: View = { members: [] };
let haproxy: ChildProcess | undefined;
let onApplied: (done: string) => void = () => {};

const module: RoleModule = await import(ROLE);
const order: DriverOrder = JSON.parse(process.argv[2] ?? '{}');
mkdirSync('/run/rollcall', { recursive: true });
writeFileSync('/run/sink.cfg', SINK);
const sink = spawn('/usr/sbin/haproxy', ['-f', '/run/sink.cfg'], { stdio: 'inherit' });
let isWell = false;
const role = await module.default.start(context());
// With a HAProxy that has no servers yet: all that come, come by its runtime API.
await untilHolds('HAProxy to be there and well', () => isWell);

const sizes: SizeReport[] = [];
for (const size of order.sizes) sizes.push(await measureSize(size));
await become([]);
const report: DriverReport = { sizes, burst: await measureBurst() };
process.stdout.write(`\n${JSON.stringify(report)}\n`, () => {
  haproxy?.kill('SIGKILL');
  sink.kill('SIGKILL');
  process.exit(0);
});

async function measureSize(servers: number): Promise<SizeReport> {
  const others = members(servers);
  await become(others);
  const changes: ChangeReport[] = [];
  for (let round = 0; round < order.rounds; round += 1) {
    const node = (state: BackendState, status: MemberStatus = 'alive') => [
      ...others,
      member(servers, { boot: `r${round}`, state, status }),
    ];
    const name = nameOf(servers);
    changes.push({ what: 'join', ...(await measureChange(node('ready'), `add ${name}`)) });
    changes.push({ what: 'drain', ...(await measureChange(node('draining'), `maint ${name}`)) });
    changes.push({ what: 'leave', ...(await measureChange(node('draining', 'left'), `delete ${name}`)) });
  }
  return {
    servers,
    changes,
    renderMs: Array.from({ length: order.rounds }, () => renderOnce(servers)),
    handlerBytes: residentBytes(process.pid),
    haproxyBytes: pidsOfHaproxy().reduce((sum, pid) => sum + residentBytes(pid), 0),
  };
}

async function measureChange(next: readonly Member[], step: string): Promise<Omit<ChangeReport, 'what'>> {
  await pause(SETTLE_MS);
  const cpu = process.cpuUsage();
  const fromUs = Number(process.hrtime.bigint() / 1_000n);
  const at = performance.now();
  await show(next, [step]);
  const ms = performance.now() - at;
  const { user, system } = process.cpuUsage(cpu);
  return { fromUs, ms, cpuMs: (user + system) / 1_000 };
}

async function measureBurst(): Promise<BurstReport> {
  await become(members(10));
  await pause(SETTLE_MS);
  const reloads = role.status().reloads.count;
  const all = members(10 + order.burst);
  const at = performance.now();
  await show(
    all,
    all.slice(10).map(({ name }) => `add ${name}`),
  );
  const ms = performance.now() - at;
  await pause(SETTLE_MS);
  return { joins: order.burst, ms, reloads: role.status().reloads.count - reloads };
}

/** Brings HAProxy to these servers, however long it takes. */
async function become(next: readonly Member[]): Promise<void> {
  const [had, has] = [new Set(view.members.map(aliveName)), new Set(next.map(aliveName))];
  const gone = view.members.filter(({ name, status }) => status === 'alive' && !has.has(name));
  const left = gone.map((each): Member => ({ ...each, status: 'left' }));
  await show(
    [...next, ...left],
    [
      ...[...has].filter((name) => name !== undefined && !had.has(name)).map((name) => `add ${name}`),
      ...gone.map(({ name }) => `delete ${name}`),
    ],
  );
  await pause(SETTLE_MS);
}

function aliveName({ name, status }: Member): string | undefined {
  return status === 'alive' ? name : undefined;
}

/** Shows the role another view, and waits until HAProxy has taken these steps. */
async function show(next: readonly Member[], steps: readonly string[]): Promise<void> {
  const open = new Set(steps);
  view = { members: next };
  await new Promise<void>((resolve, reject) => {
    const sample = () => [...open].slice(0, 3).join(', ');
    const timer = setTimeout(() => {
      reject(new Error(`waited ${LIMIT_MS / 1_000} s for ${open.size} steps of HAProxy: ${sample()} ...`));
    }, LIMIT_MS);
    const check = () => {
      if (open.size > 0) return;
      clearTimeout(timer);
      resolve();
    };
    onApplied = (step) => {
      open.delete(step);
      check();
    };
    role.viewChanged(view, []);
    check();
  });
}

async function untilHolds(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited ${LIMIT_MS / 1_000} s for ${what}`);
    await pause(20);
  }
}

function members(count: number): Member[] {
  return Array.from({ length: count }, (_, index) => member(index));
}

function nameOf(index: number): string {
  return `s${String(index).padStart(5, '0')}`;
}

function member(
  index: number,
  {
    boot = 'b1',
    state = 'ready',
    status = 'alive',
  }: { boot?: string; state?: BackendState; status?: MemberStatus } = {},
): Member {
  return {
    name: nameOf(index),
    address: `127.1.${Math.floor(index / 250)}.${1 + (index % 250)}`,
    status,
    tags: {
      role: 'backend',
      boot,
      service: 'web',
      port: 3_000,
      state,
      weight: 100,
      check: { by: 'tcp' },
    },
  };
}

/** What the host gives a role, as far as this role uses it. */
function context(): unknown {
  const heard = (line: unknown) => {
    const { step } = line as Applied;
    if (step) onApplied(`${step.do} ${step.name ?? step.server?.name}`);
  };
  const told = (line: unknown, text: string) => console.error(text, line);
  const config = Object.entries(module.default.variables).map(([key, { fallback }]) => [key, fallback]);
  return {
    config: Object.fromEntries(config),
    node: { name: 'ha', boot: 'b1' },
    agentPorts: [7946, 7373],
    log: { debug: heard, info() {}, warn: told, error: told },
    room: {},
    queries: { answer() {} },
    services: {
      up: async () => void startHaproxy(),
      down: async () => {},
      signal: async () => {},
      status: async () => ({ up: haproxy !== undefined }),
    },
    view: () => view,
    announce: async () => {},
    statusChanged() {},
    healthy: (problem?: string) => {
      isWell = problem === undefined && haproxy !== undefined;
    },
  };
}

async function startHaproxy(): Promise<void> {
  await untilHolds(`the file ${CONFIGURATION}`, () => existsSync(CONFIGURATION));
  haproxy ??= spawn('/usr/sbin/haproxy', ['-W', '-S', `${MASTER_SOCKET},mode,600`, '-f', CONFIGURATION], {
    stdio: 'inherit',
  });
}

function renderOnce(count: number): number {
  const [example] = module.exampleValues.servers;
  const servers = members(count).map(({ name, address }) => ({ ...example, name, address }));
  const at = performance.now();
  module.renderConfiguration(module.builtInTemplate, { ...module.exampleValues, servers });
  return performance.now() - at;
}

function pidsOfHaproxy(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== sink.pid && commandOf(pid) === 'haproxy');
}

function commandOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

function residentBytes(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1_024;
}
