import type { NodeLine, Overview } from './overview.ts';
import type { Colour, Paint } from './paint.ts';
import { list, routeNotes } from './route-notes.ts';
import { DEFAULT_SERVICE, routesVariable } from './service-variables.ts';
import type { ServiceLine } from './services.ts';
import { age, table } from './table.ts';
import { placeText } from './where-it-is.ts';

const NOTHING = '-';

/** An overview for people: the balancers, the nodes, and below them what is not as it should be. */
export function overviewText(overview: Overview, now: Date, paint: Paint): string {
  const balancers = overview.nodes.filter(({ role }) => role === 'balancer');
  const nodes = overview.nodes.filter(({ role }) => role === 'backend');
  const groups = isPlain(overview)
    ? [nodesTable(nodes, now, paint)]
    : overview.services.map((service) => {
        const own = nodes.filter((node) => node.service === service.service);
        return `${serviceLine(service, paint)}\n${own.length > 0 ? nodesTable(own, now, paint) : ''}`;
      });
  const parts = [
    table(
      ['BALANCER', 'CONTAINER', 'IMAGE', 'AGE', 'WHERE'],
      balancers.map((line) => [...containerCells(line, now, paint), whereCell(line)]),
    ),
    ...groups,
    ...routeNotes(overview, paint),
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

/** Whether there is nothing to tell of services: all nodes are of the usual one, which gets everything. */
function isPlain({ services, refusedRoutes }: Overview): boolean {
  return refusedRoutes.length === 0 && services.every(isUsual);
}

function isUsual({ service, routes }: ServiceLine): boolean {
  const usual = [[], routesVariable.fallback].map(String);
  return (
    service === DEFAULT_SERVICE && Object.values(routes).every((each) => usual.includes(String(each ?? [])))
  );
}

function serviceLine({ service, routes }: ServiceLine, paint: Paint): string {
  return `${paint('cyan', `SERVICE ${service}`)}  ${routesText(routes)}`;
}

/** What a service gets: once where all balancers agree, else for each of them. */
export function routesText(routes: ServiceLine['routes']): string {
  const texts = Object.entries(routes).map(([balancer, each]) => [balancer, wordsOf(each)] as const);
  const different = new Set(texts.map(([, text]) => text));
  if (different.size <= 1) return [...different][0] ?? 'no balancer runs';
  return texts.map(([balancer, text]) => `at ${balancer}: ${text}`).join('; ');
}

function wordsOf(routes: readonly string[] | null): string {
  if (!routes) return 'not known';
  return routes.join(', ') || 'no route';
}

function nodesTable(nodes: readonly NodeLine[], now: Date, paint: Paint): string {
  const columns = [...new Set(nodes.flatMap(({ seenBy }) => Object.keys(seenBy)))];
  return table(
    ['NODE', 'CONTAINER', 'IMAGE', 'AGE', ...columns.map((balancer) => `AT ${balancer}`)],
    nodes.map((line) => [
      ...containerCells(line, now, paint),
      ...columns.map((balancer) => seenCell(line.seenBy[balancer], paint)),
    ]),
  );
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
  return placeText(published);
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
