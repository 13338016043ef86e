/** Run once by `/init`, before any service: a node with a bad configuration never starts. */
import { access, constants } from 'node:fs/promises';
import { readConfig } from './config.ts';
import { EXIT_BAD_CONFIGURATION, HandlerError } from './errors.ts';
import { joinVariables } from './join-variables.ts';
import { loadRole } from './load-role.ts';
import { prepareLogShipping } from './log-shipping.ts';
import { writeNodeFiles } from './node-file.ts';
import { addressTowards, ownAddresses, requireFree } from './own-network.ts';
import { RUN } from './paths.ts';
import { settings } from './settings.ts';

try {
  await access(RUN, constants.W_OK);
  const role = await loadRole();
  const config = readConfig(process.env, joinVariables(settings, role.variables));
  await requireFree(config.gossipPort);
  const { join } = config;
  const onWaiting = () =>
    say({
      level: 'info',
      msg: `several networks: waiting until ${join.join(', ')} (ROLLCALL_JOIN) tells in which the others are; ROLLCALL_ADVERTISE says it at once`,
    });
  const [own, ...more] = ownAddresses();
  const advertise = config.advertise ?? (more.length > 0 ? await addressTowards(join, onWaiting) : own);
  writeNodeFiles({ ...config, advertise });
  await prepareLogShipping(config);
} catch (error) {
  const code = error instanceof HandlerError ? error.code : 'BAD_CONFIGURATION';
  for (const line of (error as Error).message.split('\n')) {
    say({ level: 'fatal', code, msg: line });
  }
  process.exitCode = EXIT_BAD_CONFIGURATION;
}
// A name that is still being looked up would keep the process.
process.exit();

function say({ level, ...rest }: { level: 'info' | 'fatal'; code?: string; msg: string }): void {
  process.stdout.write(`${JSON.stringify({ level, service: 'init', ...rest })}\n`);
}
