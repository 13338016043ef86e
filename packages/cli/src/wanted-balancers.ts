import type { Environment, FoundContainer, WantedContainer } from './cluster.ts';
import type { Engine, EngineContainer } from './engine.ts';
import { firstPlace, type PlaceSaid } from './first-place.ts';
import { newestBalancer, requireImage, specFrom } from './make-of.ts';
import { balancerName } from './names.ts';
import { portHolder } from './port-holder.ts';
import { choosePorts } from './ports.ts';

export const USUAL_BALANCER_IMAGE = 'rollcall/haproxy';

/** What is said of the balancers; what is not said stays as it was. */
export interface BalancersSaid extends PlaceSaid {
  readonly cluster: string;
  readonly balancers: number | undefined;
  readonly 'balancer-image': string | undefined;
  readonly 'balancer-env': Environment | undefined;
}

/**
 * The balancers that a cluster should have.
 *
 * @param routed ports of the routes by TCP that are spoken of
 * @param all what the engine has
 * @throws CliError `IMAGE_ABSENT`, `PORT_TAKEN`, `USAGE`
 */
export async function wantedBalancers(
  said: BalancersSaid,
  routed: readonly number[],
  containers: readonly FoundContainer[],
  engine: Engine,
  all: readonly EngineContainer[],
): Promise<WantedContainer[]> {
  const found = containers.filter(({ role }) => role === 'balancer');
  const spec = specFrom(
    { image: said['balancer-image'], env: said['balancer-env'] },
    newestBalancer(containers)?.spec,
    USUAL_BALANCER_IMAGE,
  );
  const imageId = await requireImage(engine, spec.image);
  const places = await choosePorts(
    said.balancers ?? (found.length || 1),
    firstPlace(said, routed, found),
    found,
    portHolder(engine, all, said.cluster),
  );
  return places.map((published, index) => ({
    node: balancerName(index),
    role: 'balancer',
    spec: { ...spec, published },
    imageId,
  }));
}
