import type { BackendTags } from '@rollcall/membership';
import { expect, it } from 'vitest';
import { attentionOf } from './attention.ts';

it('is close for whoever follows the others, such as a balancer', () => {
  expect(attentionOf({})).toBe('close');
});

it('is loose for a backend of any type, of which a host has many', () => {
  expect(attentionOf({ backendTags: () => ({}) as BackendTags })).toBe('loose');
});
