import type { NodeLine, Overview } from './overview.ts';
import type { Colour, Paint } from './paint.ts';
import { age, table } from './table.ts';
import { url } from './where-it-is.ts';

const NOTHING = '-';

/** An overview for people: the balancers, the nodes, and below them what is not as it should be. */
export function overviewText(overview: Overview, now: Date, paint: Paint): string {
  const balancers = overview.nodes.filter(({ role }) => role === 'balancer');
  const nodes = overview.nodes.filter(({ role }) => role === 'backend');
  const columns = [...new Set(nodes.flatMap(({ seenBy }) => Object.keys(seenBy)))];
  const parts = [
    table(
      ['BALANCER', 'CONTAINER', 'IMAGE', 'AGE', 'WHERE'],
      balancers.map((line) => [...containerCells(line, now, paint), whereCell(line)]),
    ),
    table(
      ['NODE', 'CONTAINER', 'IMAGE', 'AGE', ...columns.map((balancer) => `AT ${balancer}`)],
      nodes.map((line) => [
        ...containerCells(line, now, paint),
        ...columns.map((balancer) => seenCell(line.seenBy[balancer], paint)),
      ]),
    ),
    list(
      'Refused members',
      overview.refused.map(({ by, name, reason }) => `${name} (at ${by}): ${reason}`),
      paint,
    ),
    list(
      'Problems',
      overview.problems.map(({ node, problem }) => `${node}: ${problem}`),
      paint,
    ),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function containerCells({ node, container, phase }: NodeLine, now: Date, paint: Paint): string[] {
  if (!container) return [node, 'not of this engine', NOTHING, NOTHING];
  const { state, exitCode, image, createdAt, app } = container;
  const ended = exitCode === null ? '' : ` (${exitCode})`;
  const doing = phase === null || phase === 'running' ? '' : `, ${phase}`;
  const colour: Colour = state === 'running' ? 'green' : exitCode === 0 ? 'gray' : 'red';
  const cell = paint(colour, `${state}${ended}${doing}`);
  return [
    node,
    cell,
    app === null ? image : `${image} for ${app}`,
    age(now.getTime() - Date.parse(createdAt)),
  ];
}

function whereCell({ container }: NodeLine): string {
  const published = container?.published;
  if (!published) return NOTHING;
  return `${url(published, published.http)}  stats page ${url(published, published.stats)}`;
}

function seenCell(seen: NodeLine['seenBy'][string] | undefined, paint: Paint): string {
  if (!seen) return NOTHING;
  const { state, up, inFlight, suspect } = seen;
  const serving = state === 'ready' && up;
  const words = [
    state === 'ready' ? (up ? 'up' : 'down') : `out of rotation`,
    ...(suspect ? ['suspect'] : []),
    ...(inFlight > 0 ? [`${inFlight} in flight`] : []),
  ];
  return paint(serving ? (suspect ? 'yellow' : 'green') : 'yellow', words.join(', '));
}

function list(heading: string, lines: readonly string[], paint: Paint): string {
  if (lines.length === 0) return '';
  return `${paint('yellow', heading)}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
