import { readdir, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { claimsOf, isNodeName, type Log, parseRoute } from '@rollcall/membership';
import { readIfPresent, writeIfChanged } from '@rollcall/templating';
import * as v from 'valibot';
import { backendFor, type Registered, WEB } from './server.ts';

const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

const timestamp = v.pipe(v.string(), v.isoTimestamp());
const route = v.pipe(
  v.string(),
  v.check((text) => parseRoute(text) === text),
);

const NodeFile = v.object({
  name: v.string(),
  address: v.pipe(
    v.string(),
    v.check((text) => isIP(text) !== 0),
  ),
  port: whole(1, 65_535),
  weight: whole(1, 256),
  boot: v.pipe(v.string(), v.regex(/^[0-9a-z]{1,32}$/)),
  mode: v.picklist(['ready', 'maint']),
  since: timestamp,
  // A file of an earlier Rollcall has neither.
  service: v.exactOptional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/)), WEB),
  routes: v.exactOptional(v.array(v.object({ route, since: timestamp }))),
});

/** The registered nodes as files, one each, named by the node: for people, and for a handler that is started anew. */
export class NodeFiles {
  readonly #folder: string;
  readonly #log: Log;
  /** Files that are there, as far as is known here. */
  readonly #present = new Set<string>();

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  /** What the files say. One that cannot be understood is left alone, and told of. */
  async load(): Promise<Registered[]> {
    const names = (await readdir(this.#folder).catch(() => [])).filter(isNodeName).sort();
    const servers = await Promise.all(names.map((name) => this.#read(name)));
    const found = servers.filter((server) => server !== undefined);
    for (const { name } of found) this.#present.add(name);
    return found;
  }

  /** Makes the files say who is registered. Throws `FileError`, and does the rest when called again. */
  async save(servers: readonly Registered[]): Promise<void> {
    const registered = new Set(servers.map(({ name }) => name));
    for (const name of this.#present) {
      if (registered.has(name)) continue;
      await rm(join(this.#folder, name), { force: true });
      this.#present.delete(name);
    }
    for (const { name, service, claims, address, port, weight, boot, mode, since } of servers) {
      const file: v.InferInput<typeof NodeFile> = {
        name,
        service,
        routes: claims.map((claim) => ({ ...claim, since: new Date(claim.since).toISOString() })),
        address,
        port,
        weight,
        boot,
        mode,
        since: new Date(since).toISOString(),
      };
      await writeIfChanged(join(this.#folder, name), `${JSON.stringify(file, undefined, 2)}\n`);
      this.#present.add(name);
    }
  }

  async #read(name: string): Promise<Registered | undefined> {
    const path = join(this.#folder, name);
    const text = await readIfPresent(path).catch(() => undefined);
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), NodeFile), text);
    if (!parsed.success || parsed.output.name !== name) {
      this.#log.warn({ path }, 'this file does not tell of a node; it is not looked at');
      return undefined;
    }
    const { since, routes, ...server } = parsed.output;
    const claims = routes?.map((each) => ({ ...each, since: Date.parse(each.since) })) ?? claimsOf({});
    const backend = backendFor(server.service, claims);
    const cause = 'was registered when the handler started';
    return { ...server, claims, backend, since: Date.parse(since), cause };
  }
}
