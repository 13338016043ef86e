import { expect, test } from 'vitest';
import { imagesNamedByFrom } from './dockerfile.ts';

test('the last image is the one that the image descends from', () => {
  expect(imagesNamedByFrom('FROM rollcall/os AS packages\nRUN x\n\nFROM rollcall/base\n')).toEqual([
    'rollcall/os',
    'rollcall/base',
  ]);
});

test("a stage's name is no image", () => {
  expect(imagesNamedByFrom('FROM rollcall/base AS one\nFROM One AS two\n')).toEqual(['rollcall/base']);
});

test('an image named twice counts where it is named last', () => {
  expect(imagesNamedByFrom('FROM a AS one\nFROM b\nFROM one')).toEqual(['b', 'a']);
});

test('flags and case do not matter, comments and other words do', () => {
  expect(imagesNamedByFrom('# FROM x\nfrom --platform=linux/amd64 a:1 as b\nCOPY --from=c / /\n')).toEqual([
    'a:1',
  ]);
});
