import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePrivateEngine } from '../src/index.ts';

const prefix = 'rollcall-engine-test-';

/** Whether the process with this number, which some name tells, has ended. */
export function isDead(pid: string | undefined): boolean {
  return pid !== undefined && !existsSync(`/proc/${pid}`);
}

/** A new folder for workspaces, whose name tells the process that it is for. */
export function makeRoot(): string {
  return mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
}

/** Removes the private engines and folders of test runs that were killed. */
export async function removeDeadRoots(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(prefix) ? name.slice(prefix.length).split('-')[0] : undefined;
    if (!isDead(pid)) continue;
    const root = join(tmpdir(), name);
    for (const workspace of readdirSync(root))
      await removePrivateEngine({ workspace: join(root, workspace) });
    rmSync(root, { recursive: true, force: true });
  }
}

/** Runs `ip`, where a failure means that there is nothing to remove. */
export function ipIfThere(...args: string[]): string {
  return spawnSync('ip', args, { encoding: 'utf8' }).stdout;
}
