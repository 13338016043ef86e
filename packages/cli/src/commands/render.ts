import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { ConfigurationValues, TemplateSource } from '@rollcall/haproxy-handler';
import { isNodeName, type Route, tcpPortOf } from '@rollcall/membership';
import { defineCommand } from '../command.ts';
import { CliError } from '../errors.ts';
import { pairs, wholeNumber, word } from '../options.ts';
import { DEFAULT_SERVICE, serviceVariable } from '../service-variables.ts';

export const render = defineCommand({
  usage: 'render',
  about: 'print the haproxy.cfg that a balancer would have; needs no engine',
  more:
    'For writing a template of your own: an unknown variable or a missing backend is named with its file and line. ' +
    'What HAProxy itself thinks of the result is said by `rollcall render | haproxy -c -f /dev/stdin`.',
  options: {
    template: word({
      about: 'The template: FILE',
      otherwise: 'the built-in one',
      allowed: 'a file',
      read: (text) => text || undefined,
    }),
    node: pairs({
      about: 'A node, NAME=ADDRESS:PORT of web or SERVICE/NAME=ADDRESS:PORT; repeat it',
      otherwise: 'with no --tcp either, some of the services web, shop and db, as an example',
    }),
    tcp: pairs({
      about: 'A service by TCP and its port of the balancer, SERVICE=PORT; repeat it',
      otherwise: 'all services are by HTTP',
    }),
    'admin-port': wholeNumber({
      about: "Port of HAProxy's runtime API on TCP, as ROLLCALL_ADMIN_PORT",
      otherwise: 'off',
      min: 1,
      max: 65_535,
    }),
  },
  examples: [
    ['rollcall render', 'what a balancer starts from'],
    ['rollcall render --template my.cfg.hbs --node s1=10.0.0.7:3000', 'try a template of your own'],
    ['rollcall render --tcp db=5432 --node db/db1=10.0.0.8:5432', 'what it makes of a service by TCP'],
  ],
  changes: false,
  async run({ template, node, tcp, 'admin-port': adminPort }, { stdout }) {
    const { builtInTemplate, exampleValues, renderConfiguration } = await import('@rollcall/haproxy-handler');
    const source = template === undefined ? builtInTemplate : await readTemplate(template);
    const given = node || tcp ? await clusterOf(node ?? {}, tcp ?? {}) : {};
    try {
      stdout.write(renderConfiguration(source, { ...exampleValues, ...given, adminPort: adminPort ?? null }));
    } catch (error) {
      if (!isCoded(error)) throw error;
      throw new CliError('TEMPLATE_REFUSED', error.message, { cause: error });
    }
  },
});

/** What the handler's and the templating package's own errors are; anything else is a mistake of theirs. */
function isCoded(error: unknown): error is Error {
  return error instanceof Error && 'code' in error;
}

async function readTemplate(file: string): Promise<TemplateSource> {
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError('USAGE', `the template ${file} cannot be read (${code})`, { cause: error });
  }
}

type Cluster = Pick<ConfigurationValues, 'servers' | 'sections'>;

/** The servers, and what their services need. */
async function clusterOf(
  nodes: Readonly<Record<string, string>>,
  tcp: Readonly<Record<string, string>>,
): Promise<Cluster> {
  const { backendFor, sectionsFor } = await import('@rollcall/haproxy-handler');
  const places = Object.entries(nodes).map(placeOf);
  const routes = new Map(Object.entries(tcp).map(routeOf));
  const services = new Set([DEFAULT_SERVICE, ...routes.keys(), ...places.map(({ service }) => service)]);
  const backendOf = (service: string) => {
    const route = routes.get(service);
    const claims = route === undefined ? [] : [{ route, since: 0 }];
    return { backend: backendFor(service, claims), claims };
  };
  return {
    servers: places.map(({ service, ...place }) => {
      const { backend } = backendOf(service);
      return { ...place, backend, weight: 100, mode: 'ready' };
    }),
    sections: new Set([...services].flatMap((service) => sectionsFor(backendOf(service), []))),
  };
}

function placeOf([named, place]: [string, string]): {
  service: string;
  name: string;
  address: string;
  port: number;
} {
  const [, service = DEFAULT_SERVICE, name = ''] = /^(?:(.*)\/)?(.*)$/.exec(named) ?? [];
  const [, address = '', port = ''] = /^\[?(.+?)\]?:(\d{1,5})$/.exec(place) ?? [];
  const isPort = Number(port) >= 1 && Number(port) <= 65_535;
  if (isServiceName(service) && isNodeName(name) && isIP(address) !== 0 && isPort) {
    return { service, name, address, port: Number(port) };
  }
  throw new CliError(
    'USAGE',
    `--node "${named}=${place}" is not allowed; it must be NAME=ADDRESS:PORT or SERVICE/NAME=ADDRESS:PORT, with an ` +
      'IP address, [v6]:PORT',
  );
}

function routeOf([service, port]: [string, string]): [service: string, route: Route] {
  const route = `tcp:${port}`;
  if (isServiceName(service) && tcpPortOf(route) !== undefined) return [service, route];
  throw new CliError(
    'USAGE',
    `--tcp "${service}=${port}" is not allowed; it must be SERVICE=PORT, with a port from 1 to 65535`,
  );
}

function isServiceName(text: string): boolean {
  return serviceVariable.parse(text) !== undefined;
}
