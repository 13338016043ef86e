import { until } from '@rollcall/testkit';
import { hold } from '../errors.ts';
import { NaiveRoom, naiveConfig } from './naive-room.ts';

const NODES = ['s1', 's2'];

/** What is left in haproxy.cfg when it is rendered from each event alone and two nodes join together. */
export interface SingleEvents {
  readonly config: string;
}

export async function measureSingleEvents(): Promise<SingleEvents> {
  const room = await NaiveRoom.open();
  try {
    const ha = await room.balancer('follow-last-event');
    await untilAlive(ha, ['ha']);
    await Promise.all(NODES.map((name) => room.web(name)));
    await untilAlive(ha, ['ha', ...NODES]);
    // The agent tells its handler of a join one to three seconds after it has seen it, of both together or one by one:
    // when both have been told of, the last one stands.
    const config = await until('a server in haproxy.cfg', () => naiveConfig(ha), {
      accept: (text) => serverNames(text).length > 0,
    });
    const configured = serverNames(config);
    hold(configured.length === 1, 'rendered from single events, haproxy.cfg has one server', configured);
    return { config };
  } finally {
    await room.close();
  }
}

async function untilAlive(
  ha: Awaited<ReturnType<NaiveRoom['balancer']>>,
  names: readonly string[],
): Promise<void> {
  await until(`${names.join(', ')} alive for ha`, async () => {
    const { stdout } = await ha.exec(['serf', 'members', '-status=alive']);
    return names.every((name) => new RegExp(`^${name} `, 'm').test(stdout));
  });
}

function serverNames(config: string): string[] {
  return [...config.matchAll(/^ {2}server (\S+)/gm)].map(([, name = '']) => name);
}
