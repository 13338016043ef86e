import { conformance } from '@rollcall/conformance';
import { describe, it } from 'vitest';
import role from './index.ts';

describe('the role of a static node', () => {
  for (const { name, check } of conformance(role)) it(name, check);
});
