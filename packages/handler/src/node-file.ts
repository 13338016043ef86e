import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { agentConfig, isNodeName } from '@rollcall/membership';
import * as v from 'valibot';
import { HandlerError } from './errors.ts';
import { AGENT_FILE, NODE_FILE, RUN } from './paths.ts';
import { rpcPortFor } from './rpc-port.ts';
import { gossipKey, type Settings } from './settings.ts';

/** Who this node is and how its handler speaks with its agent; kept for one start of the container. */
const NodeFile = v.object({
  name: v.pipe(v.string(), v.check(isNodeName, 'the name is not one of a node')),
  boot: v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/, 'the boot is not twelve hexadecimal digits')),
  rpcAuthKey: v.pipe(v.string(), v.nonEmpty('the key of the RPC is empty')),
  /** Where the agent listens for RPC, on loopback. */
  rpcPort: v.pipe(
    v.number('there is no port of the RPC'),
    v.integer('the port of the RPC is not a whole number'),
  ),
});
export type NodeFile = Readonly<v.InferOutput<typeof NodeFile>>;

/** Only the node's own user reads these: they hold the gossip key and the key of the agent's RPC. */
const MODE = 0o600;

/** Whether a handler has prepared the node in this start of the container: the other services may be at work. */
export function isPrepared(): boolean {
  return existsSync(NODE_FILE);
}

/**
 * Makes the files that the agent and the handler start with; the handler's own last, as with that the node is prepared.
 *
 * @throws HandlerError `NOT_PREPARED` when the container was not started by its `/init`.
 */
export function writeNodeFiles(settings: Settings, key = gossipKey(settings.gossipKey)): NodeFile {
  const node: NodeFile = {
    name: settings.node,
    boot: randomBytes(6).toString('hex'),
    rpcAuthKey: randomBytes(24).toString('base64url'),
    rpcPort: rpcPortFor(settings.gossipPort),
  };
  const agent = agentConfig({
    name: node.name,
    gossipPort: settings.gossipPort,
    ...(settings.advertise === undefined ? {} : { advertise: settings.advertise }),
    ...(key === undefined ? {} : { key }),
    rpcPort: node.rpcPort,
    rpcAuth: node.rpcAuthKey,
  });
  try {
    writeFileSync(AGENT_FILE, `${JSON.stringify(agent, undefined, 2)}\n`, { mode: MODE });
    // Whole or not at all, whenever the handler is killed.
    writeFileSync(`${NODE_FILE}.new`, `${JSON.stringify(node)}\n`, { mode: MODE });
    renameSync(`${NODE_FILE}.new`, NODE_FILE);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new HandlerError('NOT_PREPARED', `${RUN} cannot be written to: ${why}`, { cause });
  }
  return node;
}

/**
 * Reads who this node is; undefined where no handler has run in this start of the container.
 *
 * @throws HandlerError `NOT_PREPARED` when the file is there and does not say it.
 */
export function readNodeFile(path = NODE_FILE): NodeFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new HandlerError('NOT_PREPARED', `${path} cannot be read`, { cause });
  }
  const node = v.safeParse(v.pipe(v.string(), v.parseJson(), NodeFile), text);
  if (node.success) return node.output;
  throw new HandlerError('NOT_PREPARED', `${path} does not say who this node is: ${node.issues[0].message}`);
}
