import { keyOf, type Registered } from './server.ts';

/**
 * Which suspects of one backend stay. HAProxy's own checks decide: one that they find down goes, one that they find up
 * stays for the grace. With two exceptions, as it is then likelier that this node is cut off than that the others have failed:
 * - when more than half of all servers are suspects (`isMassFailure`), those that are up stay without a limit;
 * - while none of those that would be left is up, nobody goes within the grace: HAProxy sends nothing to a server that is
 *   down, and finds it again by itself. After that they go while another backend serves, as this node is not cut off then.
 */
export function settleSuspects(
  suspects: readonly Registered[],
  others: readonly Registered[],
  at: {
    up: ReadonlyMap<string, boolean> | undefined;
    now: number;
    failedGraceMs: number;
    isMassFailure: boolean;
    /** A server of another backend is in the room, and HAProxy reaches it. */
    isServedElsewhere: boolean;
  },
): { kept: readonly Registered[]; gone: { name: string; cause: string }[] } {
  const judged = suspects.map((server) => ({ server, why: whyGone(server, at) }));
  const staying = judged.filter(({ why }) => why === undefined).map(({ server }) => server);
  const isAnyLeft = [...staying, ...others].some((server) => mayServe(server, at.up));
  const going = judged.flatMap(({ server, why }) => {
    const mayGo = isAnyLeft || (at.isServedElsewhere && isGraceOver(server, at));
    return why !== undefined && mayGo ? [{ server, why }] : [];
  });
  const gone = new Set(going.map(({ server }) => server));
  return {
    kept: suspects.filter((server) => !gone.has(server)),
    gone: going.map(({ server: { name, cause }, why }) => ({ name, cause: `${cause}, and ${why}` })),
  };
}

/** It is in rotation, and HAProxy's checks do not find it down. */
export function mayServe(server: Registered, up: ReadonlyMap<string, boolean> | undefined): boolean {
  return server.mode === 'ready' && up?.get(keyOf(server)) !== false;
}

type At = Parameters<typeof settleSuspects>[2];

function whyGone(server: Registered, at: At): string | undefined {
  // In maint HAProxy does not check.
  const isDown = server.mode === 'ready' && at.up?.get(keyOf(server)) === false;
  if (isDown) return "HAProxy's check does not reach it either";
  if (at.isMassFailure || !isGraceOver(server, at)) return undefined;
  return `its grace of ${at.failedGraceMs / 1000} s is over`;
}

function isGraceOver({ suspectSince = 0 }: Registered, { now, failedGraceMs }: At): boolean {
  return now - suspectSince >= failedGraceMs;
}
