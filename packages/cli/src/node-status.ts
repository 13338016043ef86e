import { type NodeStatus, STATUS_FILE } from '@rollcall/handler';
import * as v from 'valibot';
import type { FoundContainer } from './cluster.ts';
import type { Engine } from './engine.ts';

const phase = v.picklist(['starting', 'running', 'draining', 'drained', 'stopped']);
/** What the cli reads of a node's status. An image may be older or newer than the cli: the rest is let pass. */
const nodeStatus = v.looseObject({
  node: v.string(),
  boot: v.string(),
  role: v.string(),
  phase,
  members: v.array(
    v.looseObject({
      name: v.string(),
      address: v.string(),
      status: v.picklist(['alive', 'leaving', 'left', 'failed']),
      role: v.exactOptional(v.string()),
      state: v.exactOptional(v.string()),
      refused: v.exactOptional(v.string()),
    }),
  ),
  problem: v.exactOptional(v.string()),
  roleStatus: v.unknown(),
});

export type ReadStatus = Pick<
  NodeStatus,
  'node' | 'boot' | 'role' | 'phase' | 'members' | 'problem' | 'roleStatus'
>;

/**
 * What a node tells of itself; undefined while it has not written its status, or does not run.
 *
 * A status that cannot be understood counts as none: the image is of another Rollcall.
 */
export async function readStatus(engine: Engine, { id }: FoundContainer): Promise<ReadStatus | undefined> {
  const result = await engine.exec(id, ['cat', STATUS_FILE]);
  if (result?.exitCode !== 0) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), nodeStatus), result.stdout);
  return parsed.success ? parsed.output : undefined;
}

/** The statuses of several nodes, by name. */
export async function readStatuses(
  engine: Engine,
  containers: readonly FoundContainer[],
): Promise<Map<string, ReadStatus | undefined>> {
  const read = containers.map(async (each) => [each.node, await readStatus(engine, each)] as const);
  return new Map(await Promise.all(read));
}
