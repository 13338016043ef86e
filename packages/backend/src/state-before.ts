import { readFileSync } from 'node:fs';
import { STATUS_FILE } from '@rollcall/handler';
import type { BackendState } from '@rollcall/membership';

const STATES: readonly BackendState[] = ['starting', 'ready', 'draining'];

/**
 * The state that the handler before this one left the node in; `starting` when there was none in this start of the
 * container, which begins without a status file.
 *
 * A handler that was killed changes nothing for the app: the node must not leave the rotation for that, and one that
 * is drained must not come back.
 */
export function stateBefore(file = STATUS_FILE): BackendState {
  try {
    const { state } = JSON.parse(readFileSync(file, 'utf8')).roleStatus;
    return STATES.find((each) => each === state) ?? 'starting';
  } catch {
    return 'starting';
  }
}
