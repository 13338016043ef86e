/** What the driver in the container prints as its last line, JSON. All times in ms. */
export interface DriverReport {
  readonly sizes: readonly SizeReport[];
  readonly burst: BurstReport;
}

export interface SizeReport {
  readonly servers: number;
  readonly changes: readonly ChangeReport[];
  /** Making the text of haproxy.cfg, without HAProxy's own check of it. */
  readonly renderMs: readonly number[];
  /** Resident memory of the process that hosts the role, in bytes. */
  readonly handlerBytes: number;
  /** Resident memory of HAProxy's processes, in bytes. */
  readonly haproxyBytes: number;
}

export interface ChangeReport {
  readonly what: 'join' | 'drain' | 'leave';
  /** When the view was new, in µs of the monotonic clock, by which V8's profiles tell their time. */
  readonly fromUs: number;
  /** From the new view to HAProxy having applied it. */
  readonly ms: number;
  /** Processor time of the handler's process meanwhile. */
  readonly cpuMs: number;
}

export interface BurstReport {
  readonly joins: number;
  /** From the new view to the last of the servers being there. */
  readonly ms: number;
  readonly reloads: number;
}

/** What the driver is to do. */
export interface DriverOrder {
  readonly sizes: readonly number[];
  /** Changes of each kind at each size. */
  readonly rounds: number;
  readonly burst: number;
}
