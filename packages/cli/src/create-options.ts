import { settings } from '@rollcall/handler';
import {
  containerName,
  type Environment,
  type Published,
  type Spec,
  type WantedContainer,
} from './cluster.ts';
import { labelsOf } from './labels.ts';

/** The name by which nodes find each other: what ROLLCALL_JOIN is when it is not set. */
const SEED = 'rollcall';
/** What a node needs beside its drain to stop in order, in seconds. */
const STOP_RESERVE_SECONDS = 5;

const WEB_PORT = '80/tcp';
const STATS_PORT = '1936/tcp';

/** A container of a cluster, but for its image, in the Engine API's words. */
export function createOptions(cluster: string, { node, role, spec }: WantedContainer) {
  const { env, published } = spec;
  return {
    name: containerName(cluster, node),
    ...(spec.app ? {} : { Hostname: node }),
    Env: Object.entries({ ...env, ...serviceVariables(spec) }).map(([name, value]) => `${name}=${value}`),
    Labels: labelsOf(cluster, node, role, spec),
    StopTimeout: stopSeconds(env),
    ExposedPorts: Object.fromEntries(Object.keys(bindings(published)).map((port) => [port, {}])),
    HostConfig: {
      NetworkMode: spec.app ? `container:${spec.app.name}` : cluster,
      PortBindings: bindings(published),
      RestartPolicy: { Name: 'unless-stopped' },
    },
    // In the network of another container the engine takes no names, for itself or in the network.
    ...(spec.app ? {} : { NetworkingConfig: { EndpointsConfig: { [cluster]: { Aliases: [SEED, node] } } } }),
  };
}

function serviceVariables({ service, routes }: Spec): Environment {
  return {
    ...(service !== undefined && { ROLLCALL_SERVICE: service }),
    ...(routes && { ROLLCALL_ROUTE: routes.join(',') }),
  };
}

/** How long the engine waits for a container that it stops: its drain and what comes after. */
export function stopSeconds(env: Environment): number {
  const { name, parse, fallback } = settings.drainSeconds;
  return (parse(env[name] ?? '') ?? fallback) + STOP_RESERVE_SECONDS;
}

function bindings(published: Published | undefined) {
  if (!published) return {};
  const { bind, http, stats, tcp = {} } = published;
  const at = (port: number) => [{ HostIp: bind, HostPort: String(port) }];
  const forRoutes = Object.entries(tcp).map(([port, place]) => [`${port}/tcp`, at(place)]);
  return { ...Object.fromEntries(forRoutes), [WEB_PORT]: at(http), [STATS_PORT]: at(stats) };
}
