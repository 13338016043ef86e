import { describe, expect, test } from 'vitest';
import { parseHost } from './host.ts';

describe('DOCKER_HOST', () => {
  test.each([
    ['unix:///var/run/docker.sock', { socketPath: '/var/run/docker.sock' }],
    ['tcp://127.0.0.1:2375', { address: '127.0.0.1', port: 2375 }],
    ['tcp://docker.example:2376/', { address: 'docker.example', port: 2376 }],
    ['tcp://[::1]:2375', { address: '[::1]', port: 2375 }],
  ])('%s is understood', (value, expected) => {
    expect(parseHost(value)).toEqual(expected);
  });

  test.each([
    'unix://',
    'unix://relative',
    'ssh://host',
    'tcp://host',
    'tcp://host:0',
    'tcp://host:99999',
    'host:1',
  ])('%s is refused by name', (value) => {
    expect(() => parseHost(value)).toThrow(
      expect.objectContaining({ code: 'HOST_INVALID', message: expect.stringContaining(`"${value}"`) }),
    );
  });
});
