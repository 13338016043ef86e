import { expect, test } from 'vitest';
import { type AgentSettings, agentConfig } from './agent-config.ts';

const settings: AgentSettings = { name: 's1', gossipPort: 7946, rpcPort: 7373, rpcAuth: 'secret' };

test('an agent listens for gossip everywhere, for RPC on loopback, and leaves only when asked to', () => {
  expect(agentConfig(settings)).toEqual({
    node_name: 's1',
    bind: '0.0.0.0:7946',
    rpc_addr: '127.0.0.1:7373',
    rpc_auth: 'secret',
    log_level: 'INFO',
    profile: 'lan',
    leave_on_terminate: false,
    skip_leave_on_interrupt: false,
    reconnect_interval: '5s',
    reconnect_timeout: '5m',
    tombstone_timeout: '5m',
  });
});

test.each([
  ['10.0.0.1', '10.0.0.1:7946'],
  ['10.0.0.1:9000', '10.0.0.1:9000'],
  ['2001:db8::1', '[2001:db8::1]:7946'],
  ['[2001:db8::1]:9000', '[2001:db8::1]:9000'],
])('%s is advertised as %s', (advertise, advertised) => {
  expect(agentConfig({ ...settings, advertise })['advertise']).toBe(advertised);
});

test('gossip is encrypted where there is a key', () => {
  expect(agentConfig({ ...settings, key: 'k' })).toMatchObject({ encrypt_key: 'k' });
});

test.each<[string, Partial<AgentSettings>]>([
  ['a name with a blank', { name: 'a b' }],
  ['no secret', { rpcAuth: '' }],
  ['a port that is none', { gossipPort: 0 }],
  ['an RPC port that is none', { rpcPort: 70_000 }],
  ['a host name to advertise', { advertise: 'example.com' }],
  ['a port to advertise that is none', { advertise: '10.0.0.1:0' }],
  ['half an address to advertise', { advertise: '10.0.0:1' }],
])('%s is refused', (_what, wrong) => {
  expect(() => agentConfig({ ...settings, ...wrong })).toThrow(
    expect.objectContaining({ code: 'AGENT_CONFIG_INVALID' }),
  );
});
