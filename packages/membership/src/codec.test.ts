import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeRequest, type Frame, readFrames } from './codec.ts';

/** Any header; those with an even Seq have a body. */
const bodyFollows = ({ Seq }: { Seq: number }) => Seq % 2 === 0;

async function* chunked(bytes: Uint8Array, cuts: readonly number[] = []): AsyncGenerator<Uint8Array> {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let start = 0;
  for (const end of ends) {
    // A chunk's memory may be used again for the next: nobody may hold on to it.
    const chunk = Uint8Array.from(bytes.subarray(start, end));
    yield chunk;
    start = end;
  }
}

async function framesIn(bytes: Uint8Array, cuts?: readonly number[]): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of readFrames(chunked(bytes, cuts), bodyFollows)) frames.push(frame);
  return frames;
}

const encodeFrame = ({ seq, error, body }: Frame): Uint8Array =>
  Buffer.concat([encode({ Seq: seq, Error: error }), seq % 2 === 0 ? encode(body) : Buffer.of()]);

const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.record({ Log: fc.string({ maxLength: 300 }) }),
  fc.record({ Members: fc.array(fc.record({ Name: fc.string(), Addr: fc.uint8Array(), Port: fc.nat() })) }),
  fc.constant(null),
);
const frames = fc.oneof(
  fc.record({ seq: fc.nat({ max: 1 << 20 }).map((half) => half * 2), error: fc.string(), body: bodies }),
  fc.record({ seq: fc.nat({ max: 1 << 20 }).map((half) => half * 2 + 1), error: fc.string() }),
);

test('frames come out as they went in, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(frames, { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      async (list, cuts) => {
        expect(await framesIn(Buffer.concat(list.map(encodeFrame)), cuts)).toEqual(list);
      },
    ),
  );
});

test('one byte at a time is as good as all at once', async () => {
  const list: Frame[] = [
    { seq: 2, error: '', body: { Members: [{ Name: 's1', Addr: Uint8Array.of(10, 0, 0, 1) }] } },
    { seq: 1, error: 'no' },
  ];
  const bytes = Buffer.concat(list.map(encodeFrame));
  const cuts = Array.from(bytes, (_, at) => at);
  expect(await framesIn(bytes, cuts)).toEqual(list);
});

test('a frame that the end cuts short is dropped', async () => {
  const bytes = Buffer.concat(
    [
      { seq: 1, error: '' },
      { seq: 2, error: '', body: 'a body' },
    ].map(encodeFrame),
  );
  expect(await framesIn(bytes.subarray(0, -1))).toEqual([{ seq: 1, error: '' }]);
});

test('a body is asked for only after the frames before it have been dealt with', async () => {
  const bytes = Buffer.concat([
    encode({ Seq: 1, Error: '' }),
    encode({ Seq: 1, Error: '' }),
    encode('record'),
  ]);
  let acknowledged = false;
  const seen: Frame[] = [];
  for await (const frame of readFrames(chunked(bytes), () => acknowledged)) {
    acknowledged = true;
    seen.push(frame);
  }
  expect(seen).toEqual([
    { seq: 1, error: '' },
    { seq: 1, error: '', body: 'record' },
  ]);
});

test('a member with a tag named __proto__ hides nobody', async () => {
  const tags = new Map([
    ['__proto__', 'x'],
    ['role', 'member'],
  ]);
  const body = Buffer.concat([Buffer.of(0x82), ...[...tags].flat().map((text) => encode(text))]);
  const [frame] = await framesIn(Buffer.concat([encode({ Seq: 2, Error: '' }), body]));
  expect(frame?.body).toEqual({ 'not __proto__': 'x', role: 'member' });
});

test.each<[string, Uint8Array]>([
  ['an unknown type', Uint8Array.of(0xc1)],
  ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['a header without Seq', encode({ Error: '' })],
  ['a header without Error', encode({ Seq: 1 })],
  ['a body where a header is due', encode(['members'])],
  ['a map of gigabytes', Uint8Array.of(0xdf, 0xff, 0xff, 0xff, 0xff)],
  ['text of gigabytes', Uint8Array.of(0xdb, 0xff, 0xff, 0xff, 0xff)],
])('%s is garbled', async (_what, bytes) => {
  await expect(framesIn(bytes)).rejects.toMatchObject({ code: 'RPC_GARBLED' });
});

test('garbage ends in an error of ours or in nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const outcome = await framesIn(bytes).catch((error) => error);
      if (!Array.isArray(outcome)) expect(outcome).toMatchObject({ code: 'RPC_GARBLED' });
    }),
  );
});

test('an error of the stream itself stays what it is', async () => {
  const broken = (async function* () {
    yield encode({ Seq: 1, Error: '' });
    throw new Error('ECONNRESET');
  })();
  const reading = async () => {
    for await (const _ of readFrames(broken, bodyFollows));
  };
  await expect(reading()).rejects.toThrow('ECONNRESET');
});

test('a request is its header, then its body', async () => {
  const bytes = encodeRequest('join', 7, { Existing: ['a'], Replay: false });
  expect(Buffer.from(bytes)).toEqual(
    Buffer.concat([encode({ Command: 'join', Seq: 7 }), encode({ Existing: ['a'], Replay: false })]),
  );
  expect(encodeRequest('members', 8)).toEqual(encode({ Command: 'members', Seq: 8 }));
});
