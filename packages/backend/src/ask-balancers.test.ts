import type { AskOptions, Queries } from '@rollcall/membership';
import { expect, it } from 'vitest';
import { askBalancers } from './ask-balancers.ts';

type Reply = { answer: object } | { refused: string } | undefined;

/** Nodes that reply one after the other, as the room would pass it on; keeps what they were asked. */
function nodesThatReply(replies: Record<string, Reply>): { queries: Queries; asked: unknown[] } {
  const asked: unknown[] = [];
  const ask = async (query: { name: string }, payload: unknown, options: AskOptions<object>) => {
    const nodes = options.nodes ?? [];
    asked.push({ query: query.name, payload, nodes });
    const answers = new Map<string, object>();
    const refused = new Map<string, string>();
    for (const node of nodes) {
      const reply = replies[node];
      if (reply && 'refused' in reply) refused.set(node, reply.refused);
      if (reply && 'answer' in reply) {
        answers.set(node, reply.answer);
        // The last answer completes the query: nobody is asked any more whether it is enough.
        if (answers.size < nodes.length) options.until?.(answers);
      }
    }
    return { answers, refused, missing: nodes.filter((node) => !replies[node]) };
  };
  return { queries: { ask, answer: () => undefined } as unknown as Queries, asked };
}

async function askAll(question: 'drain' | 'idle', replies: Record<string, Reply>) {
  const { queries, asked } = nodesThatReply(replies);
  const told: unknown[] = [];
  await askBalancers(queries, { name: 's1', boot: 'b00t' })(question, Object.keys(replies), {
    timeoutMs: 1_000,
    signal: new AbortController().signal,
    onAnswer: (node, answer) => told.push([node, answer]),
    onRefusal: (node, reason) => told.push([node, reason]),
  });
  return { asked, told };
}

it('asks by name for this node in this start of its container', async () => {
  const { asked } = await askAll('idle', { ha: undefined });
  expect(asked).toEqual([{ query: 'idle', payload: { node: 's1', boot: 'b00t' }, nodes: ['ha'] }]);
});

it('tells each answer once, and refusals', async () => {
  const answer = { applied: true, inFlight: 2 };
  const { told } = await askAll('drain', {
    ha: { answer },
    hb: undefined,
    hc: { answer },
    hd: { refused: 'busy' },
  });
  expect(told).toEqual([
    ['ha', answer],
    ['hc', answer],
    ['hd', 'busy'],
  ]);
});

it('tells the answer that completes a query', async () => {
  const answer = { idle: true, inFlight: 0 };
  expect((await askAll('idle', { ha: { answer } })).told).toEqual([['ha', answer]]);
});

it('does not put more names into a query than fit', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `balancer-${index}`);
  const { asked } = await askAll('drain', Object.fromEntries(names.map((name) => [name, undefined])));
  expect(asked.map((query) => (query as { nodes: string[] }).nodes.length)).toEqual([8, 8, 4]);
});
