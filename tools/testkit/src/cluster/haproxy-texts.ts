/** A server as HAProxy's stats page shows it. */
export interface ServerStats {
  readonly backend: string;
  readonly server: string;
  /** HAProxy's words: `UP`, `DOWN`, `MAINT`, `no check`, `UP 1/3` while it goes up ... */
  readonly status: string;
  /** Sessions now. */
  readonly current: number;
  /** Sessions so far. */
  readonly total: number;
}

/** The servers in the CSV form of the stats page (HAProxy management guide, 9.1). */
export function parseStats(csv: string): ServerStats[] {
  const [header = '', ...lines] = csv.trim().split('\n');
  const column = new Map(
    header
      .replace(/^# /, '')
      .split(',')
      .map((name, index) => [name, index]),
  );
  return lines.flatMap((line) => {
    // No column up to the ones read here ever holds a comma.
    const cells = line.split(',');
    const cell = (name: string) => cells[column.get(name) ?? -1] ?? '';
    const [backend, server] = [cell('pxname'), cell('svname')];
    if (server === 'FRONTEND' || server === 'BACKEND') return [];
    return [
      { backend, server, status: cell('status'), current: Number(cell('scur')), total: Number(cell('stot')) },
    ];
  });
}

/** The names in the `server` lines of a haproxy.cfg, in their order. */
export function serversIn(config: string): string[] {
  return [...config.matchAll(/^\s*server\s+(\S+)/gm)].flatMap(([, name]) => name ?? []);
}
