/**
 * What V8 writes with `--cpu-prof`, as far as it is read here. Times are µs of the machine's monotonic clock, which
 * `process.hrtime()` tells, too. Source: Chrome DevTools Protocol, Profiler.Profile.
 */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: Frame;
    readonly children?: readonly number[];
  }[];
  readonly startTime: number;
  /** A node's id each. */
  readonly samples: readonly number[];
  /** From the sample before, for the first one from `startTime`, to this one. */
  readonly timeDeltas: readonly number[];
}

export interface Frame {
  readonly functionName: string;
  /** Empty for what is no JavaScript. */
  readonly url: string;
  readonly lineNumber: number;
}

/** Of the monotonic clock, in µs. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where the process was, innermost frame first, and for how long. */
export interface Stack {
  readonly frames: readonly Frame[];
  readonly us: number;
}

/** The stacks of a profile within some spans of time, which do not overlap. A sample stands for the time until the next. */
export function stacksOf(profile: CpuProfile, spans: readonly Span[]): Stack[] {
  const usOfNode = new Map<number, number>();
  let from = profile.startTime;
  for (const [index, id] of profile.samples.entries()) {
    from += profile.timeDeltas[index] ?? 0;
    const to = from + Math.max(0, profile.timeDeltas[index + 1] ?? 0);
    const us = spans.reduce((sum, span) => sum + overlap(span, { from, to }), 0);
    if (us > 0) usOfNode.set(id, (usOfNode.get(id) ?? 0) + us);
  }
  const framesOf = stackFinder(profile);
  return [...usOfNode].map(([id, us]) => ({ frames: framesOf(id), us }));
}

function overlap(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}

function stackFinder({ nodes }: CpuProfile): (id: number) => Frame[] {
  const frameOf = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parentOf = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  return (id) => {
    const frames: Frame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parentOf.get(at)) {
      const frame = frameOf.get(at);
      if (frame) frames.push(frame);
    }
    return frames;
  };
}

export interface Sum {
  readonly name: string;
  readonly us: number;
}

/** The time of all stacks that get the same name, the longest first. Stacks without a name are left out. */
export function sumBy(
  stacks: readonly Stack[],
  nameOf: (frames: readonly Frame[]) => string | undefined,
): Sum[] {
  const sums = new Map<string, number>();
  for (const { frames, us } of stacks) {
    const name = nameOf(frames);
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + us);
  }
  return [...sums].map(([name, us]) => ({ name, us })).sort((a, b) => b.us - a.us);
}
