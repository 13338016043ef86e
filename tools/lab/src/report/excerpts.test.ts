import { expect, it } from 'vitest';
import { blockOf, linesWith, shorter } from './excerpts.ts';

const text = 'frontend a\n  bind *:80\n\nbackend b\n  server s1\n  server s2\n';

it('takes the lines with a word', () => {
  expect(linesWith(text, 'server')).toBe('  server s1\n  server s2');
});

it('takes a block up to the next empty line, or to the end', () => {
  expect(blockOf(text, 'frontend')).toBe('frontend a\n  bind *:80');
  expect(blockOf('backend b\n  server s1', 'backend')).toBe('backend b\n  server s1');
});

it('refuses a block that is not there, so that no excerpt is empty unseen', () => {
  expect(() => blockOf(text, 'listen')).toThrow('no line starts with "listen"');
});

it('cuts what is wider than a page', () => {
  expect(shorter(`short\n${'x'.repeat(200)}`)).toBe(`short\n${'x'.repeat(149)}…`);
});
