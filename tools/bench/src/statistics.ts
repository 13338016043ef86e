/** Middle and tail of some measured values, in their own unit. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
  readonly least: number;
  readonly most: number;
}

/** @throws RangeError without any value: nothing was measured. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [least] = sorted;
  const most = sorted.at(-1);
  if (least === undefined || most === undefined) throw new RangeError('nothing was measured');
  return { count: sorted.length, median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), least, most };
}

export const median = (values: readonly number[]): number => spread(values).median;

/** The value that this share of the values is not above (nearest rank). */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Bytes. */
export const MIB = 1_048_576;

/** To at most three digits that mean something. */
export function rounded(value: number): number {
  return Number(value.toPrecision(Math.max(3, Math.ceil(Math.log10(Math.abs(value) + 1)))));
}
