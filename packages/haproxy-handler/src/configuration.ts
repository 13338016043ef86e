import { createHash } from 'node:crypto';
import { compileTemplate, escapeHaproxy } from '@rollcall/templating';
import { BalancerError } from './errors.ts';
import { ROUTES_FILE, SERVER_STATE_FILE } from './paths.ts';
import { STATS_PORT, WEB_PORT } from './ports.ts';
import { portIn, portSection, type Sections } from './sections.ts';
import { endpoint, isTcp, type Server, serviceOf, WEB } from './server.ts';

/** A template of haproxy.cfg. */
export interface TemplateSource {
  /** Its path, or what else to call it. */
  readonly file: string;
  readonly text: string;
}

/** What a configuration is made from. */
export interface ConfigurationValues {
  readonly servers: readonly Server[];
  /** Of the services and TCP ports; `web` is always among them. */
  readonly sections: Sections;
  /** The port of the runtime API on TCP; none when null. */
  readonly adminPort: number | null;
  readonly hardStopSeconds: number;
}

/** A configuration, and what of it does not follow from who is a server: when that changes, HAProxy has to reload. */
export interface Configuration {
  readonly text: string;
  readonly fingerprint: string;
  /** Those that it has a place for. */
  readonly sections: Sections;
}

/**
 * The partial `servers`. The runtime API is told the same words, so that a server is the same whichever way it came.
 *
 * - `inter`, `fastinter`, `fall`: down after 2 to 4 s; `rise`: up by one success. `inter` is also what a check gets to
 *   connect: on a machine that is busy for half a second all servers would be found down at once.
 * - `observe`: under load failed connections tell sooner. Not fewer than 10 in a row, as packets get lost.
 * - `pool-purge-delay`: idle connections end long before the app's own limit (Node: 5 s), so that no request meets an app
 *   that is just closing one. Measured: 64 idle connections are gone after 1.2 s.
 */
const SERVERS = `{{#each servers}}
server {{name}} {{place}} check inter 1s fastinter 500ms downinter 500ms rise 1 fall 3 observe layer4 error-limit 10 on-error mark-down pool-purge-delay 200ms weight {{weight}}{{#if cookie}} cookie {{name}}{{/if}}{{#if maint}} disabled{{/if}}
{{/each}}
`;

/**
 * HAProxy's own variable that holds the fingerprint of what it has read and the sections, as `FINGERPRINT/web/shop/*:5432`:
 * so it is never guessed what a process runs.
 */
export const FINGERPRINT_VARIABLE = 'proc.rollcall_fingerprint';

/** The values that a template can use; the README has them in a table. */
interface TemplateValues extends Omit<ConfigurationValues, 'servers' | 'sections'>, BackendValues {
  readonly services: readonly BackendValues[];
  readonly tcpPorts: readonly { readonly port: number }[];
  readonly routesFile: string;
  readonly webPort: number;
  readonly statsPort: number;
  readonly serverStateFile: string;
}

/** A service's backend: of `web` at the top of a template, of each service in `{{#each services}}`. */
interface BackendValues {
  readonly service: string;
  readonly backend: string;
  readonly tcp: boolean;
  /** The name of its sticky cookie: services may share a host. */
  readonly cookie: string;
  readonly servers: readonly ServerValues[];
}

interface ServerValues extends Omit<Server, 'mode' | 'backend'> {
  readonly place: string;
  readonly maint: boolean;
  /** TCP knows no cookies. */
  readonly cookie: boolean;
}

/** Stands for the servers where they do not matter, and tells which backends have a place for them. */
const PLACE = '# servers of {{backend}}\n';

/**
 * Makes a configuration. Pure. Throws `TemplateError`, and `BalancerError` BACKEND_MISSING for a template that has no place
 * for servers.
 */
