import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { openAnswer, openAsk, sealAnswer, sealAsk, sealRefusal } from './envelope.ts';

const schema = v.object({ node: v.string() });
const envelope = { from: 's1', nonce: 'n', limitMs: 1_000, ask: { node: 'x' } };

test('what is sealed is opened again', () => {
  expect(openAsk(sealAsk(envelope), schema)).toEqual({ content: envelope });
  expect(openAnswer(sealAnswer({ node: 'x' }), schema)).toEqual({ content: { node: 'x' } });
  expect(openAnswer(sealRefusal('no'), schema)).toEqual({ refused: 'no' });
});

test('the reason of another node is one line, and not long', () => {
  const hostile = Buffer.from(JSON.stringify({ refused: `no\n\u001b[2J${'x'.repeat(900)}` }));
  expect(openAnswer(hostile, schema)).toEqual({ refused: expect.stringMatching(/^no\?\?\[2Jx{100,200}$/) });
  expect(sealRefusal('x'.repeat(5_000)).length).toBeLessThan(300);
});

test('anything else is refused, in one line', () => {
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, (mess) => {
      for (const opened of [openAsk(mess, schema), openAnswer(mess, schema)]) {
        expect(opened).toEqual({ refused: expect.stringMatching(/^\P{C}+$/u) });
      }
    }),
  );
});
