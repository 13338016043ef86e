import { createHash } from 'node:crypto';
import { compileTemplate, escapeHaproxy } from '@rollcall/templating';
import { BalancerError } from './errors.ts';
import { SERVER_STATE_FILE } from './paths.ts';
import { STATS_PORT, WEB_PORT } from './ports.ts';
import { endpoint, type Server } from './server.ts';

/** A template of haproxy.cfg. */
export interface TemplateSource {
  /** Its path, or what else to call it. */
  readonly file: string;
  readonly text: string;
}

/** What a configuration is made from. */
export interface ConfigurationValues {
  readonly servers: readonly Server[];
  /** The port of the runtime API on TCP; none when null. */
  readonly adminPort: number | null;
  readonly hardStopSeconds: number;
}

/** A configuration, and what of it does not follow from who is a server: when that changes, HAProxy has to reload. */
export interface Configuration {
  readonly text: string;
  readonly fingerprint: string;
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
server {{name}} {{place}} check inter 1s fastinter 500ms downinter 500ms rise 1 fall 3 observe layer4 error-limit 10 on-error mark-down pool-purge-delay 200ms weight {{weight}} cookie {{name}}{{#if maint}} disabled{{/if}}
{{/each}}
`;

/** HAProxy's own variable that holds the fingerprint of what it has read: so it is never guessed what a process runs. */
export const FINGERPRINT_VARIABLE = 'proc.rollcall_fingerprint';

/** The values that a template can use; the README has them in a table. */
interface TemplateValues extends Omit<ConfigurationValues, 'servers'> {
  readonly servers: readonly ServerValues[];
  readonly webPort: number;
  readonly statsPort: number;
  readonly serverStateFile: string;
}

interface ServerValues extends Omit<Server, 'mode'> {
  readonly place: string;
  readonly maint: boolean;
}

/**
 * Makes a configuration. Pure. Throws `TemplateError`, and `BalancerError` BACKEND_MISSING for a template that has no place
 * for servers.
 */
export function makeConfiguration(template: TemplateSource, values: ConfigurationValues): Configuration {
  const { file, text } = template;
  const all: TemplateValues = {
    ...values,
    servers: values.servers.map(serverValues),
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
  const fingerprint = createHash('sha256').update(render('')).digest('hex').slice(0, 16);
  const head = [
    `# Made from ${file.replace(/\p{Cc}/gu, '?')} and kept up to date: changes made here are overwritten.`,
    '',
    'global',
    '  # Of all but the servers: by this it is known what a process runs.',
    `  set-var ${FINGERPRINT_VARIABLE} str(${fingerprint})`,
  ];
  // HAProxy refuses a last line without an end, which editors leave behind.
  const end = body.endsWith('\n') ? '' : '\n';
  return { text: `${head.join('\n')}\n\n${body}${end}`, fingerprint };
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

function serverValues({ name, address, port, weight, mode }: Server): ServerValues {
  return {
    name,
    address,
    port,
    weight,
    place: endpoint({ address, port }),
    maint: mode === 'maint',
  };
}

/** A cluster to try a template with. */
export const exampleValues: ConfigurationValues = {
  servers: [
    { name: 's1', address: '172.18.0.3', port: 3000, weight: 100, mode: 'ready' },
    { name: 's2', address: '172.18.0.4', port: 3000, weight: 100, mode: 'maint' },
  ],
  adminPort: null,
  hardStopSeconds: 60,
};
