import type { Environment, FoundContainer, Role, Spec } from './cluster.ts';
import type { Engine } from './engine.ts';
import { CliError } from './errors.ts';
import { prefixOf } from './names.ts';

const DEFAULT_PREFIX = 's';

/** The newest container of a role, sidecars left aside: further ones are made like it, when nothing else is said. */
export function newest(
  containers: readonly FoundContainer[],
  role: Role,
): (FoundContainer & { spec: Spec }) | undefined {
  return containers
    .flatMap((each) =>
      each.role === role && each.spec && !each.spec.app ? [{ ...each, spec: each.spec }] : [],
    )
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0];
}

/** What the names of the cluster's nodes begin with. */
export function currentPrefix(containers: readonly FoundContainer[]): string {
  const model = newest(containers, 'backend');
  return model ? prefixOf(model.node) : DEFAULT_PREFIX;
}

/** What is said now put over what was said before. */
export function specFrom(
  said: { readonly image?: string | undefined; readonly env?: Environment | undefined },
  before: Spec | undefined,
  usualImage: string,
): Spec {
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
