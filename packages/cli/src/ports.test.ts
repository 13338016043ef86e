import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FoundContainer, Published } from './cluster.ts';
import type { EngineContainer } from './engine.ts';
import { labelsOf } from './labels.ts';
import { portHolder } from './port-holder.ts';
import { choosePorts, type PortHolder } from './ports.ts';

const first: Published = { bind: '127.0.0.1', http: 8080, stats: 1936 };

function taken(...ports: number[]): PortHolder {
  return async (_bind, port) => (ports.includes(port) ? 'the container other' : undefined);
}

function balancer(node: string, published: Published): FoundContainer {
  return {
    ...{ id: node, name: `rollcall-${node}`, node, role: 'balancer', imageId: 'x', state: 'running' },
    service: undefined,
    ...{ spec: { image: 'x', env: {}, published }, createdAt: new Date(0) },
  };
}

describe('the ports of balancers', () => {
  it('are where they are wanted, and the next free ones for further balancers', async () => {
    const places = await choosePorts(3, first, [], taken(8081, 1938));
    expect(places.map(({ http, stats }) => [http, stats])).toEqual([
      [8080, 1936],
      [8082, 1937],
      [8083, 1939],
    ]);
  });

  it('stay where they are', async () => {
    const had = { bind: '127.0.0.1', http: 9000, stats: 9001 };
    expect(await choosePorts(2, first, [balancer('ha2', had)], taken())).toEqual([first, had]);
  });

  it.each([
    ['the first one comes to them', { bind: '127.0.0.1', http: 8080, stats: 9001 }],
    ['another address is wanted', { bind: '0.0.0.0', http: 9000, stats: 9001 }],
    ['somebody took them while the balancer was stopped', { bind: '127.0.0.1', http: 7000, stats: 9001 }],
  ])('move when %s', async (_why, had) => {
    const places = await choosePorts(2, first, [balancer('ha2', had)], taken(7000));
    expect(places[1]).toEqual({ bind: '127.0.0.1', http: 8081, stats: 1937 });
  });

  const withRoutes = { ...first, tcp: { 5432: 5432, 6000: 6000 } };

  it('of routes are the same on the machine at the first, and the next free ones at further balancers', async () => {
    const places = await choosePorts(2, withRoutes, [], taken(5433));
    expect(places[0]).toEqual(withRoutes);
    expect(places[1]).toEqual({
      ...{ bind: '127.0.0.1', http: 8081, stats: 1937 },
      tcp: { 5432: 5434, 6000: 6001 },
    });
  });

  it('stay where they are when one for a route comes along', async () => {
    const had = { bind: '127.0.0.1', http: 9000, stats: 9001, tcp: { 6000: 7000 } };
    const places = await choosePorts(2, withRoutes, [balancer('ha2', had)], taken());
    expect(places[1]).toEqual({ ...had, tcp: { 5432: 5433, 6000: 7000 } });
  });

  it('of routes are refused when somebody has them, or they are those of the web', async () => {
    await expect(choosePorts(1, withRoutes, [], taken(6000))).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: 'port 6000 on 127.0.0.1 is taken by the container other',
    });
    await expect(choosePorts(1, { ...first, tcp: { 8080: 8080 } }, [], taken())).rejects.toMatchObject({
      code: 'USAGE',
      message: '--http and --publish are both 8080; choose two ports',
    });
  });

  it('are refused in one sentence when somebody has the wanted one', async () => {
    await expect(choosePorts(1, first, [], taken(1936))).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: 'port 1936 on 127.0.0.1 is taken by the container other',
      advice: ['Choose another with --stats PORT.'],
    });
  });

  it('are two', async () => {
    await expect(choosePorts(1, { ...first, stats: 8080 }, [], taken())).rejects.toMatchObject({
      code: 'USAGE',
    });
  });
});

describe('who holds a port', () => {
  function container(bind: string, port: number, cluster?: string): EngineContainer {
    const labels = cluster ? labelsOf(cluster, 'ha', 'balancer', { image: 'x', env: {} }) : {};
    return {
      ...{ id: '1', name: 'other', imageId: 'x', labels, state: 'running', createdAt: new Date(0) },
      ...{ networkMode: 'c', networks: ['c'], published: [{ bind, port }] },
    };
  }

  it.each([
    ['127.0.0.1', '127.0.0.1', 'the container other'],
    ['0.0.0.0', '127.0.0.1', 'the container other'],
    ['127.0.0.1', '0.0.0.0', 'the container other'],
    ['127.0.0.2', '127.0.0.1', undefined],
  ])('a container on %s, for who wants %s: %s', async (bind, wanted, holder) => {
    const holders = portHolder({ isLocal: false }, [container(bind, 8080)], 'rollcall');
    expect(await holders(wanted, 8080)).toBe(holder);
    expect(await holders(wanted, 8081)).toBeUndefined();
  });

  it('not the cluster itself', async () => {
    const own = [container('127.0.0.1', 8080, 'rollcall')];
    expect(await portHolder({ isLocal: true }, own, 'rollcall')('127.0.0.1', 8080)).toBeUndefined();
    expect(await portHolder({ isLocal: true }, own, 'blue')('127.0.0.1', 8080)).toBe('the container other');
  });

  it('another program, where the engine is on this machine', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    onTestFinished(() => void server.close());
    expect(await portHolder({ isLocal: true }, [], 'rollcall')('127.0.0.1', port)).toBe('another program');
    expect(await portHolder({ isLocal: false }, [], 'rollcall')('127.0.0.1', port)).toBeUndefined();
  });
});
