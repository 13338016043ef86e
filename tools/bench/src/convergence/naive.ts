import { NaiveRoom, urlOf } from '@rollcall/lab';
import type { Contender } from './contender.ts';

/** A script on each membership event that writes haproxy.cfg and restarts HAProxy. */
export const naive: Contender = {
  name: 'render and restart',
  start: async ({ stage, network }) => {
    const room = await NaiveRoom.within(stage, network);
    const balancer = await room.balancer();
    return { url: urlOf(balancer), add: (name) => room.web(name) };
  },
};
