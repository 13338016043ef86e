import * as v from 'valibot';
import type { FoundContainer, Role, Spec } from './cluster.ts';
import type { EngineContainer } from './engine.ts';
import { byNumber } from './names.ts';

export const CLUSTER_LABEL = 'rollcall.cluster';
const NODE_LABEL = 'rollcall.node';
const ROLE_LABEL = 'rollcall.role';
/** Backends only. */
const SERVICE_LABEL = 'rollcall.service';
/** The container's `Spec` as JSON. The image's id is not in it: the engine knows that itself. */
const SPEC_LABEL = 'rollcall.spec';

const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const specLabel = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    image: v.string(),
    env: v.record(v.string(), v.string()),
    service: v.exactOptional(v.string()),
    routes: v.exactOptional(v.array(v.string())),
    published: v.exactOptional(
      v.object({
        bind: v.string(),
        http: port,
        stats: port,
        tcp: v.exactOptional(v.record(v.string(), port)),
      }),
    ),
    app: v.exactOptional(v.object({ name: v.string(), connected: v.boolean() })),
  }),
);
const labels = v.object({
  [CLUSTER_LABEL]: v.string(),
  [NODE_LABEL]: v.string(),
  [ROLE_LABEL]: v.picklist(['balancer', 'backend']),
  [SERVICE_LABEL]: v.exactOptional(v.string()),
  [SPEC_LABEL]: v.fallback(v.union([specLabel, v.undefined()]), undefined),
});

export function labelsOf(cluster: string, node: string, role: Role, spec: Spec): Record<string, string> {
  return {
    [CLUSTER_LABEL]: cluster,
    [NODE_LABEL]: node,
    [ROLE_LABEL]: role,
    ...(spec.service !== undefined && { [SERVICE_LABEL]: spec.service }),
    [SPEC_LABEL]: JSON.stringify(spec),
  };
}

/** The containers of a cluster among all that the engine has: balancers first, each kind by number. */
export function containersOf(cluster: string, all: readonly EngineContainer[]): FoundContainer[] {
  const found = all.flatMap((container) => {
    const parsed = v.safeParse(labels, container.labels);
    if (!parsed.success || parsed.output[CLUSTER_LABEL] !== cluster) return [];
    const {
      [NODE_LABEL]: node,
      [ROLE_LABEL]: role,
      [SERVICE_LABEL]: service,
      [SPEC_LABEL]: spec,
    } = parsed.output;
    const { id, name, imageId, state, createdAt } = container;
    return [{ id, name, node, role, service, imageId, state, createdAt, spec }];
  });
  const rank = ({ role }: FoundContainer) => (role === 'balancer' ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b) || byNumber(a.node, b.node));
}

/** The names of all clusters on the engine. */
export function clustersOn(all: readonly EngineContainer[]): string[] {
  return [...new Set(all.flatMap((container) => container.labels[CLUSTER_LABEL] ?? []))].sort();
}
