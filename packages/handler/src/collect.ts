/** Run by `/init` where lines are collected, before anything that writes lines: the services' loggers find their pipes. */
import { readConfig } from './config.ts';
import { EXIT_BAD_CONFIGURATION } from './errors.ts';
import { tellFatal } from './fatal.ts';
import { joinVariables } from './join-variables.ts';
import { loadRole } from './load-role.ts';
import { prepareLogShipping } from './log-shipping.ts';
import { settings } from './settings.ts';

try {
  const role = await loadRole();
  await prepareLogShipping(readConfig(process.env, joinVariables(settings, role.variables)));
} catch (error) {
  tellFatal('init', error as Error);
  process.exitCode = EXIT_BAD_CONFIGURATION;
}
