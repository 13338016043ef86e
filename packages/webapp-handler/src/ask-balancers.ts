import type { NodeIdentity } from '@rollcall/handler';
import { drainQuery, idleQuery, type Queries } from '@rollcall/membership';
import type { AskBalancers } from './drain.ts';

/** Puts the questions of a drain to balancers by queries. */
export function askBalancers(queries: Queries, { name, boot }: NodeIdentity): AskBalancers {
  const leaver = { node: name, boot };
  return async (question, nodes, { timeoutMs, signal, onAnswer }) => {
    const told = new Set<string>();
    const onEach = (answers: ReadonlyMap<string, Parameters<typeof onAnswer>[1]>): boolean => {
      for (const [node, answer] of answers) {
        if (!told.has(node)) onAnswer(node, answer);
        told.add(node);
      }
      return false;
    };
    const options = { nodes, timeoutMs, signal, until: onEach };
    if (question === 'drain') await queries.ask(drainQuery, leaver, options);
    else await queries.ask(idleQuery, leaver, options);
  };
}
