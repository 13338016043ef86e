import type { Contender } from './contender.ts';

/** This project. */
export const rollcall: Contender = {
  name: 'Rollcall',
  start: async (cluster) => {
    const { url } = await cluster.balancer();
    return { url, add: async (name) => (await cluster.web(name)).container };
  },
};
