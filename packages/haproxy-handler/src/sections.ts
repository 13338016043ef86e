import { type Claim, tcpPortOf } from '@rollcall/membership';
import { type Server, WEB } from './server.ts';

/**
 * What a configuration has for the services beside their servers: a backend for each, by its name, and a frontend for each
 * TCP port, as `*:5432`. Only they need a reload.
 */
export type Sections = ReadonlySet<string>;

/** Every template has a place for this service. */
export const LEAST_SECTIONS: Sections = new Set([WEB]);

/** HAProxy reads the names back from one line and tells them in one answer; both have 16 KiB. */
const SECTIONS_BYTES_MAX = 8_192;

const PORT = '*:';

export function portSection(port: number): string {
  return `${PORT}${port}`;
}

export function portIn(section: string): number | undefined {
  return section.startsWith(PORT) ? Number(section.slice(PORT.length)) : undefined;
}

/** What a node's service needs, except for ports that it cannot have. */
export function sectionsFor(
  { backend, claims }: Pick<Server, 'backend'> & { readonly claims: readonly Claim[] },
  ownPorts: readonly number[],
): string[] {
  const ports = claims.flatMap(({ route }) => tcpPortOf(route) ?? []);
  return [backend, ...ports.filter((port) => !ownPorts.includes(port)).map(portSection)];
}

/** Whether HAProxy can be told of so many. */
export function fit(sections: Iterable<string>): boolean {
  return Buffer.byteLength([...sections].join('/')) <= SECTIONS_BYTES_MAX;
}
