import type { Cluster, TestContainer } from '@rollcall/testkit';

/** A way to have a balancer follow its nodes. All run the same demo app, from the same image. */
export interface Contender {
  readonly name: string;
  /** @returns what nodes are added to, once the balancer's container runs */
  start(cluster: Cluster, nodesMax: number): Promise<Running>;
}

export interface Running {
  /** Where clients reach the balancer. */
  readonly url: string;
  /** As `docker run`: resolves when the container has started, not when it serves. */
  add(name: string): Promise<TestContainer>;
}

/** The port of the demo app. */
export const APP_PORT = 3_000;

/** A container with the demo app and nothing else, that Docker's DNS knows as `web`. */
export async function plainNode({ stage, network }: Cluster, hostname: string): Promise<TestContainer> {
  return await stage.run({
    image: 'rollcall/webapp',
    cmd: ['node', '/opt/rollcall/demo/server.js'],
    hostname,
    network,
    aliases: ['web', hostname],
  });
}
