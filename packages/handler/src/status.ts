import { isBackend, type Member, type View } from '@rollcall/membership';
import type { ServiceStatus } from '@rollcall/supervision';
import type { NodeIdentity } from './context.ts';

/**
 * What a node is doing: starting (its agent has not answered yet), running, draining (going out of service),
 * drained (out of service, nothing in flight), stopped.
 */
export type Phase = 'starting' | 'running' | 'draining' | 'drained' | 'stopped';

/** A member as the status shows it; of a refused one only what is safe to print. */
export interface MemberStatusLine {
  readonly name: string;
  readonly address: string;
  readonly status: Member['status'];
  readonly role?: string;
  readonly state?: string;
  /** Of a backend: which it is a server of. */
  readonly service?: string;
  /** Why the member is not looked at, when its name or tags are not allowed. */
  readonly refused?: string;
}

/** The contents of `/run/rollcall/status.json`. */
export interface NodeStatus {
  readonly node: string;
  readonly boot: string;
  /** What the room knows it as: `backend`, `balancer`, `member`, ... */
  readonly role: string;
  /** The name of its role package: `webapp`, `static`, `balancer`, ... */
  readonly type: string;
  readonly phase: Phase;
  readonly members: readonly MemberStatusLine[];
  readonly services: readonly ServiceStatus[];
  /** What a person should know of: why the node is not healthy. */
  readonly problem?: string;
  /** What the role tells of itself. */
  readonly roleStatus: unknown;
}

export interface StatusParts {
  readonly identity: NodeIdentity;
  readonly role: string;
  readonly type: string;
  readonly phase: Phase;
  readonly view: View | undefined;
  readonly services: readonly ServiceStatus[];
  readonly problem: string | undefined;
  readonly roleStatus: unknown;
}

/** Puts a node's status together. */
export function nodeStatus(parts: StatusParts): NodeStatus {
  return {
    node: parts.identity.name,
    boot: parts.identity.boot,
    role: parts.role,
    type: parts.type,
    phase: parts.phase,
    members: parts.view?.members.map(memberLine) ?? [],
    services: parts.services,
    ...(parts.problem === undefined ? {} : { problem: parts.problem }),
    roleStatus: parts.roleStatus ?? null,
  };
}

function memberLine(member: Member): MemberStatusLine {
  const { name, address, status } = member;
  if ('refused' in member) return { name, address, status, refused: member.refused };
  const { tags } = member;
  const backend = isBackend(tags) ? { state: tags.state, service: tags.service } : {};
  return { name, address, status, role: tags.role, ...backend };
}
