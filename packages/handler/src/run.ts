import { setTimeout as pause } from 'node:timers/promises';
import { Supervisor } from '@rollcall/supervision';
import { readConfig } from './config.ts';
import { EXIT_BAD_CONFIGURATION } from './errors.ts';
import { tellFatal } from './fatal.ts';
import type { Prepared } from './host-role.ts';
import { joinVariables } from './join-variables.ts';
import { loadRole } from './load-role.ts';
import { isPrepared, readNodeFile } from './node-file.ts';
import { LIVE_SCANDIR } from './paths.ts';
import { prepare } from './prepare.ts';
import { settings } from './settings.ts';
import type { Signals } from './signals.ts';

/** What `docker stop` gives a container. */
const STOP_LIMIT_MS = 10_000;

/** Prepares the node, if no handler has done so before, and hosts the image's role until the process is asked to stop. */
export async function run(signals: Signals): Promise<void> {
  const services = new Supervisor(LIVE_SCANDIR);
  const prepared = await makeReady(signals).catch((error) => giveUp(error, services, signals));
  if (!prepared) return;
  // Meanwhile the other services start.
  const [{ hostRole }] = await Promise.all([import('./host-role.ts'), services.begin()]);
  await hostRole(prepared, services, signals);
}

async function makeReady(signals: Signals): Promise<Prepared> {
  const role = await loadRole();
  const config = readConfig(process.env, joinVariables(settings, role.variables));
  const known = readNodeFile();
  if (known) return { role, config, node: known };
  // There is nothing to drain yet, and to prepare takes as long as others take to come.
  signals.handle({ SIGTERM: () => process.exit() });
  const node = await prepare(config);
  signals.handle({});
  return { role, config, node };
}

/** Ends the container, unless the node is at work already: then the next handler may find what this one did not. */
async function giveUp(error: Error, services: Supervisor, signals: Signals): Promise<void> {
  if (isPrepared()) {
    tellFatal('handler', error);
    process.exit(1);
  }
  signals.handle({ SIGTERM: () => process.exit() });
  tellFatal('handler', error);
  process.exitCode = EXIT_BAD_CONFIGURATION;
  try {
    await services.fail(EXIT_BAD_CONFIGURATION);
  } catch {
    // There is no s6, so there is no container to end but by this process.
    return;
  }
  // To be stopped with all others: one that ends by itself is started again.
  await pause(STOP_LIMIT_MS);
}
