/**
 * The time in ms since the epoch, as the clock of the day had it when this process started, counted on evenly from there:
 * for durations and deadlines. The clock of the day itself may jump by hours, either way.
 */
export function steadyNow(): number {
  return performance.timeOrigin + performance.now();
}
