import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { alertsIn } from './haproxy/texts.ts';

const run = promisify(execFile);

/** What HAProxy has against a configuration file, or undefined. Rejects when HAProxy could not be asked. */
export async function checkConfiguration(path: string): Promise<string | undefined> {
  try {
    await run('/usr/sbin/haproxy', ['-c', '-f', path]);
    return undefined;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    // HAProxy's own verdict is exit code 1; anything else is no verdict.
    if (code !== 1 || !stderr) throw error;
    return alertsIn(stderr);
  }
}
