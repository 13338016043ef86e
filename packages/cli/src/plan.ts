import {
  differences,
  type FoundContainer,
  isLive,
  isWebNode,
  samePublished,
  type WantedContainer,
} from './cluster.ts';
import { byNumber, freeNames, isNumbered } from './names.ts';

/** What a cluster should be. */
export interface WantedCluster {
  /** Undefined leaves the balancers as they are. */
  readonly balancers?: readonly WantedContainer[];
  /** One for each service that is spoken of; the nodes of all others are left as they are. */
  readonly services: readonly WantedNodes[];
}

/** Nodes of a service are wanted by number: any with the right image and environment will do. */
export interface WantedNodes extends Pick<WantedContainer, 'spec' | 'imageId'> {
  readonly service: string;
  readonly count: number;
  readonly prefix: string;
  /** Whether nodes that differ are replaced; else only their number counts. */
  readonly replace: boolean;
  /** How many are replaced at a time. */
  readonly atATime: number;
}

export type Step =
  /** Makes and starts containers and waits until all of them are in their place. */
  | {
      readonly do: 'bring';
      readonly create: readonly WantedContainer[];
      readonly start: readonly FoundContainer[];
      /** Others wait to be replaced by these: when one does not become ready, the created ones go again. */
      readonly replacing: boolean;
    }
  /** Stops containers, which drains them, and removes them. */
  | { readonly do: 'retire'; readonly containers: readonly FoundContainer[]; readonly why: string }
  /** Stops a container and keeps it: it remembers the image and environment of a cluster without nodes. */
  | { readonly do: 'rest'; readonly container: FoundContainer }
  /** Makes a container and does not start it, for the same purpose. */
  | { readonly do: 'remember'; readonly container: WantedContainer };

/**
 * The steps from what was found to what is wanted; none when nothing is missing and nothing differs.
 *
 * Nodes are replaced by others of new names, which come into rotation before the old ones leave it. Balancers are
 * replaced in place, as they hold their ports.
 */
export function plan(found: readonly FoundContainer[], wanted: WantedCluster): Step[] {
  const balancers = planBalancers(
    found.filter(({ role }) => role === 'balancer'),
    wanted.balancers,
  );
  const services = planServices(found, wanted.services);
  const parts = [balancers, ...services];
  const arrivals: Step = {
    do: 'bring',
    create: parts.flatMap(({ create }) => create),
    start: parts.flatMap(({ start }) => start),
    replacing: false,
  };
  return [
    ...parts.flatMap(({ before }) => before),
    ...(arrivals.create.length + arrivals.start.length > 0 ? [arrivals] : []),
    ...parts.flatMap(({ after }) => after),
  ];
}

/** The containers that a step makes. */
export function createdBy(step: Step): readonly WantedContainer[] {
  if (step.do === 'bring') return step.create;
  return step.do === 'remember' ? [step.container] : [];
}

interface Part {
  readonly before: readonly Step[];
  /** Made and started at once, whatever else has to be done. */
  readonly create: readonly WantedContainer[];
  readonly start: readonly FoundContainer[];
  readonly after: readonly Step[];
}

function planBalancers(
  found: readonly FoundContainer[],
  wanted: readonly WantedContainer[] | undefined,
): Part {
  if (!wanted) return { before: [], create: [], start: [], after: [] };
  const create: WantedContainer[] = [];
  const start: FoundContainer[] = [];
  const replace: { old: FoundContainer; by: WantedContainer }[] = [];
  for (const by of wanted) {
    const old = found.find(({ node }) => node === by.node);
    if (!old) create.push(by);
    else if (differences(old, by).length > 0) replace.push({ old, by });
    else if (!isLive(old)) start.push(old);
  }
  const surplus = found.filter(({ node }) => !wanted.some((each) => each.node === node));
  return {
    before: [],
    create,
    start,
    after: [...replaceInPlace(replace), ...retire(surplus, 'one less is wanted')],
  };
}

/** One after the other, so that the others go on; all at once when ports change hands between them. */
function replaceInPlace(replace: readonly { old: FoundContainer; by: WantedContainer }[]): Step[] {
  const portsMove = replace.some(({ old, by }) => !samePublished(old.spec?.published, by.spec.published));
  const groups = portsMove && replace.length > 0 ? [replace] : replace.map((each) => [each]);
  return groups.flatMap((group): Step[] => [
    ...retire(
      group.map(({ old }) => old),
      reason(group),
    ),
    { do: 'bring', create: group.map(({ by }) => by), start: [], replacing: false },
  ]);
}

