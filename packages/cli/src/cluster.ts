/** The words for a cluster on an engine: what a container is to it, and what it was made from. */
import { isDeepStrictEqual } from 'node:util';

export type Role = 'balancer' | 'backend';

export type Environment = Readonly<Record<string, string>>;

/** Where a balancer is reached on the engine's machine. */
export interface Published {
  /** The address that the ports are bound to. */
  readonly bind: string;
  /** For HAProxy's port 80. */
  readonly http: number;
  /** For its stats page, port 1936. */
  readonly stats: number;
  /** For routes by TCP: the balancer's port -> the machine's. */
  readonly tcp?: Readonly<Record<string, number>>;
}

/** What a container is made from. Kept in its label, so that a later run can compare it and make another. */
export interface Spec {
  /** The image as it was named. */
  readonly image: string;
  /** All variables but those of its service and routes. */
  readonly env: Environment;
  /** Backends only: the service that it is a node of. */
  readonly service?: string;
  /** Backends only: what the service is reached by; undefined where the image says it. */
  readonly routes?: readonly string[];
  /** Balancers only. */
  readonly published?: Published;
  /** Sidecars only. */
  readonly app?: App;
}

/** The container that a sidecar brings into the cluster: the user's own. */
export interface App {
  /** The container's name. */
  readonly name: string;
  /** `rollcall add` put it into the cluster's network, so that it is taken out again with its last sidecar. */
  readonly connected: boolean;
}

/** A container that should be there. */
export interface WantedContainer {
  readonly node: string;
  readonly role: Role;
  readonly spec: Spec;
  /** The image's id, `sha256:…`: a rebuilt image has the old name and a new id. */
  readonly imageId: string;
}

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

/** A container of the cluster that the engine has. */
export interface FoundContainer {
  readonly id: string;
  readonly name: string;
  readonly node: string;
  readonly role: Role;
  /** Undefined for balancers. */
  readonly service: string | undefined;
  readonly imageId: string;
  /** Undefined when its label cannot be read: then it is like no wanted one. */
  readonly spec: Spec | undefined;
  readonly state: ContainerState;
  readonly createdAt: Date;
}

/** Whether it is one of those that are wanted by number; a sidecar comes and goes with an app of the user's own. */
export function isWebNode({ role, spec }: FoundContainer): boolean {
  return role === 'backend' && spec?.app === undefined;
}

/** Whether its processes are there. One that ends again and again, and is between two starts, is not live. */
export function isLive({ state }: FoundContainer): boolean {
  return state === 'running' || state === 'paused';
}

/** The container's name on the engine. */
export const containerName = (cluster: string, node: string) => `${cluster}-${node}`;

/** In what a container differs from what is wanted, as words for a person; empty when in nothing. */
export function differences(found: FoundContainer, wanted: Omit<WantedContainer, 'node' | 'role'>): string[] {
  const { spec } = found;
  if (!spec) return ['its label cannot be read'];
  const told: string[] = [];
  if (spec.image !== wanted.spec.image) told.push(`image ${spec.image} -> ${wanted.spec.image}`);
  else if (found.imageId !== wanted.imageId) told.push(`${spec.image} was built anew`);
  const variables = changedVariables(spec.env, wanted.spec.env);
  if (variables.length > 0) told.push(`environment: ${variables.join(', ')}`);
  const before = routesText(spec.routes);
  const after = routesText(wanted.spec.routes);
  if (before !== after) told.push(`routes ${before} -> ${after}`);
  if (spec.service !== wanted.spec.service) told.push(`service ${spec.service} -> ${wanted.spec.service}`);
  if (!samePublished(spec.published, wanted.spec.published)) told.push('ports');
  return told;
}

function changedVariables(before: Environment, after: Environment): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}

function routesText(routes: Spec['routes']): string {
  return routes?.join(', ') ?? 'of the image';
}

export function samePublished(one: Published | undefined, other: Published | undefined): boolean {
  return isDeepStrictEqual(one, other);
}

/** The ports of the engine's machine that a balancer holds. */
export function portsOf({ http, stats, tcp = {} }: Published): number[] {
  return [http, stats, ...Object.values(tcp)];
}

/** What a stopped node's exit code means. */
export function howItEnded(exitCode: number): string {
  if (exitCode === 70) return 'but some of its processes had to be killed (70)';
  if (exitCode === 137) return 'but it had to be killed (137)';
  return `with exit code ${exitCode}`;
}
