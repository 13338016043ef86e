import { hold } from '../errors.ts';
import { NaiveRoom } from './naive-room.ts';

/** What a node does that can only join through a balancer that is down. */
export interface OneSeed {
  readonly exitCode: number;
  readonly lastLine: string;
}

export async function measureOneSeed(): Promise<OneSeed> {
  const room = await NaiveRoom.open();
  try {
    const node = await room.run('s1', ['serf', 'agent', '-join', 'ha']);
    const exitCode = await node.waitForExit();
    hold(exitCode !== 0, 'an agent whose only seed is down ends', exitCode);
    const lines = (await node.logs()).trim().split('\n');
    return { exitCode, lastLine: (lines.at(-1) ?? '').replace(/^\W+/, '') };
  } finally {
    await room.close();
  }
}
