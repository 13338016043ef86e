/** What one part of the benchmarks found. */
export interface Findings {
  readonly tables: readonly Table[];
  readonly plots: readonly Plot[];
  readonly goals: readonly Goal[];
}

/** Findings with where and when they were found: what is kept as JSON. */
export interface Result extends Findings {
  readonly part: string;
  /** ISO 8601. */
  readonly at: string;
  /** What made it. */
  readonly command: string;
  readonly machine: Machine;
}

export interface Machine {
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly engine: string;
}

/** Cells are shown as they are; numbers are rounded by whoever makes the table. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** What a reader has to know to trust it. */
  readonly note?: string;
}

/** Lines over a common axis. */
export interface Plot {
  /** The file's name, without `.svg`. */
  readonly name: string;
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
}

export interface Axis {
  readonly label: string;
  readonly scale: 'linear' | 'log';
}

/** What was aimed at, and what came of it. */
export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  readonly isMet: boolean;
  /** Why it is missed, as far as it is known. */
  readonly reason?: string;
}

/** @param ifMissed what keeps it from being met, as far as it is known */
export function goalWithReason(goal: Omit<Goal, 'reason'>, ifMissed: string): Goal {
  return goal.isMet ? goal : { ...goal, reason: ifMissed };
}

export interface PartOptions {
  /** Small numbers, to see that all of it runs: figures that mean nothing. */
  readonly quick: boolean;
  /** Progress, for whoever watches. */
  readonly say: (line: string) => void;
}

/** A part of the benchmarks; each can be run by itself. */
export interface Part {
  readonly name: string;
  readonly about: string;
  /** What the full form takes on two cores that do nothing else. */
  readonly minutes: number;
  run(options: PartOptions): Promise<Findings>;
}
