import type { FoundContainer, Published } from './cluster.ts';
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
  const { bind, http, stats } = first;
  if (http === stats) throw new CliError('USAGE', `--http and --stats are both ${http}; choose two ports`);
  await requireFree(bind, http, '--http', holder);
  await requireFree(bind, stats, '--stats', holder);
  const chosen = [first];
  for (let index = 1; index < count; index += 1) {
    const had = balancers.find(({ node }) => node === balancerName(index))?.spec?.published;
    const keeps = had?.bind === bind && !overlaps(had, chosen) && (await areFree(had, holder));
    const before = chosen[index - 1] ?? first;
    chosen.push(keeps ? had : await nextFree(before, chosen, holder));
  }
  return chosen;
}

async function requireFree(bind: string, port: number, option: string, holder: PortHolder): Promise<void> {
  const taken = await holder(bind, port);
  if (taken === undefined) return;
  throw new CliError('PORT_TAKEN', `port ${port} on ${bind} is taken by ${taken}`, {
    advice: `Choose another with ${option} PORT.`,
  });
}

async function areFree({ bind, http, stats }: Published, holder: PortHolder): Promise<boolean> {
  return (await holder(bind, http)) === undefined && (await holder(bind, stats)) === undefined;
}

async function nextFree(
  before: Published,
  chosen: readonly Published[],
  holder: PortHolder,
): Promise<Published> {
  const used = new Set(chosen.flatMap(({ http, stats }) => [http, stats]));
  const next = async (after: number): Promise<number> => {
    for (let port = after + 1; port <= HIGHEST_PORT; port += 1) {
      if (!used.has(port) && (await holder(before.bind, port)) === undefined) {
        used.add(port);
        return port;
      }
    }
    throw new CliError('PORT_TAKEN', `no port above ${after} is free on ${before.bind}`, {
      advice: 'Begin lower, with --http and --stats.',
    });
  };
  return { bind: before.bind, http: await next(before.http), stats: await next(before.stats) };
}

function overlaps(one: Published, others: readonly Published[]): boolean {
  return others.some(({ http, stats }) =>
    [http, stats].some((port) => port === one.http || port === one.stats),
  );
}
