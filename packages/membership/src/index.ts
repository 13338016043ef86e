export { type AgentSettings, agentConfig, DEFAULT_GOSSIP_PORT } from './agent-config.ts';
export { drainQuery, idleQuery } from './announcements.ts';
export { isMembershipError, MembershipError, type MembershipErrorCode } from './errors.ts';
export { generateGossipKey, parseGossipKey } from './gossip-key.ts';
export type { Log } from './log.ts';
export type { Attention } from './looks.ts';
export type { Member, MemberStatus, View } from './member.ts';
export { type Change, diffViews } from './member-diff.ts';
export { isNodeName } from './node-name.ts';

export { OneAtATime } from './one-at-a-time.ts';
export {
  type AnswerHandler,
  type Answers,
  type AskOptions,
  defineQuery,
  type Occasion,
  type Queries,
  type Query,
} from './query.ts';
export type { IsReachable } from './reachable.ts';
export { Room, type RoomOptions } from './room.ts';
export { type Claim, DEFAULT_ROUTE, parseRoute, parseRoutes, type Route, tcpPortOf } from './route.ts';
export { parseSeed, type Seed } from './seeds.ts';
export { type LogLevel, type RpcOptions, SerfClient } from './serf-client.ts';
export {
  BACKEND,
  type BackendState,
  type BackendTags,
  type Check,
  claimsOf,
  encodeTags,
  isBackend,
  isRole,
  type PlainTags,
  parseTags,
  type Tags,
} from './tags.ts';
export type { MemberRecord, QueryBody, QueryEventRecord, QueryRecord } from './wire.ts';
