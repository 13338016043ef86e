import type { NodeIdentity } from '@rollcall/handler';
import { drainQuery, idleQuery, type Queries, type Query } from '@rollcall/membership';
import type { AskBalancers } from './drain.ts';
import type { Answer } from './drain-progress.ts';

/** Names travel with a query, which has 1,024 bytes in all; a name has up to 63. */
const NAMES_PER_QUERY = 8;

/** Puts the questions of a drain to balancers by queries. */
export function askBalancers(queries: Queries, { name, boot }: NodeIdentity): AskBalancers {
  return async (question, nodes, options) => {
    const query: Query<{ node: string; boot: string }, Answer> =
      question === 'drain' ? drainQuery : idleQuery;
    const asking = inGroups(nodes).map(async (group) => {
      const tell = eachOnce(options.onAnswer);
      const { answers, refused } = await queries.ask(
        query,
        { node: name, boot },
        {
          nodes: group,
          timeoutMs: options.timeoutMs,
          signal: options.signal,
          until: tell,
        },
      );
      tell(answers);
      for (const [node, reason] of refused) options.onRefusal(node, reason);
    });
    await Promise.all(asking);
  };
}

/** Tells each answer when it comes, none twice. */
function eachOnce(
  onAnswer: (node: string, answer: Answer) => void,
): (answers: ReadonlyMap<string, Answer>) => false {
  const told = new Set<string>();
  return (answers) => {
    for (const [node, answer] of answers) {
      if (!told.has(node)) onAnswer(node, answer);
      told.add(node);
    }
    return false;
  };
}

function inGroups(nodes: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (let at = 0; at < nodes.length; at += NAMES_PER_QUERY)
    groups.push(nodes.slice(at, at + NAMES_PER_QUERY));
  return groups;
}
