import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bridgeAddress,
  choosePool,
  defaultInterface,
  overlap,
  parseNameServers,
  parseRoutes,
  parseSubnet,
  type Subnet,
} from './addresses.ts';

const procNetRoute = [
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
  'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
  'docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
  'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
  '',
].join('\n');

function subnet(text: string): Subnet {
  const parsed = parseSubnet(text);
  if (!parsed) throw new Error(text);
  return parsed;
}

describe('subnets', () => {
  test.each([
    ['10.77.0.0/16', { address: 0x0a4d0000, length: 16 }],
    ['192.0.2.1', { address: 0xc0000201, length: 32 }],
    ['0.0.0.0/0', { address: 0, length: 0 }],
    ['256.0.0.1', undefined],
    ['10.0.0.0/33', undefined],
    ['fd00::/8', undefined],
    ['', undefined],
  ])('%s is read', (text, expected) => {
    expect(parseSubnet(text)).toEqual(expected);
  });

  test.each([
    ['10.77.0.0/16', '10.77.200.0/24', true],
    ['10.77.200.1', '10.77.0.0/16', true],
    ['10.0.0.0/8', '10.77.0.0/16', true],
    ['10.77.0.0/16', '10.78.0.0/16', false],
    ['200.0.0.0/8', '200.1.2.3', true],
  ])('%s and %s overlap: %s', (a, b, expected) => {
    expect(overlap(subnet(a), subnet(b))).toBe(expected);
  });
});

describe('the machine', () => {
  test('tells its routes, without the default one', () => {
    expect(parseRoutes(procNetRoute)).toEqual([subnet('172.17.0.0/16'), subnet('192.0.2.0/24')]);
  });

  test('tells which interface leads outside', () => {
    expect(defaultInterface(procNetRoute)).toBe('eth0');
    expect(defaultInterface('Iface\tDestination\n')).toBeUndefined();
  });

  test('tells its IPv4 name servers', () => {
    const resolvConf =
      '# nameserver 1.1.1.1\nnameserver 10.255.255.53\nnameserver fd00::1\nsearch example.org\n';
    expect(parseNameServers(resolvConf)).toEqual([subnet('10.255.255.53')]);
  });
});

describe('the pool of a private engine', () => {
  const id = '00000003';

  test('is picked by the id', () => {
    expect(choosePool(id, [])).toBe('10.67.0.0/16');
  });

  test('is the remembered one while that is free', () => {
    expect(choosePool(id, [], '10.200.0.0/16')).toBe('10.200.0.0/16');
    expect(choosePool(id, [subnet('10.200.3.0/24')], '10.200.0.0/16')).toBe('10.67.0.0/16');
  });

  test('never overlaps a route, whatever the id and the routes', () => {
    const routes = fc.array(
      fc.record({
        address: fc.integer({ min: 0x0a000000, max: 0x0affffff }),
        length: fc.integer({ min: 10, max: 32 }),
      }),
      { maxLength: 3 },
    );
    const ids = fc.integer({ min: 0, max: 0xffffffff }).map((number) => number.toString(16).padStart(8, '0'));
    fc.assert(
      fc.property(ids, routes, (anyId, taken) => {
        const pool = subnet(choosePool(anyId, taken));
        expect(taken.some((route) => overlap(pool, route))).toBe(false);
      }),
    );
  });

  test('is refused where everything is taken', () => {
    expect(() => choosePool(id, [subnet('10.0.0.0/8')])).toThrow(
      expect.objectContaining({ code: 'NO_ADDRESSES' }),
    );
  });

  test('gives the default bridge its first /24', () => {
    expect(bridgeAddress('10.67.0.0/16')).toBe('10.67.0.1/24');
  });
});
