import { keyOf, type Registered } from './server.ts';

/**
 * Which suspects of one backend stay. HAProxy's own checks decide: one that they find down goes, one that they find up
 * stays for the grace. With two exceptions, as it is then likelier that this node is cut off than that the others have failed:
 * - when more than half of all servers are suspects (`isMassFailure`), those that are up stay without a limit;
 * - while none of those that would be left is up, nobody goes: HAProxy sends nothing to a server that is down, and finds it
 *   again by itself.
 */
export function settleSuspects(
  suspects: readonly Registered[],
  others: readonly Registered[],
  at: {
    up: ReadonlyMap<string, boolean> | undefined;
    now: number;
    failedGraceMs: number;
    isMassFailure: boolean;
  },
): { kept: readonly Registered[]; gone: { name: string; cause: string }[] } {
  const judged = suspects.map((server) => ({ server, why: whyGone(server, at) }));
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
export function mayServe(server: Registered, up: ReadonlyMap<string, boolean> | undefined): boolean {
  return server.mode === 'ready' && up?.get(keyOf(server)) !== false;
}

function whyGone(
  server: Registered,
  { up, now, failedGraceMs, isMassFailure }: Parameters<typeof settleSuspects>[2],
): string | undefined {
  // In maint HAProxy does not check.
  const { mode, suspectSince = 0 } = server;
  if (mode === 'ready' && up?.get(keyOf(server)) === false) return "HAProxy's check does not reach it either";
  const isGraceOver = now - suspectSince >= failedGraceMs;
  return isGraceOver && !isMassFailure ? `its grace of ${failedGraceMs / 1000} s is over` : undefined;
}
