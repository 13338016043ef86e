/** What a balancer is asked in a drain: to send nothing new here, then whether nothing is in flight any more. */
export type Question = 'drain' | 'idle';

/** How far one balancer is. */
export interface BalancerProgress {
  readonly node: string;
  /** It sends no new requests here. */
  readonly applied: boolean;
  /** It has none in flight here. */
  readonly idle: boolean;
  /** Requests in flight here, as of its last answer. */
  readonly inFlight?: number;
  /** The question that it is being asked now. */
  readonly asked?: Question;
}

/** How far a drain is: one entry per balancer that is waited for. */
export type Progress = readonly BalancerProgress[];

/** Waits for these balancers: no longer for one that went, from the start for one that came. */
export function waitFor(progress: Progress, balancers: readonly string[]): Progress {
  return balancers.map(
    (node) => progress.find((each) => each.node === node) ?? { node, applied: false, idle: false },
  );
}

/** Who is to be asked what now: each its next question, unless one is under way to it. */
export function dueQuestions(progress: Progress): Readonly<Record<Question, readonly string[]>> {
  const due = progress.filter(({ idle, asked }) => !idle && asked === undefined);
  return {
    drain: due.filter(({ applied }) => !applied).map(({ node }) => node),
    idle: due.filter(({ applied }) => applied).map(({ node }) => node),
  };
}

export function asked(progress: Progress, question: Question, nodes: readonly string[]): Progress {
  return progress.map((each) => (nodes.includes(each.node) ? { ...each, asked: question } : each));
}

/** What a balancer answers to either question. */
export type Answer =
  | { readonly applied: boolean; readonly inFlight: number }
  | { readonly idle: boolean; readonly inFlight: number };

/** Takes an answer in. One that is not the hoped-for leaves the balancer asked until that question is over. */
export function answered(progress: Progress, node: string, answer: Answer): Progress {
  const isYes = 'applied' in answer ? answer.applied : answer.idle;
  return progress.map((each) => {
    if (each.node !== node) return each;
    const news = { ...each, ...answer };
    return isYes ? notAsked(news) : news;
  });
}

/** This question to these balancers is over: who has not said yes is due again. */
export function askingOver(progress: Progress, question: Question, nodes: readonly string[]): Progress {
  return progress.map((each) =>
    nodes.includes(each.node) && each.asked === question ? notAsked(each) : each,
  );
}

/** Nothing is in flight here and nothing new will come. */
export function isDrained(progress: Progress): boolean {
  return progress.every(({ idle }) => idle);
}

/** What ends with the app now: a balancer that never answered may have any number of requests here. */
export function whatIsCut(progress: Progress): { node: string; inFlight: number | 'unknown' }[] {
  return progress
    .filter(({ idle }) => !idle)
    .map(({ node, inFlight }) => ({ node, inFlight: inFlight ?? 'unknown' }));
}

function notAsked({ asked: _, ...rest }: BalancerProgress): BalancerProgress {
  return rest;
}
