import { type FoundContainer, isLive } from './cluster.ts';
import { clusterFlag, serviceFlag } from './common-options.ts';
import type { Engine, EngineContainer } from './engine.ts';
import { CliError } from './errors.ts';
import { clustersOn, containersOf } from './labels.ts';
import { type Model, newestNode, servicesOf } from './make-of.ts';

/** A cluster that exists: at least one container. */
export interface Cluster {
  readonly name: string;
  readonly engine: Engine;
  readonly containers: readonly FoundContainer[];
  /** Everything else on the engine, too. */
  readonly all: readonly EngineContainer[];
}

/** @throws CliError `CLUSTER_ABSENT` */
export async function findCluster(engine: Engine, name: string): Promise<Cluster> {
  const all = await engine.containers();
  const containers = containersOf(name, all);
  if (containers.length > 0) return { name, engine, containers, all };
  throw new CliError('CLUSTER_ABSENT', `there is no cluster "${name}" on the engine at ${engine.host}`, {
    advice: [...otherClusters(all), `Start it with \`rollcall up${clusterFlag(name)}\`.`],
  });
}

export function otherClusters(all: readonly EngineContainer[]): string[] {
  const others = clustersOn(all);
  return others.length > 0 ? [`There are: ${others.join(', ')}; choose one with --cluster.`] : [];
}

/** @throws CliError `NODE_UNKNOWN` */
export function findNode({ name, containers }: Cluster, node: string): FoundContainer {
  const found = containers.find((each) => each.node === node);
  if (found) return found;
  throw new CliError('NODE_UNKNOWN', `the cluster "${name}" has no node "${node}"`, {
    advice: `It has ${containers.map((each) => each.node).join(', ')}.`,
  });
}

/**
 * The newest node of a service, which others are made like.
 *
 * @throws CliError `SERVICE_UNKNOWN`
 */
export function findModel({ name, containers }: Cluster, service: string): Model {
  const model = newestNode(containers, service);
  if (model) return model;
  const flags = `${serviceFlag(service)}${clusterFlag(name)}`;
  throw new CliError('SERVICE_UNKNOWN', `the cluster "${name}" has no node of the service "${service}"`, {
    advice: [
      ...otherServices(containers),
      `\`rollcall up${flags}\` makes the first; a container that was added is changed by \`rollcall add\`.`,
    ],
  });
}

function otherServices(containers: readonly FoundContainer[]): string[] {
  const services = servicesOf(containers);
  return services.length > 0 ? [`It has nodes of: ${services.join(', ')}; choose with --service.`] : [];
}

/**
 * Without a balancer nothing comes into rotation, and nobody would tell.
 *
 * @throws CliError `NODE_DOWN`
 */
export function requireBalancer({ name, containers }: Cluster): void {
  if (containers.some((each) => each.role === 'balancer' && isLive(each))) return;
  throw new CliError('NODE_DOWN', `no balancer of the cluster "${name}" runs`, {
    advice: `Bring it back with \`rollcall up${clusterFlag(name)}\`.`,
  });
}
