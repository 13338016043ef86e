import type { Registered } from './server.ts';

/**
 * Which suspects stay. HAProxy's own checks decide: one that they find down goes, one that they find up stays for the
 * grace. With two exceptions, as it is then likelier that this node is cut off than that the others have failed:
 * - when more than half of all servers are suspects, those that are up stay without a limit;
 * - while none of those that would be left is up, nobody goes: HAProxy sends nothing to a server that is down, and finds it
 *   again by itself.
 */
export function settleSuspects(
  suspects: readonly Registered[],
  others: readonly Registered[],
  at: { up: ReadonlyMap<string, boolean> | undefined; now: number; failedGraceMs: number },
): { kept: readonly Registered[]; gone: { name: string; cause: string }[] } {
  const isMassFailure = suspects.length > (suspects.length + others.length) / 2;
  const judged = suspects.map((server) => ({ server, why: whyGone(server, isMassFailure, at) }));
  const staying = judged.filter(({ why }) => why === undefined).map(({ server }) => server);
  if (![...staying, ...others].some((server) => mayServe(server, at.up))) return { kept: suspects, gone: [] };
  return {
    kept: staying,
    gone: judged.flatMap(({ server: { name, cause }, why }) =>
      why === undefined ? [] : [{ name, cause: `${cause}, and ${why}` }],
    ),
  };
}

/** It is in rotation, and HAProxy's checks do not find it down. */
export function mayServe({ name, mode }: Registered, up: ReadonlyMap<string, boolean> | undefined): boolean {
  return mode === 'ready' && up?.get(name) !== false;
}

function whyGone(
  { name, mode, suspectSince = 0 }: Registered,
  isMassFailure: boolean,
  {
    up,
    now,
    failedGraceMs,
  }: { up: ReadonlyMap<string, boolean> | undefined; now: number; failedGraceMs: number },
): string | undefined {
  // In maint HAProxy does not check.
  if (mode === 'ready' && up?.get(name) === false) return "HAProxy's check does not reach it either";
  const isGraceOver = now - suspectSince >= failedGraceMs;
  return isGraceOver && !isMassFailure ? `its grace of ${failedGraceMs / 1000} s is over` : undefined;
}
