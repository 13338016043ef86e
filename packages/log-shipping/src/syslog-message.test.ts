import { expect, it } from 'vitest';
import { parseCollector } from './collector.ts';
import { syslogFrame } from './syslog-message.ts';

const frame = (text: string, number = 1) =>
  syslogFrame({ at: 0, service: 'app', text: Buffer.from(text) }, number, 's1').toString();

it('is a message of RFC 5424 after its length in bytes', () => {
  const message = '<134>1 1970-01-01T00:00:00.000Z s1 app - - [meta sequenceId="7"] 5 €';
  expect(frame('app: 5 €', 7)).toBe(`${Buffer.byteLength(message)} ${message}`);
});

it.each([
  ['{"level":"error"}', 131],
  ['app: {"level":60}', 130],
  ['{"level":"loud"}', 134],
  ['{', 134],
  ['null', 134],
])('of %s has the priority %i', (text, priority) => {
  expect(frame(text)).toContain(` <${priority}>1 `);
});

it('begins to count again where sequenceId ends', () => {
  expect(frame('', 2_147_483_648)).toContain('sequenceId="1"');
});

it.each([
  ['tcp://logs', 'logs', 514],
  ['tcp://logs.example.com:6514', 'logs.example.com', 6514],
  ['tcp://10.0.0.1:1', '10.0.0.1', 1],
  ['tcp://[fd00::1]:514', 'fd00::1', 514],
])('takes the collector %s', (text, host, port) => {
  expect(parseCollector(text)).toEqual({ host, port });
});

it.each([
  'logs',
  'udp://logs',
  'tcp://',
  'tcp://logs:0',
  'tcp://logs:70000',
  'tcp://logs/x',
  'tcp://a b',
  'tcp://u:p@h',
])('refuses the collector %s', (text) => {
  expect(parseCollector(text)).toBeUndefined();
});
