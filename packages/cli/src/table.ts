/** Lines up cells under their headings, two blanks between columns. Escape sequences for colours take no room. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))));
  const lines = all.map((row) =>
    widths
      .map((most, column) => {
        const cell = row[column] ?? '';
        return cell + ' '.repeat(most - width(cell));
      })
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
const COLOUR = /\u001b\[[0-9;]*m/g;

function width(cell: string): number {
  return [...cell.replaceAll(COLOUR, '')].length;
}

/** A duration in its largest unit: `12 s`, `3 min`, `5 h`, `9 d`. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