function planServices(found: readonly FoundContainer[], wanted: readonly WantedNodes[]): Part[] {
  const made: Named[] = [];
  return wanted.map((each) => {
    const isOwn = (container: FoundContainer) => container.service === each.service && isWebNode(container);
    const others = found.filter((container) => !isOwn(container));
    const part = planNodes(found.filter(isOwn), [...others, ...made], each);
    made.push(...part.create, ...part.after.flatMap(createdBy));
    return part;
  });
}

type Named = Pick<WantedContainer, 'node'>;

/** @param others are left alone, and keep their names: balancers, sidecars, the nodes of other services */
function planNodes(found: readonly FoundContainer[], others: readonly Named[], wanted: WantedNodes): Part {
  const { spec, imageId, count, prefix, replace } = wanted;
  const fits = (each: FoundContainer) =>
    !replace || (isNumbered(each.node, prefix) && differences(each, { spec, imageId }).length === 0);
  const fitting = found.filter(fits).sort(liveFirst);
  const unfit = found.filter((each) => !fits(each));
  const old = unfit.filter(isLive);
  const dead = unfit.filter((each) => !isLive(each));
  if (count === 0) return planNoNodes(fitting, old, dead, others, wanted);

  const staying = fitting.slice(0, count);
  const missing = newNodes(count - staying.length, [...fitting, ...old, ...others], wanted);
  const additional = missing.slice(0, Math.max(0, missing.length - old.length));
  const successors = missing.slice(additional.length);
  return {
    before: retire(dead, 'it was stopped, and is not as wanted'),
    create: additional,
    start: staying.filter((each) => !isLive(each)),
    after: [
      ...replaceRolling(old.slice(0, successors.length), successors, wanted),
      ...retire([...old.slice(successors.length), ...fitting.slice(count)], 'one less is wanted'),
    ],
  };
}

/** New ones come into rotation before old ones leave it. */
function replaceRolling(
  old: readonly FoundContainer[],
  successors: readonly WantedContainer[],
  { spec, imageId, atATime }: WantedNodes,
): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < successors.length; at += atATime) {
    const group = old.slice(at, at + atATime);
    steps.push(
      { do: 'bring', create: successors.slice(at, at + atATime), start: [], replacing: true },
      ...retire(group, reason(group.map((each) => ({ old: each, by: { spec, imageId } })))),
    );
  }
  return steps;
}

/** Without any node, one stopped container remembers what the next ones are made from. */
function planNoNodes(
  fitting: readonly FoundContainer[],
  old: readonly FoundContainer[],
  dead: readonly FoundContainer[],
  others: readonly Named[],
  wanted: WantedNodes,
): Part {
  const [memory, ...rest] = fitting;
  const remember = (): Step[] => {
    if (!memory)
      return newNodes(1, [...old, ...others], wanted).map((container) => ({ do: 'remember', container }));
    return isLive(memory) ? [{ do: 'rest', container: memory }] : [];
  };
  const none = 'no node is wanted';
  return {
    before: retire(dead, none),
    create: [],
    start: [],
    after: [...retire([...rest, ...old], none), ...remember()],
  };
}

function newNodes(
  count: number,
  beside: readonly Named[],
  { spec, imageId, prefix }: WantedNodes,
): WantedContainer[] {
  const taken = new Set(beside.map(({ node }) => node));
  return freeNames(prefix, count, taken).map((node) => ({ node, role: 'backend', spec, imageId }));
}

function liveFirst(a: FoundContainer, b: FoundContainer): number {
  return Number(isLive(b)) - Number(isLive(a)) || byNumber(a.node, b.node);
}

function retire(containers: readonly FoundContainer[], why: string): Step[] {
  return containers.length > 0 ? [{ do: 'retire', containers, why }] : [];
}

function reason(group: readonly { old: FoundContainer; by: Pick<WantedContainer, 'spec' | 'imageId'> }[]) {
  const all = group.flatMap(({ old, by }) => differences(old, by));
  return [...new Set(all)].join('; ') || 'another name is wanted';
}
