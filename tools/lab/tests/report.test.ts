import { access, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Stage } from '@rollcall/testkit';
import { marked } from 'marked';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LIMIT_MS, openBrowser } from '../src/browser.ts';
import { DELIVERABLES } from '../src/deliverables.ts';
import { filesIn } from '../src/notebook.ts';
import { REPORT_FOLDER } from '../src/places.ts';
import { FIGURES_FILE } from '../src/report/figures.ts';
import { reportOn } from '../src/report/report.ts';

const README = join(REPORT_FOLDER, 'README.md');

let stage: Stage;
let html: string;

beforeAll(async () => {
  stage = await Stage.open('report');
  html = await marked.parse(await readFile(README, 'utf8'));
});
afterAll(() => stage?.close());

it('is what the templates make of the files and figures beside it', async () => {
  expect(await readFile(README, 'utf8')).toBe(await reportOn(REPORT_FOLDER));
});

it('has every deliverable beside it, and nothing else', async () => {
  const files = await filesIn(REPORT_FOLDER);
  const expected = [...DELIVERABLES.flat().map(({ path }) => path), FIGURES_FILE, 'README.md'];
  expect([...files.keys()].sort()).toEqual(expected.sort());
  expect([...files].filter(([, size]) => size === 0)).toEqual([]);
});

it('leaves nothing to do', async () => {
  expect(await readFile(README, 'utf8')).not.toMatch(/\bTODO\b/);
});

it('has no picture and no link that leads nowhere', async () => {
  const targets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, target = '']) => target);
  const files = targets
    .filter((target) => !/^(https:|#)/.test(target))
    .map((target) => target.replace(/#.*/, ''));
  expect(files.length).toBeGreaterThan(DELIVERABLES.flat().length);
  for (const file of files) await access(join(dirname(README), file));
  const headings = [...html.matchAll(/<h[1-6]>(.*?)<\/h[1-6]>/g)].map(([, heading = '']) =>
    anchorOf(heading),
  );
  const anchors = targets.filter((target) => target.startsWith('#')).map((target) => target.slice(1));
  expect(anchors.filter((anchor) => !headings.includes(anchor))).toEqual([]);
});

it('shows every picture in a browser', async () => {
  const file = join(await stage.folder(), 'report.html');
  await writeFile(file, `<!doctype html><base href="${pathToFileURL(REPORT_FOLDER)}/">${html}`);
  const browser = await openBrowser(() => {});
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    await page.goto(`${pathToFileURL(file)}`, { waitUntil: 'load' });
    const widths: unknown = await page.evaluate('[...document.images].map((image) => image.naturalWidth)');
    const pictures = DELIVERABLES.flat().filter(({ path }) => path.endsWith('.png'));
    expect(widths).toHaveLength(pictures.length);
    expect(widths).not.toContain(0);
  } finally {
    await browser.close();
  }
});

/** As GitHub names the anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
