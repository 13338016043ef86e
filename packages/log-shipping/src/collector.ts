/** Where logs are sent to. */
export interface Collector {
  readonly host: string;
  readonly port: number;
}

/** What syslog over TCP is usually listened for on: RFC 6587 tells of no other. */
const DEFAULT_PORT = 514;

/** Reads `tcp://HOST` or `tcp://HOST:PORT`, an IPv6 address in brackets; undefined for anything else. */
export function parseCollector(text: string): Collector | undefined {
  const [, bracketed, plain, port] =
    /^tcp:\/\/(?:\[([0-9a-f:.]+)\]|([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  return host !== undefined && number >= 1 && number <= 65_535 ? { host, port: number } : undefined;
}
