import { expect, it } from 'vitest';
import { dockerPs } from './docker-ps.ts';

const listed = {
  Id: '4b207a7f8054c0ffee',
  Image: 'rollcall/haproxy',
  Command: '/init',
  Created: 1_000,
  Status: 'Up 8 seconds (healthy)',
  Ports: [
    { PrivatePort: 9999, Type: 'tcp' },
    { IP: '127.0.0.1', PrivatePort: 80, PublicPort: 32808, Type: 'tcp' },
  ],
  Names: ['/ha'],
};

it('prints containers as the docker client does', () => {
  expect(dockerPs([listed], 1_009_500)).toBe(
    [
      'CONTAINER ID   IMAGE              COMMAND   CREATED         STATUS                   PORTS                               NAMES',
      '4b207a7f8054   rollcall/haproxy   "/init"   9 seconds ago   Up 8 seconds (healthy)   127.0.0.1:32808->80/tcp, 9999/tcp   ha',
      '',
    ].join('\n'),
  );
});

it.each([
  [0.5, 'Less than a second ago'],
  [1, '1 second ago'],
  [90, 'About a minute ago'],
  [200, '3 minutes ago'],
])('words an age of %d s', (s, words) => {
  expect(dockerPs([listed], (1_000 + s) * 1_000)).toContain(words);
});

it('cuts a long command', () => {
  const Command = 'docker-entrypoint.sh node server.js';
  expect(dockerPs([{ ...listed, Command }], 1_009_500)).toContain('"docker-entrypoint.s…"');
});
