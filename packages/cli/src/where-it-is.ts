import type { Published } from './cluster.ts';
import { clusterFlag } from './common-options.ts';
import { balancerName } from './names.ts';

/** What to type to run this command again: where npm runs it, it is on nobody's PATH. */
const COMMAND = process.env['npm_execpath'] ? 'npx rollcall' : 'rollcall';

/** Tells where a cluster is reached, and what to try next. */
export function whereItIs(
  cluster: string,
  places: readonly Published[],
  nodes: number,
  nothingDone: boolean,
): string {
  const flag = clusterFlag(cluster);
  const counted = `${count(places.length, 'balancer')}, ${count(nodes, 'web node')}`;
  return [
    `${cluster} is up: ${counted}${nothingDone ? '; nothing had to be done' : ''}`,
    '',
    ...places.map((place, index) => `  ${balancerName(index).padEnd(8)}  ${urls(place)}`),
    '',
    'What to try next:',
    ...places.slice(0, 1).map((place) => `  curl ${url(place, place.http)}`),
    `  ${COMMAND} ps${flag}`,
    `  ${COMMAND} scale ${nodes + 2}${flag}`,
    `  ${COMMAND} --help`,
    '',
  ].join('\n');
}

function urls(place: Published): string {
  return `${url(place, place.http)}  stats page ${url(place, place.stats)}`;
}

/** A URL that works on the engine's machine. */
export function url({ bind }: Published, port: number): string {
  return `http://${bind === '0.0.0.0' ? '127.0.0.1' : bind}:${port}/`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
