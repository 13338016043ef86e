import { ipLiteral } from './address.ts';
import type { Member, MemberStatus, View } from './member.ts';
import { compareNames } from './member-diff.ts';
import { escapeNodeName, isNodeName } from './node-name.ts';
import { parseTags } from './tags.ts';
import type { MemberRecord } from './wire.ts';

const STATUSES: readonly string[] = ['alive', 'leaving', 'left', 'failed'] satisfies MemberStatus[];

/** What the agent's records amount to. One that is not to be trusted becomes a refused member, and hurts no other. */
export function viewOf(records: readonly MemberRecord[]): View {
  // `none` is a name that was heard of in passing, not a member.
  const known = records.filter((record) => STATUSES.includes(record.Status));
  return { members: known.map(memberOf).sort(compareNames) };
}

function memberOf(record: MemberRecord): Member {
  const status = record.Status as MemberStatus;
  const address = ipLiteral(record.Addr);
  if (!isNodeName(record.Name)) {
    const refused = 'its name is not 1-63 letters, digits and ._-';
    return { name: escapeNodeName(record.Name), address: address ?? '', status, refused };
  }
  if (address === undefined) {
    return { name: record.Name, address: '', status, refused: 'its address is neither IPv4 nor IPv6' };
  }
  return { name: record.Name, address, status, ...parseTags(record.Tags) };
}
