import { readFile } from 'node:fs/promises';
import { run } from './run.ts';

/** The mount points at or below a folder, deepest (latest) first, from the text of /proc/self/mountinfo. */
export function mountsBelow(folder: string, mountinfo: string): string[] {
  return mountinfo
    .trim()
    .split('\n')
    .map((line) => unescapeOctal(line.split(' ')[4] ?? ''))
    .filter((point) => point === folder || point.startsWith(`${folder}/`))
    .reverse();
}

/** The kernel writes blanks, tabs, newlines and backslashes as \040 and so on. */
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** Unmounts everything at or below a folder; returns what would not go. */
export async function unmountBelow(folder: string): Promise<string[]> {
  for (const point of await readMountsBelow(folder)) {
    // Lazily: the mount leaves the tree now and is freed when its last user ends.
    await run('umount', ['-l', point]);
  }
  return await readMountsBelow(folder);
}

async function readMountsBelow(folder: string): Promise<string[]> {
  return mountsBelow(folder, await readFile('/proc/self/mountinfo', 'utf8'));
}
