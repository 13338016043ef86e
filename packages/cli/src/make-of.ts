import { type Environment, type FoundContainer, isWebNode, type Spec } from './cluster.ts';
import type { Engine } from './engine.ts';
import { CliError } from './errors.ts';
import { prefixOf, usualPrefix } from './names.ts';

/** A container whose label tells what it was made from. */
export type Model = FoundContainer & { readonly spec: Spec };

/** The newest balancer: further ones are made like it, when nothing else is said. */
export function newestBalancer(containers: readonly FoundContainer[]): Model | undefined {
  return newest(containers.filter(({ role }) => role === 'balancer'));
}

/** The newest node of a service, sidecars left aside: as with balancers. */
export function newestNode(containers: readonly FoundContainer[], service: string): Model | undefined {
  return newest(nodesOf(containers, service));
}

function newest(containers: readonly FoundContainer[]): Model | undefined {
  return containers
    .flatMap((each) => (each.spec ? [{ ...each, spec: each.spec }] : []))
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0];
}

/** The nodes of a service, sidecars left aside. */
export function nodesOf(containers: readonly FoundContainer[], service: string): FoundContainer[] {
  return containers.filter((each) => isWebNode(each) && each.service === service);
}

/** The services that have nodes, sidecars left aside. */
export function servicesOf(containers: readonly FoundContainer[]): string[] {
  return [...new Set(containers.filter(isWebNode).flatMap(({ service }) => service ?? []))].sort();
}

/** What the names of a service's nodes begin with. */
export function currentPrefix(containers: readonly FoundContainer[], service: string): string {
  const model = newestNode(containers, service);
  return model ? prefixOf(model.node) : usualPrefix(service);
}

/** What is said now put over what was said before. */
export function specFrom(
  said: { readonly image?: string | undefined; readonly env?: Environment | undefined },
  before: Spec | undefined,
  usualImage: string,
): Pick<Spec, 'image' | 'env'> {
  return { image: said.image ?? before?.image ?? usualImage, env: said.env ?? before?.env ?? {} };
}

/** @throws CliError `IMAGE_ABSENT` */
export async function requireImage(engine: Engine, image: string): Promise<string> {
  const id = await engine.imageId(image);
  if (id !== undefined) return id;
  const advice = image.startsWith('rollcall/')
    ? 'Build the images of this workspace with `npm start`, or `npx nx run-many -t build`.'
    : `Build it, or get it with \`docker pull ${image}\`.`;
  throw new CliError('IMAGE_ABSENT', `the engine at ${engine.host} has no image "${image}"`, { advice });
}
