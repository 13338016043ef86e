import { HandlerError } from './errors.ts';
import { ROLE_MODULE } from './paths.ts';
import type { Role } from './role.ts';

/**
 * The role that this image has.
 *
 * @throws HandlerError `BAD_ROLE` when the image's role module cannot be imported or does not export a role.
 */
export async function loadRole(path = ROLE_MODULE): Promise<Role> {
  let exported: { default?: Partial<Role> };
  try {
    exported = await import(path);
  } catch (error) {
    throw new HandlerError('BAD_ROLE', `${path} cannot be imported: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const role = exported.default;
  if (typeof role?.name === 'string' && typeof role.start === 'function') return role as Role;
  throw new HandlerError('BAD_ROLE', `${path} does not export a role as its default`);
}
