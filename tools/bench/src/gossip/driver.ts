/**
 * Runs in a container of its own: many real Serf agents, each as a node of the cluster with a server to offer, that come
 * and go as they are told by HTTP. An agent that ends without having been told to ends the container.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { json } from 'node:stream/consumers';
import { agentConfig, DEFAULT_GOSSIP_PORT, encodeTags, SerfClient } from '@rollcall/membership';
import { CREW_PORT, type CrewAnswer, type CrewOrder, type CrewRequest } from './protocol.ts';

const GOSSIP_PORTS = 10_000;
const RPC_PORTS = 20_000;
const APP_PORTS = 30_000;
const RPC_AUTH = 'bench';

interface Agent {
  readonly process: ChildProcess;
  readonly ended: Promise<unknown>;
  isLeaving: boolean;
}

const order: CrewOrder = JSON.parse(process.argv[2] ?? '{}');
const running = new Map<string, Agent>();

for (const index of order.agents.keys()) {
  // What the balancer's checks reach.
  createTcpServer((socket) => socket.on('error', () => {}).destroy()).listen(APP_PORTS + index);
}
createServer(async (request, response) => {
  try {
    response.end(JSON.stringify(await answer((await json(request)) as CrewRequest)));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}).listen(CREW_PORT);

async function answer(request: CrewRequest): Promise<CrewAnswer> {
  switch (request.do) {
    case 'start': {
      await Promise.all(request.agents.map((name) => running.get(name)?.ended));
      const at = Date.now();
      for (const name of request.agents) start(name);
      return { at };
    }
    case 'leave': {
      const agent = running.get(request.agent);
      if (!agent) throw new Error(`${request.agent} does not run`);
      agent.isLeaving = true;
      const at = Date.now();
      agent.process.kill('SIGINT');
      return { at };
    }
    case 'count': {
      const counts: number[] = [];
      for (const name of running.keys()) counts.push(await aliveFor(name));
      return { at: Date.now(), fewest: Math.min(...counts) };
    }
  }
}

function start(name: string): void {
  const index = order.agents.indexOf(name);
  const file = `/run/${name}.json`;
  const config = {
    ...agentConfig({
      name,
      gossipPort: GOSSIP_PORTS + index,
      key: order.gossipKey,
      rpcPort: RPC_PORTS + index,
      rpcAuth: RPC_AUTH,
    }),
    tags: encodeTags({
      role: 'backend',
      boot: randomBytes(4).toString('hex'),
      service: 'web',
      port: APP_PORTS + index,
      state: 'ready',
      weight: 100,
      check: { by: 'tcp' },
    }),
    // An agent takes its own port for the others' where none is named.
    retry_join: [`${order.seed}:${DEFAULT_GOSSIP_PORT}`],
    retry_interval: '1s',
    log_level: 'WARN',
  };
  writeFileSync(file, JSON.stringify(config));
  const child = spawn('/usr/bin/serf', ['agent', '-config-file', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const agent: Agent = { process: child, ended: once(child, 'exit'), isLeaving: false };
  running.set(name, agent);
  void agent.ended.then(() => {
    running.delete(name);
    if (agent.isLeaving) return;
    console.error(`the agent ${name} has ended with ${child.exitCode ?? child.signalCode}`);
    process.exit(1);
  });
}

/** 0 where the agent does not answer yet, or not any more. */
async function aliveFor(name: string): Promise<number> {
  const port = RPC_PORTS + order.agents.indexOf(name);
  const client = await SerfClient.connect({ host: '127.0.0.1', port, authKey: RPC_AUTH }).catch(
    () => undefined,
  );
  if (!client) return 0;
  try {
    return (await client.members()).filter(({ Status }) => Status === 'alive').length;
  } finally {
    client.close();
  }
}
