import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { agentConfig } from '@rollcall/membership';
import type { NodeIdentity } from './context.ts';
import { HandlerError } from './errors.ts';
import { AGENT_FILE, NODE_FILE, RPC } from './paths.ts';
import { gossipKey, type Settings } from './settings.ts';

/** Who this node is and how its handler speaks with its agent; kept for one start of the container. */
export interface NodeFile extends NodeIdentity {
  readonly rpcAuthKey: string;
}

/** Only the node's own user reads these: they hold the gossip key and the key of the agent's RPC. */
const MODE = 0o600;

/** Makes the files that the agent and the handler start with. */
export function writeNodeFiles(settings: Settings, key = gossipKey(settings.gossipKey)): NodeFile {
  const node: NodeFile = {
    name: settings.node,
    boot: randomBytes(6).toString('hex'),
    rpcAuthKey: randomBytes(24).toString('base64url'),
  };
  const agent = agentConfig({
    name: node.name,
    gossipPort: settings.gossipPort,
    ...(settings.advertise === undefined ? {} : { advertise: settings.advertise }),
    ...(key === undefined ? {} : { key }),
    rpcPort: RPC.port,
    rpcAuth: node.rpcAuthKey,
  });
  writeFileSync(AGENT_FILE, `${JSON.stringify(agent, undefined, 2)}\n`, { mode: MODE });
  writeFileSync(NODE_FILE, `${JSON.stringify(node)}\n`, { mode: MODE });
  return node;
}

/**
 * Reads who this node is.
 *
 * @throws HandlerError `NOT_PREPARED` when the container was not started by its `/init`.
 */
export function readNodeFile(): NodeFile {
  try {
    return JSON.parse(readFileSync(NODE_FILE, 'utf8')) as NodeFile;
  } catch (error) {
    throw new HandlerError(
      'NOT_PREPARED',
      `${NODE_FILE} cannot be read: the handler is started by the container's /init, which prepares it`,
      { cause: error },
    );
  }
}
