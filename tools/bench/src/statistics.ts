import { quantile } from '@rollcall/churn';

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
  const at = (share: number) => {
    const value = quantile(values, share);
    if (value === undefined) throw new RangeError('nothing was measured');
    return value;
  };
  return { count: values.length, median: at(0.5), p99: at(0.99), least: at(0), most: at(1) };
}

export const median = (values: readonly number[]): number => spread(values).median;

/** Bytes. */
export const MIB = 1_048_576;

/** To at most three digits that mean something. */
export function rounded(value: number): number {
  return Number(value.toPrecision(Math.max(3, Math.ceil(Math.log10(Math.abs(value) + 1)))));
}
