import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileTemplate } from '@rollcall/templating';
import { DELIVERABLES } from '../deliverables.ts';
import { filesIn } from '../notebook.ts';
import { TOOL } from '../places.ts';
import { blockOf, linesWith, megabytes, seconds, shorter } from './excerpts.ts';
import { FIGURES_FILE, type Figures } from './figures.ts';

const TEMPLATES = join(TOOL, 'report');
const SUFFIX = '.md.hbs';

/**
 * The text of README.md in a folder where the lab was played: from the templates, its files and its figures, and
 * nothing else.
 * @throws TemplateError
 */
export async function reportOn(folder: string): Promise<string> {
  const figures: Figures = JSON.parse(await readFile(join(folder, FIGURES_FILE), 'utf8'));
  const sizes = await filesIn(folder);
  const texts = await textsIn(folder, [...sizes.keys()]);
  const { README = '', ...partials } = await readTemplates();
  const text = (path: string) => texts.get(path);
  const template = compileTemplate<object>(README, {
    file: `README${SUFFIX}`,
    // It is Markdown, of our own files.
    escape: (value) => value,
    partials,
    helpers: {
      file: (path: string) => text(path)?.trimEnd(),
      lines: (path: string, word: string) => linesWith(text(path) ?? '', word),
      block: (path: string, start: string) => blockOf(text(path) ?? '', start),
      blockIn: blockOf,
      shorter,
      megabytes,
      seconds,
      delivered: (task: number) => delivered(task, sizes),
    },
  });
  return template.render({ ...figures });
}

/** A task's files as a table. */
function delivered(task: number, sizes: ReadonlyMap<string, number>): string {
  const rows = (DELIVERABLES[task] ?? []).map(
    ({ path, shows }) => `| [${path}](${path}) | ${shows} | ${sizes.get(path) ?? 0} |`,
  );
  return ['| file | what it shows | bytes |', '| --- | --- | --- |', ...rows].join('\n');
}

/** `README` and what it includes, by their names. */
async function readTemplates(): Promise<Record<string, string>> {
  const names = (await readdir(TEMPLATES)).filter((name) => name.endsWith(SUFFIX));
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [
        name.slice(0, -SUFFIX.length),
        await readFile(join(TEMPLATES, name), 'utf8'),
      ]),
    ),
  );
}

async function textsIn(folder: string, paths: readonly string[]): Promise<Map<string, string>> {
  const readable = paths.filter((path) => !path.endsWith('.png'));
  return new Map(
    await Promise.all(
      readable.map(
        async (path): Promise<[string, string]> => [path, await readFile(join(folder, path), 'utf8')],
      ),
    ),
  );
}
