const HEADER_BYTES = 8;
const STDERR = 2;

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which the engine got them. */
  readonly both: string;
}

/**
 * Takes apart what the engine sends for a container or an exec without a terminal: frames of
 * `[stream, 0, 0, 0, length as u32 big-endian]` and the bytes (Engine API, "Attach to a container").
 *
 * docker-modem's `demuxStream` recurses and copies the rest once per frame, which a long log does not survive.
 */
export function demultiplex(raw: Buffer): Output {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[], both: [] as Buffer[] };
  for (let at = 0; at + HEADER_BYTES <= raw.length; ) {
    const end = at + HEADER_BYTES + raw.readUInt32BE(at + 4);
    const bytes = raw.subarray(at + HEADER_BYTES, end);
    (raw[at] === STDERR ? parts.stderr : parts.stdout).push(bytes);
    parts.both.push(bytes);
    at = end;
  }
  const text = (buffers: Buffer[]) => Buffer.concat(buffers).toString('utf8');
  return { stdout: text(parts.stdout), stderr: text(parts.stderr), both: text(parts.both) };
}
