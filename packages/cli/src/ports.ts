import { type FoundContainer, type Published, portsOf } from './cluster.ts';
import { CliError } from './errors.ts';
import { balancerName } from './names.ts';

/** Tells who holds a port already, in words for a person; undefined when nobody does. */
export type PortHolder = (bind: string, port: number) => Promise<string | undefined>;

const HIGHEST_PORT = 65_535;

/**
 * Where each balancer is published: the first exactly where it is wanted, a further one where it is already, else
 * on the next ports that are free.
 *
 * @throws CliError `PORT_TAKEN`, `USAGE`
 */
export async function choosePorts(
  count: number,
  first: Published,
  balancers: readonly FoundContainer[],
  holder: PortHolder,
): Promise<Published[]> {
  await requireFree(first, holder);
  const chosen = [first];
  for (let index = 1; index < count; index += 1) {
    const had = balancers.find(({ node }) => node === balancerName(index))?.spec?.published;
    const taken = new Set(chosen.flatMap(portsOf));
    chosen.push(await beside(chosen[index - 1] ?? first, had, { holder, taken }));
  }
  return chosen;
}

/** Each of them, and no two the same. */
async function requireFree({ bind, http, stats, tcp = {} }: Published, holder: PortHolder): Promise<void> {
  const wanted: [option: string, port: number][] = [
    ['--http', http],
    ['--stats', stats],
    ...Object.values(tcp).map((port): [string, number] => ['--publish', port]),
  ];
  const options = new Map<number, string>();
  for (const [option, port] of wanted) {
    const other = options.get(port);
    if (other) throw new CliError('USAGE', `${other} and ${option} are both ${port}; choose two ports`);
    options.set(port, option);
    const taken = await holder(bind, port);
    if (taken === undefined) continue;
    throw new CliError('PORT_TAKEN', `port ${port} on ${bind} is taken by ${taken}`, {
      advice: adviceOn(option),
    });
  }
}

/** The port of a route is the same on the machine and in the first balancer. */
function adviceOn(option: string): string {
  if (option !== '--publish') return `Choose another with ${option} PORT.`;
  return 'Stop what has it, or choose another with --route tcp:PORT and --publish PORT.';
}

interface Ports {
  readonly holder: PortHolder;
  /** Of balancers that have been given theirs. */
  readonly taken: Set<number>;
}

/** What a balancer has already, as far as it is still free, else the next ports after those of the one before it. */
async function beside(before: Published, had: Published | undefined, ports: Ports): Promise<Published> {
  const { bind, http, stats } = before;
  const kept = had?.bind === bind && (await areFree(bind, [had.http, had.stats], ports)) ? had : undefined;
  const web = kept
    ? { http: take(kept.http, ports), stats: take(kept.stats, ports) }
    : { http: await nextFree(bind, http, ports), stats: await nextFree(bind, stats, ports) };
  if (!before.tcp) return { bind, ...web };
  const tcp: Record<string, number> = {};
  for (const [port, at] of Object.entries(before.tcp)) {
    const place = kept?.tcp?.[port];
    const stays = place !== undefined && (await areFree(bind, [place], ports));
    tcp[port] = stays ? take(place, ports) : await nextFree(bind, at, ports);
  }
  return { bind, ...web, tcp };
}

function take(port: number, { taken }: Ports): number {
  taken.add(port);
  return port;
}

async function areFree(bind: string, wanted: readonly number[], { holder, taken }: Ports): Promise<boolean> {
  for (const port of wanted) {
    if (taken.has(port) || (await holder(bind, port)) !== undefined) return false;
  }
  return true;
}

async function nextFree(bind: string, after: number, ports: Ports): Promise<number> {
  for (let port = after + 1; port <= HIGHEST_PORT; port += 1) {
    if (await areFree(bind, [port], ports)) return take(port, ports);
  }
  throw new CliError('PORT_TAKEN', `no port above ${after} is free on ${bind}`, {
    advice: 'Begin lower, with --http and --stats.',
  });
}
