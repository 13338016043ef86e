import type { Attention } from '@rollcall/membership';
import type { Role } from './role.ts';

/** A backend takes what it is sent, whoever else is there; every other node may have to follow who comes and goes at once. */
export function attentionOf({ backendTags }: Pick<Role, 'backendTags'>): Attention {
  return backendTags ? 'loose' : 'close';
}