export function makeConfiguration(template: TemplateSource, values: ConfigurationValues): Configuration {
  const { file, text } = template;
  const { servers, sections, ...rest } = values;
  const wanted = [...sections].sort();
  const services = backendsOf(
    servers,
    wanted.filter((section) => portIn(section) === undefined),
  );
  const all: TemplateValues = {
    ...rest,
    ...backendValues(
      WEB,
      servers.filter(({ backend }) => backend === WEB),
    ),
    services,
    tcpPorts: wanted.flatMap((section) => portIn(section) ?? []).map((port) => ({ port })),
    routesFile: ROUTES_FILE,
    webPort: WEB_PORT,
    statsPort: STATS_PORT,
    serverStateFile: SERVER_STATE_FILE,
  };
  const render = (servers: string) =>
    compileTemplate<TemplateValues>(text, { file, escape: escapeHaproxy, partials: { servers } }).render(all);
  const body = render(SERVERS);
  if (!/^(backend|listen)\s+web\b/m.test(body)) {
    throw new BalancerError('BACKEND_MISSING', `${file} makes a configuration without a backend "web"`);
  }
  const withoutServers = render(PLACE);
  const fingerprint = createHash('sha256').update(withoutServers).digest('hex').slice(0, 16);
  const places = placesIn(withoutServers, wanted);
  const head = [
    `# Made from ${file.replace(/\p{Cc}/gu, '?')} and kept up to date: changes made here are overwritten.`,
    '',
    'global',
    '  # Of all but the servers: by this it is known what a process runs.',
    `  set-var ${FINGERPRINT_VARIABLE} str(${[fingerprint, ...places].join('/')})`,
  ];
  // HAProxy refuses a last line without an end, which editors leave behind.
  const end = body.endsWith('\n') ? '' : '\n';
  return { text: `${head.join('\n')}\n\n${body}${end}`, fingerprint, sections: new Set(places) };
}

/** Which of the sections are there: a frontend for a port, a backend with a place for its servers; `web` always is. */
function placesIn(body: string, wanted: readonly string[]): string[] {
  const found = new Set([WEB]);
  let section = '';
  for (const line of body.split('\n')) {
    const [, kind = '', name = ''] = /^(\w+)(?:\s+(\S+))?/.exec(line) ?? [];
    if (kind !== '') section = kind === 'backend' || kind === 'listen' ? name : '';
    const port = /^(?:frontend|listen)\s+tcp-(\d+)\b/.exec(line)?.[1];
    if (port) found.add(portSection(Number(port)));
    const served = /^\s*# servers of (\S+)$/.exec(line)?.[1];
    if (served && served === section) found.add(served);
  }
  return wanted.filter((each) => found.has(each));
}

/** What haproxy.cfg would say: `makeConfiguration` for a person's eyes. */
export function renderConfiguration(template: TemplateSource, values: ConfigurationValues): string {
  return makeConfiguration(template, values).text;
}

const serverLines = compileTemplate<{ servers: readonly ServerValues[] }>(SERVERS, {
  file: 'servers',
  escape: escapeHaproxy,
});

/** What follows `add server BACKEND/NAME`; the server is in maintenance until it is told to be ready. */
export function addArguments(server: Server): string {
  const line = serverLines.render({ servers: [serverValues({ ...server, mode: 'ready' })] });
  return line.trim().replace(/^server \S+ /, '');
}

/** One for each of the names, in their order, and the servers of all in one pass. */
function backendsOf(servers: readonly Server[], names: readonly string[]): BackendValues[] {
  const groups = new Map(names.map((name): [string, Server[]] => [name, []]));
  for (const server of servers) groups.get(server.backend)?.push(server);
  return [...groups].map(([name, group]) => backendValues(name, group));
}

function backendValues(backend: string, servers: readonly Server[]): BackendValues {
  return {
    service: serviceOf(backend),
    backend,
    tcp: isTcp(backend),
    cookie: backend === WEB ? 'ROLLCALL' : `ROLLCALL_${serviceOf(backend)}`,
    servers: servers.map(serverValues),
  };
}

function serverValues({ name, backend, address, port, weight, mode }: Server): ServerValues {
  return {
    name,
    address,
    port,
    weight,
    place: endpoint({ address, port }),
    maint: mode === 'maint',
    cookie: !isTcp(backend),
  };
}

/** A cluster to try a template with: `web`, a service beside it, and one by TCP. */
export const exampleValues: ConfigurationValues = {
  servers: [
    { name: 's1', backend: WEB, address: '172.18.0.3', port: 3000, weight: 100, mode: 'ready' },
    { name: 's2', backend: WEB, address: '172.18.0.4', port: 3000, weight: 100, mode: 'maint' },
    { name: 'shop1', backend: 'shop', address: '172.18.0.5', port: 3000, weight: 100, mode: 'ready' },
    { name: 'db1', backend: 'tcp:db', address: '172.18.0.6', port: 5432, weight: 100, mode: 'ready' },
  ],
  sections: new Set([WEB, 'shop', 'tcp:db', portSection(5432)]),
  adminPort: null,
  hardStopSeconds: 60,
};
