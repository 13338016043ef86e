import { argumentsOf } from './command.ts';
import { commands } from './commands/index.ts';
import { DEFAULT_CLUSTER } from './common-options.ts';
import type { Host } from './host.ts';
import { containersOf } from './labels.ts';

type Words = readonly string[];

/** Completes the names of nodes where a command takes one, and what yargs knows by itself. */
export function completeNode(host: Host) {
  return async (
    word: string,
    raw: Readonly<Record<string, unknown>>,
    defaults: (use: (error: unknown, words: Words) => void) => void,
    done: (words: Words) => void,
  ): Promise<void> => {
    const typed = [raw['_']].flat().map(String);
    const command = commands.find(({ usage }) => typed.includes(usage.split(' ')[0] ?? ''));
    const takesNode = command !== undefined && argumentsOf(command).includes('node') && !word.startsWith('-');
    const cluster = typeof raw['cluster'] === 'string' ? raw['cluster'] : DEFAULT_CLUSTER;
    // Where no engine answers there is nothing to complete, and nobody to tell.
    const nodes = takesNode ? await nodesOf(host, cluster).catch(() => []) : [];
    defaults((_error, words) => done(takesNode ? nodes : words));
  };
}

async function nodesOf(host: Host, cluster: string): Promise<string[]> {
  const engine = await host.connect();
  return containersOf(cluster, await engine.containers()).map(({ node }) => node);
}
