/** Something that the lab was to show does not hold. */
export class LabError extends Error {
  override readonly name = 'LabError';
}

/** @throws LabError saying what does not hold, and what was seen instead */
export function hold(holds: boolean, what: string, seen: unknown): void {
  if (!holds) throw new LabError(`This does not hold: ${what}. Seen: ${JSON.stringify(seen)}`);
}
