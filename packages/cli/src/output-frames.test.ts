import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { framesOf, linesOf } from './output-frames.ts';

function frame(stream: 1 | 2, text: string): Buffer {
  const bytes = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

async function* chunked(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

const sizes = fc.array(fc.nat({ max: 30 }), { maxLength: 20 });

it('finds the same frames however the bytes are cut', async () => {
  const frames = fc.array(fc.record({ stream: fc.constantFrom(1 as const, 2 as const), text: fc.string() }));
  await fc.assert(
    fc.asyncProperty(frames, sizes, async (sent, cuts) => {
      const bytes = Buffer.concat(sent.map(({ stream, text }) => frame(stream, text)));
      const seen = await collect(framesOf(chunked(bytes, cuts)));
      expect(seen.map(({ stream, bytes: part }) => ({ stream, text: part.toString() }))).toEqual(
        sent.map(({ stream, text }) => ({ stream: stream === 2 ? 'stderr' : 'stdout', text })),
      );
    }),
  );
});

it('puts the lines of each stream together, also when the other one comes in between', async () => {
  const bytes = Buffer.concat([
    frame(1, 'one\ntw'),
    frame(2, 'oops\r\nno end'),
    frame(1, 'o\n\n'),
    frame(1, 'grüß'),
  ]);
  const lines = await collect(linesOf(framesOf(chunked(bytes, [3, 9, 1]))));
  expect(lines).toEqual(['one', 'oops', 'two', '', 'grüß', 'no end']);
});
