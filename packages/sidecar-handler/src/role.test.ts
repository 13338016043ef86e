import { conformance } from '@rollcall/conformance';
import { describe, it } from 'vitest';
import role from './index.ts';

describe('the role of a sidecar', () => {
  for (const { name, check } of conformance(role)) it(name, check);
});
