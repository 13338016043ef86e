import { findCommand, installMissing } from '@rollcall/engine';
import { type Browser, chromium } from 'playwright-core';

/** Names of the browser's command, the first that is there is taken. */
const COMMANDS = ['chromium', 'google-chrome', 'google-chrome-stable'];
/** Nothing but the page that is asked for is fetched, and it runs as root and without a screen. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
/** A limit for a browser that hangs, not a measure: it has to start on a busy machine too. */
export const LIMIT_MS = 180_000;

/**
 * Starts a real browser with a profile of its own, which goes with it: the one that CHROME_BIN names, else one that is
 * installed, else Debian's Chromium, which is installed now (as root).
 * @throws EngineError UNSUPPORTED_MACHINE, INSTALL_FAILED where there is none and none can be installed
 */
export async function openBrowser(progress: (line: string) => void): Promise<Browser> {
  const executablePath = await findBrowser(progress);
  return await chromium.launch({ executablePath, args: FLAGS, timeout: LIMIT_MS });
}

async function findBrowser(progress: (line: string) => void): Promise<string> {
  const given = process.env['CHROME_BIN'];
  if (given) return given;
  const found = await firstFound();
  if (found !== undefined) return found;
  const otherwise = 'install Chromium or Google Chrome yourself, and set CHROME_BIN to its path';
  await installMissing(
    { what: 'a browser for screenshots', otherwise },
    { chromium: 'chromium' },
    [],
    progress,
  );
  return (await firstFound()) ?? 'chromium';
}

async function firstFound(): Promise<string | undefined> {
  for (const command of COMMANDS) {
    const path = await findCommand(command);
    if (path !== undefined) return path;
  }
  return undefined;
}
