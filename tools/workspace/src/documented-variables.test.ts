import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

function* filesOf(folder: string): Generator<string> {
  for (const entry of readdirSync(join(workspace, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile()) yield path;
    else if (!['node_modules', 'dist', 'tests'].includes(entry.name)) yield* filesOf(path);
  }
}

/** A secret's file is the same variable; a prefix such as `ROLLCALL_` is none. */
const variablesIn = (text: string) =>
  (text.match(/\bROLLCALL_[A-Z][A-Z_]*[A-Z]\b/g) ?? []).map((name) => name.replace(/_FILE$/, ''));

test('every variable that the sources know is in the table of docs/configuration.md, and no other', () => {
  const sources = ['packages', 'images'].flatMap((folder) => [...filesOf(folder)]);
  const known = sources
    .filter((path) => !path.endsWith('.test.ts') && !path.endsWith('.md'))
    .flatMap((path) => variablesIn(readFileSync(join(workspace, path), 'utf8')));
  const rows = readFileSync(join(workspace, 'docs/configuration.md'), 'utf8').matchAll(
    /^\| `(ROLLCALL_\w+)` \|/gm,
  );
  const documented = [...rows].map(([, name]) => name);
  expect([...new Set(known)].sort()).toEqual(documented.sort());
});
