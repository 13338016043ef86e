/** What the driver of a crew is given as its argument, JSON. */
export interface CrewOrder {
  /** Names of the crew's agents: each is one node of the cluster. */
  readonly agents: readonly string[];
  readonly gossipKey: string;
  /** A name that the balancer answers to. */
  readonly seed: string;
}

/** What the driver is asked, as the JSON body of a POST. */
export type CrewRequest =
  /** Starts these agents, all at once; one that is about to end is waited for. */
  | { readonly do: 'start'; readonly agents: readonly string[] }
  /** Has an agent leave, as it does when its node is stopped. */
  | { readonly do: 'leave'; readonly agent: string }
  /** Asks all agents that run whom they know. */
  | { readonly do: 'count' };

export interface CrewAnswer {
  /** When it was done, in ms since the epoch. */
  readonly at: number;
  /** To `count`: the members that are alive in the eyes of the agent that sees the fewest. */
  readonly fewest?: number;
}

export const CREW_PORT = 8_000;
