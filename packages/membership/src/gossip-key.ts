import { randomBytes } from 'node:crypto';
import { MembershipError } from './errors.ts';

/** Bytes of a key: AES-128, AES-192 or AES-256. */
const KEY_SIZES = [16, 24, 32];

/** A new key that all nodes of a cluster are to share: 32 random bytes, base64. */
export function generateGossipKey(): string {
  return randomBytes(32).toString('base64');
}

/**
 * A gossip key as people hand it over (a variable, a file with a newline at its end): the base64 text, trimmed.
 * Throws `GOSSIP_KEY_INVALID`; the message never shows the key.
 */
export function parseGossipKey(text: string): string {
  const key = text.trim();
  const bytes = Buffer.from(key, 'base64');
  // Buffer skips what is not base64; Serf refuses it.
  if (bytes.toString('base64') !== key) {
    throw new MembershipError('GOSSIP_KEY_INVALID', 'The gossip key is not base64');
  }
  if (!KEY_SIZES.includes(bytes.length)) {
    throw new MembershipError(
      'GOSSIP_KEY_INVALID',
      `The gossip key has ${bytes.length} bytes; it must have 16, 24 or 32`,
    );
  }
  return key;
}
