import { argumentsOf } from './command.ts';
import { commands } from './commands/index.ts';
import { DEFAULT_CLUSTER } from './common-options.ts';
import type { Host } from './host.ts';
import { clustersOn, containersOf } from './labels.ts';

/** What the shell's script asks with, before the words that have been typed. */
const ASKING = '--get-yargs-completions';
const CLUSTER_OPTIONS = ['--cluster', '-c'];

/**
 * Completes names that only the engine knows: of clusters after `--cluster`, of nodes where a command takes one.
 *
 * @returns undefined where the last word is nothing of the kind, or no completion was asked for
 */
export async function completeNames(words: readonly string[], host: Host): Promise<string[] | undefined> {
  const [asking, , name, ...rest] = words;
  if (asking !== ASKING) return undefined;
  const isCluster = CLUSTER_OPTIONS.includes(rest.at(-2) ?? '');
  const command = commands.find(({ usage }) => usage.split(' ')[0] === name);
  const isNode =
    command !== undefined && argumentsOf(command).includes('node') && !rest.at(-1)?.startsWith('-');
  if (!isCluster && !isNode) return undefined;
  try {
    const all = await (await host.connect()).containers();
    if (isCluster) return clustersOn(all);
    return containersOf(clusterIn(rest), all).map(({ node }) => node);
  } catch {
    // Without an engine there is nothing to complete, and nobody who could be told why.
    return [];
  }
}

function clusterIn(words: readonly string[]): string {
  const at = words.findIndex((word) => CLUSTER_OPTIONS.includes(word));
  return (at < 0 ? undefined : words[at + 1]) ?? DEFAULT_CLUSTER;
}
