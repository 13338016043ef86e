#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  console.error('rollcall: it has not been built yet. Run `npm start`, or `npx nx build @rollcall/cli`.');
  process.exitCode = 1;
}
