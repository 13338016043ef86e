import { writeSettings } from '@rollcall/log-shipping';
import { collectLines } from '@rollcall/supervision';
import { LIVE_SCANDIR, LOG_BUFFER, LOG_SHIPPING_FILE, STOPPING_MARK } from './paths.ts';
import type { Settings } from './settings.ts';

/** What `docker stop` gives beyond the drain is 5 s; what is left over is for the end of the container itself. */
const BEYOND_DRAIN_MS = 4400;

/** Has the lines of all services go to a collector too, where the configuration names one. */
export async function prepareLogShipping(settings: Settings): Promise<void> {
  if (!settings.syslog) return;
  writeSettings(LOG_SHIPPING_FILE, {
    collector: settings.syslog,
    node: settings.node,
    folder: LOG_BUFFER,
    limitBytes: settings.syslogBufferMb * 1e6,
    pipes: await collectLines(LIVE_SCANDIR),
    stop: { mark: STOPPING_MARK, budgetMs: settings.drainSeconds * 1000 + BEYOND_DRAIN_MS },
  });
}
