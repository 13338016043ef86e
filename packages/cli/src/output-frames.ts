const HEADER_BYTES = 8;

export interface Frame {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

/**
 * Takes apart what the engine sends for a container or an exec without a terminal: frames of
 * `[stream, 0, 0, 0, length as u32 big-endian]` and the bytes (Engine API, "Attach to a container").
 *
 * docker-modem's `demuxStream` recurses and copies the rest once per frame, which a long log does not survive.
 */
export async function* framesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest: Buffer[] = [];
  let have = 0;
  let need = HEADER_BYTES;
  for await (const chunk of chunks) {
    rest.push(chunk);
    have += chunk.length;
    if (have < need) continue;
    const bytes = Buffer.concat(rest);
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      need = HEADER_BYTES + bytes.readUInt32BE(at + 4);
      if (bytes.length - at < need) break;
      yield {
        stream: bytes[at] === 2 ? 'stderr' : 'stdout',
        bytes: bytes.subarray(at + HEADER_BYTES, at + need),
      };
      at += need;
      need = HEADER_BYTES;
    }
    rest = [bytes.subarray(at)];
    have = bytes.length - at;
  }
}

/** The lines in both streams of the frames, each whole; a last one without an end comes at the end. */
export async function* linesOf(frames: AsyncIterable<Frame>): AsyncGenerator<string> {
  const begun: Record<Frame['stream'], Buffer[]> = { stdout: [], stderr: [] };
  for await (const { stream, bytes } of frames) {
    let at = 0;
    for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', at)) {
      const line = Buffer.concat([...begun[stream], bytes.subarray(at, end)]);
      begun[stream] = [];
      at = end + 1;
      yield line.toString('utf8').replace(/\r$/, '');
    }
    if (at < bytes.length) begun[stream].push(bytes.subarray(at));
  }
  for (const parts of Object.values(begun)) {
    if (parts.length > 0) yield Buffer.concat(parts).toString('utf8');
  }
}
