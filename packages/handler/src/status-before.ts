import { readFileSync } from 'node:fs';
import type { Log } from '@rollcall/membership';
import * as v from 'valibot';
import type { Before } from './context.ts';

const Status = v.pipe(v.string(), v.parseJson(), v.object({ phase: v.string(), roleStatus: v.unknown() }));

/**
 * What a former handler told last; undefined when there was none in this start of the container, which begins without
 * a status file. What cannot be understood is told, and counts as nothing.
 */
export function readBefore(file: string, log: Pick<Log, 'warn'>): Before | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const status = v.safeParse(Status, text);
  if (!status.success) {
    log.warn(
      { file, problem: status.issues[0].message },
      'the status that a former handler left is of no use',
    );
    return undefined;
  }
  const { phase, roleStatus } = status.output;
  return { isDraining: phase === 'draining' || phase === 'drained', roleStatus };
}
