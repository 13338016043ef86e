const WIDTH = 150;

/** The lines that have a word in them. */
export function linesWith(text: string, word: string): string {
  return shorter(
    text
      .split('\n')
      .filter((line) => line.includes(word))
      .join('\n'),
  );
}

/** From the line that starts so to the next empty one. */
export function blockOf(text: string, start: string): string {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith(start));
  if (from < 0) throw new RangeError(`no line starts with "${start}"`);
  const length = lines.slice(from).indexOf('');
  return shorter(lines.slice(from, length < 0 ? undefined : from + length).join('\n'));
}

/** Lines no longer than a page is wide. */
export function shorter(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line))
    .join('\n');
}

/** `12.3`: of a million bytes each. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** `1.7`, of ms. */
export function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
