const BLOCK = 512;
/** Where a header has its fields: https://www.gnu.org/software/tar/manual/html_node/Standard.html */
const SIZE = { at: 124, length: 12 };
const TIME = { at: 136, length: 12 };
const SUM = { at: 148, length: 8 };

/**
 * Gives every file in a tar archive that is younger than `latest` (seconds since 1970) that time. All other bytes stay
 * as they are, so that nothing of a layer is lost that a tar library does not know.
 *
 * @param archive is changed
 */
export function clampTimes(archive: Buffer, latest: number): void {
  let at = 0;
  while (at + BLOCK <= archive.length) {
    const header = archive.subarray(at, at + BLOCK);
    // Two blocks of zeros end it.
    if (header[0] === 0) return;
    if (numberIn(header, TIME) > latest) {
      header.write(`${latest.toString(8).padStart(TIME.length - 1, '0')}\0`, TIME.at, 'latin1');
      header.write(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, SUM.at, 'latin1');
    }
    at += BLOCK + Math.ceil(numberIn(header, SIZE) / BLOCK) * BLOCK;
  }
}

/** Octal digits, or, with the first bit set, a big-endian number: what does not fit into octal digits. */
function numberIn(header: Buffer, { at, length }: { at: number; length: number }): number {
  const field = header.subarray(at, at + length);
  if (((field[0] ?? 0) & 0x80) !== 0) return field.readUIntBE(length - 6, 6);
  return Number.parseInt(field.toString('latin1'), 8) || 0;
}

/** The sum of the header's bytes, its own field taken for blanks. */
function sumOf(header: Buffer): number {
  const bytes = Buffer.from(header);
  bytes.fill(' ', SUM.at, SUM.at + SUM.length);
  return bytes.reduce((sum, byte) => sum + byte, 0);
}
