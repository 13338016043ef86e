import { type DecoderOptions, decodeMultiStream, encode } from '@msgpack/msgpack';
import * as v from 'valibot';
import { MembershipError } from './errors.ts';
import { ResponseHeader } from './wire.ts';

/** A response, or one record of a stream: its header and the body that belongs to it. */
export interface Frame {
  seq: number;
  /** The agent's words; empty when all is well. */
  error: string;
  body?: unknown;
}

const PROTO = '__proto__';

/**
 * Far above what an agent sends (a member takes about 1 kB), and low enough that what is not Serf at all cannot make the
 * decoder wait for gigabytes.
 */
const DECODING: DecoderOptions = {
  maxStrLength: 1 << 20,
  maxBinLength: 1 << 20,
  maxExtLength: 1 << 10,
  maxArrayLength: 1 << 20,
  maxMapLength: 1 << 16,
  // The decoder refuses a map with the key __proto__. A node may carry any tag at all, and one such would hide everybody.
  keyDecoder: {
    canBeCached: (byteLength) => byteLength === PROTO.length,
    decode: (bytes, offset, byteLength) => {
      const key = Buffer.from(bytes.subarray(offset, offset + byteLength)).toString();
      return key === PROTO ? `not ${PROTO}` : key;
    },
  },
};

/** A request as it goes over the wire: the header, then the body where the command has one. */
export function encodeRequest(command: string, seq: number, body?: object): Uint8Array {
  const header = encode({ Command: command, Seq: seq });
  return body === undefined ? header : Buffer.concat([header, encode(body)]);
}

/**
 * The frames in a stream of bytes. The protocol has neither lengths nor marks: whether a value is a header or the body of
 * the last one is for the receiver to know, so `bodyFollows` is asked at each header, after all earlier frames have been
 * dealt with. Throws `RPC_GARBLED` at anything else; a frame cut short by the end of the bytes is dropped.
 */
export async function* readFrames(
  chunks: AsyncIterable<Uint8Array>,
  bodyFollows: (header: ResponseHeader) => boolean,
): AsyncGenerator<Frame, void> {
  let header: ResponseHeader | undefined;
  for await (const value of decodeValues(chunks)) {
    if (header) {
      yield { seq: header.Seq, error: header.Error, body: value };
      header = undefined;
      continue;
    }
    header = parseHeader(value);
    if (bodyFollows(header)) continue;
    yield { seq: header.Seq, error: header.Error };
    header = undefined;
  }
}

async function* decodeValues(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void> {
  let failure: unknown;
  const watched = (async function* () {
    try {
      yield* chunks;
    } catch (error) {
      failure = error;
      throw error;
    }
  })();
  try {
    yield* decodeMultiStream(watched, DECODING);
  } catch (error) {
    if (failure !== undefined) throw failure;
    throw new MembershipError('RPC_GARBLED', 'The agent sent what is not msgpack', { cause: error });
  }
}

function parseHeader(value: unknown): ResponseHeader {
  const parsed = v.safeParse(ResponseHeader, value);
  if (parsed.success) return parsed.output;
  throw new MembershipError('RPC_GARBLED', 'The agent sent a value where a response was due');
}
