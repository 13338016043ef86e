import { isDeepStrictEqual } from 'node:util';
import { until } from '@rollcall/testkit';
import type { Browser, Page } from 'playwright-core';
import { LIMIT_MS } from '../browser.ts';

const VIEWPORT = { width: 1280, height: 700 };

/** What a server's row may say of it. */
export type Shown = 'UP' | 'MAINT';

/**
 * A picture of a stats page, once it shows just these servers in these states: the picture and the check are of one
 * and the same page.
 */
export async function pictureOfStats(
  browser: Browser,
  url: string,
  expected: Readonly<Record<string, Shown>>,
): Promise<Buffer> {
  const page = await browser.newPage({ viewport: VIEWPORT });
  page.setDefaultTimeout(LIMIT_MS);
  try {
    const what = `a stats page with ${Object.entries(expected).flat().join(' ') || 'no server'}`;
    await until(
      what,
      async () => {
        // Else it would load itself anew after some seconds.
        await page.goto(`${url}/;norefresh`);
        return await serversOn(page);
      },
      { accept: (seen) => isDeepStrictEqual(seen, expected) },
    );
    return await page.screenshot({ type: 'png' });
  } finally {
    await page.close();
  }
}

/** The servers of the backend `web` and the state that each shows. */
async function serversOn(page: Page): Promise<Record<string, string>> {
  const rows = await page.locator('tr:has(a[name^="web/"])').all();
  const servers: Record<string, string> = {};
  for (const row of rows) {
    const anchor = (await row.locator('a[name^="web/"]').first().getAttribute('name')) ?? '';
    const name = anchor.slice('web/'.length);
    if (name === 'Backend') continue;
    const cells = await row.locator('td').allInnerTexts();
    // "12s UP", "1m3s MAINT", "no check" ...
    const state = cells.find((cell) => /\b(UP|DOWN|MAINT|DRAIN|NOLB|no check)\b/.test(cell)) ?? '';
    servers[name] = state.trim().replace(/^\S*\d[smhd] /, '');
  }
  return servers;
}
