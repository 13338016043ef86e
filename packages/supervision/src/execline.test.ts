import { describe, expect, it } from 'vitest';
import { ref, word, words } from './execline.ts';

// That words come out of real scripts unharmed is held by the tests of the base image.
describe('a word in an execline script', () => {
  it.each([
    ['/usr/bin/node', '/usr/bin/node'],
    ['-config-file', '-config-file'],
    ['', '""'],
    ['two words', '"two words"'],
    ['{', '"{"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['back\\slash', '"back\\\\slash"'],
    ['#not a comment', '"#not a comment"'],
  ])('%j is written %s', (text, written) => {
    expect(word(text)).toBe(written);
  });

  it('keeps what looks like a substitution from being one', () => {
    const path = ref('path');
    expect(word(path, ['path'])).toBe(`"\\\\${path}"`);
    expect(word('$path', ['path'])).toBe('"\\\\$path"');
    expect(word(`\\${path}`, ['path'])).toBe(`"\\\\\\\\\\\\${path}"`);
  });

  it('leaves alone what the script does not substitute', () => {
    expect(word(`${ref('HOME')} $paths`, ['path'])).toBe(`"${ref('HOME')} $paths"`);
  });

  it('is one of several, separated by blanks', () => {
    expect(words(['echo', 'a b'])).toBe('echo "a b"');
  });
});
