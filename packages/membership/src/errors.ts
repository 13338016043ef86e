/** Every error of this package: its code, and what to do about it. README.md lists the same codes. */
export const MEMBERSHIP_ERRORS = {
  RPC_UNREACHABLE: 'Is the Serf agent running, and listening on this address?',
  RPC_CLOSED: 'The agent ended the connection, or was restarted: ask again once it is back.',
  RPC_TIMEOUT: 'The agent accepts connections but does not answer: look at its log, then restart it.',
  RPC_UNAUTHORIZED: 'Give the client the rpc_auth key of the agent it talks to.',
  RPC_REFUSED: 'The agent understood the command and would not do it: its own words say why.',
  RPC_GARBLED: 'What answers here does not speak Serf RPC version 1: check host and port.',
  TAGS_INVALID: 'Correct the value that is named: other nodes would refuse these tags.',
  TAGS_TOO_LONG: 'Shorten the names, the routes or the path of the check: Serf carries 512 bytes of tags.',
  QUERY_INVALID: 'Give the query a payload that fits the schema it was defined with.',
  QUERY_TOO_LONG: 'Send less: a query with its headers fits into one packet of 1,024 bytes.',
  QUERY_ANSWERED_TWICE: 'Answer each query by one handler only.',
  SEED_INVALID: 'Write a seed as host, host:port or [IPv6]:port.',
  GOSSIP_KEY_INVALID: 'Make a key with `openssl rand -base64 32` and give the same one to every node.',
  AGENT_CONFIG_INVALID: 'Correct the setting that is named: the agent would not start with it.',
  ROOM_CLOSED: 'Nothing can be asked of a room after close(): open a new one.',
} as const satisfies Record<string, string>;

export type MembershipErrorCode = keyof typeof MEMBERSHIP_ERRORS;

/** What went wrong, where (the message), what to do (its last sentence) and why (`cause`). */
export class MembershipError extends Error {
  readonly code: MembershipErrorCode;

  constructor(code: MembershipErrorCode, what: string, options?: ErrorOptions) {
    super(`${what}. ${MEMBERSHIP_ERRORS[code]}`, options);
    this.name = 'MembershipError';
    this.code = code;
  }
}

export function isMembershipError(error: unknown, ...codes: MembershipErrorCode[]): error is MembershipError {
  return error instanceof MembershipError && (codes.length === 0 || codes.includes(error.code));
}

/** The words of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
