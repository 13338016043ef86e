import { settings } from '@rollcall/handler';
import { DEFAULT_GOSSIP_PORT } from '@rollcall/membership';
import type { App, Environment, FoundContainer, Spec } from './cluster.ts';
import { CliError } from './errors.ts';
import { DEFAULT_SERVICE } from './service-variables.ts';

/** What is said of a sidecar; what is not said stays as it was. */
export interface SidecarSaid {
  readonly port: number | undefined;
  readonly check: string | undefined;
  readonly service: string | undefined;
  readonly routes: Spec['routes'] | undefined;
  /** Further variables. */
  readonly env: Environment | undefined;
}

/** The name by which all nodes of a cluster are joined through. */
const SEED = 'rollcall';

/**
 * What a sidecar is to be made from.
 *
 * @param before the sidecar of this name that there is
 * @param beside the other sidecars of the same app, in any cluster: they share one network, so that each has a gossip
 *   port of its own
 * @throws CliError `USAGE` when its port was never said
 */
export function sidecarSpec(
  node: string,
  image: string,
  app: App,
  said: SidecarSaid,
  before: Spec | undefined,
  beside: readonly FoundContainer[],
): Spec {
  const named = {
    [settings.node.name]: node,
    ROLLCALL_PORT: said.port?.toString(),
    ROLLCALL_CHECK: said.check,
  };
  const given = Object.entries(named).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const env: Environment = { ...before?.env, ...said.env, ...Object.fromEntries(given) };
  if (env['ROLLCALL_PORT'] === undefined) {
    throw new CliError('USAGE', '--port is missing: the port that the app listens on in its container');
  }
  const routes = said.routes ?? before?.routes;
  return {
    image,
    env: { ...env, ...gossipOf(env, beside) },
    service: said.service ?? before?.service ?? DEFAULT_SERVICE,
    ...(routes && { routes }),
    app,
  };
}

/** A gossip port that no other sidecar of the app has. The others of the cluster are at the usual one. */
function gossipOf(env: Environment, beside: readonly FoundContainer[]): Environment {
  const portOf = (each: Environment) => Number(each[settings.gossipPort.name] ?? DEFAULT_GOSSIP_PORT);
  const taken = beside.map(({ spec }) => portOf(spec?.env ?? {}));
  let port = portOf(env);
  while (taken.includes(port)) port += 1;
  if (port === DEFAULT_GOSSIP_PORT) return {};
  return {
    [settings.gossipPort.name]: String(port),
    [settings.join.name]: env[settings.join.name] ?? `${SEED}:${DEFAULT_GOSSIP_PORT}`,
  };
}

/** What brings back a node whose container does not run. */
export function startAgain({ spec }: FoundContainer): string {
  return spec?.app ? `rollcall add ${spec.app.name}` : 'rollcall up';
}
