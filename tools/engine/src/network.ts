import { readFile, writeFile } from 'node:fs/promises';
import { bridgeAddress, overlap, parseSubnet } from './addresses.ts';
import { EngineError } from './errors.ts';
import type { Identity } from './identity.ts';
import { run } from './run.ts';

interface Rule {
  table: 'nat' | 'filter';
  chain: string;
  rule: readonly string[];
}

/**
 * What lets containers reach the outside, in two chains of the engine's own and a jump to each. It covers the whole
 * pool, so that networks made later need nothing more.
 */
export function networkRules(
  { chain }: Pick<Identity, 'chain'>,
  pool: string,
): { own: Rule[]; jumps: Rule[] } {
  return {
    own: [
      { table: 'nat', chain, rule: ['-s', pool, '!', '-d', pool, '-j', 'MASQUERADE'] },
      // A system's dockerd sets the policy of FORWARD to DROP.
      { table: 'filter', chain, rule: ['-s', pool, '-j', 'ACCEPT'] },
      {
        table: 'filter',
        chain,
        rule: ['-d', pool, '-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED', '-j', 'ACCEPT'],
      },
    ],
    jumps: [
      { table: 'nat', chain: 'POSTROUTING', rule: ['-j', chain] },
      { table: 'filter', chain: 'FORWARD', rule: ['-j', chain] },
    ],
  };
}

/**
 * Makes the default bridge, turns forwarding on and adds the rules that are not there yet.
 * @throws EngineError NETWORK_FAILED
 */
export async function installNetwork(identity: Identity, pool: string): Promise<void> {
  await writeFile('/proc/sys/net/ipv4/ip_forward', '1').catch((error: unknown) => {
    throw new EngineError('NETWORK_FAILED', 'IP forwarding cannot be turned on (net.ipv4.ip_forward).', {
      cause: error,
    });
  });
  if ((await run('ip', ['link', 'show', identity.bridge])).code !== 0) {
    await must('ip', ['link', 'add', identity.bridge, 'type', 'bridge']);
  }
  await must('ip', ['address', 'replace', bridgeAddress(pool), 'dev', identity.bridge]);
  await must('ip', ['link', 'set', identity.bridge, 'up']);
  const { own, jumps } = networkRules(identity, pool);
  for (const { table, chain } of jumps.map((jump) => ({ ...jump, chain: identity.chain }))) {
    const known = await iptables(table, '-n', '-L', chain);
    if (known.code !== 0) await must('iptables', ['-w', '-t', table, '-N', chain]);
  }
  for (const rule of own) await addMissing(rule, '-A');
  // First in its chain: what another firewall drops further down is for its own networks.
  for (const jump of jumps) await addMissing(jump, '-I');
}

/** Removes the rules, the default bridge and the bridges of the networks in this pool. Nothing there is no failure. */
export async function removeNetwork(identity: Identity, pool: string | undefined): Promise<void> {
  for (const { table, chain, rule } of networkRules(identity, pool ?? '').jumps) {
    while ((await iptables(table, '-D', chain, ...rule)).code === 0);
    await iptables(table, '-F', identity.chain);
    await iptables(table, '-X', identity.chain);
  }
  for (const name of await bridgesOf(identity, pool)) await run('ip', ['link', 'delete', name]);
}

async function bridgesOf(identity: Identity, pool: string | undefined): Promise<string[]> {
  const { lines } = await run('ip', ['-o', '-4', 'address', 'show']);
  return [...new Set([identity.bridge, ...(pool === undefined ? [] : bridgesIn(pool, lines))])];
}

/** The Docker bridges with an address in the pool, from the lines of `ip -o -4 address show`. */
export function bridgesIn(pool: string, lines: readonly string[]): string[] {
  const range = parseSubnet(pool);
  return lines.flatMap((line) => {
    const [, name = '', address = ''] = /^\d+: (br-[0-9a-f]{12})\s+inet (\S+)/.exec(line) ?? [];
    const subnet = parseSubnet(address);
    return range && subnet && overlap(range, subnet) ? [name] : [];
  });
}

/** Bytes; networks to the outside through a smaller link than Ethernet's need the same limit in containers. */
export async function mtuOf(networkInterface: string | undefined): Promise<number> {
  const ethernet = 1500;
  if (networkInterface === undefined) return ethernet;
  const text = await readFile(`/sys/class/net/${networkInterface}/mtu`, 'utf8').catch(() => '');
  return Math.min(Number(text) || ethernet, ethernet);
}

async function addMissing({ table, chain, rule }: Rule, how: '-A' | '-I'): Promise<void> {
  if ((await iptables(table, '-C', chain, ...rule)).code === 0) return;
  await must('iptables', ['-w', '-t', table, how, chain, ...rule]);
}

async function iptables(table: Rule['table'], ...args: string[]): Promise<{ code: number }> {
  // -w: other programs change rules too; wait for their lock.
  return await run('iptables', ['-w', '-t', table, ...args]);
}

async function must(command: string, args: readonly string[]): Promise<void> {
  const { code, lines } = await run(command, args);
  if (code === 0) return;
  throw new EngineError(
    'NETWORK_FAILED',
    `\`${command} ${args.join(' ')}\` failed: ${lines.join(' ')}. A private engine needs the right to administer ` +
      'the network (root with CAP_NET_ADMIN). Without it, start an engine elsewhere and set DOCKER_HOST.',
  );
}
