import { conformance } from '@rollcall/conformance';
import { describe, it } from 'vitest';

const { default: role } = await import(new URL('../rootfs/opt/rollcall/role/index.js', import.meta.url).href);

describe('the role of a node that has no other', () => {
  for (const { name, check } of conformance(role)) it(name, check);
});
