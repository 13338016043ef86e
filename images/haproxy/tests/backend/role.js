import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { defineHandler } from '@rollcall/handler';
import { drainQuery, idleQuery } from '@rollcall/membership';

/**
 * A web node that does as it is told: it says of itself what a test wants, and holds requests until it is told to
 * answer them. Commands come over the same port, on paths of their own.
 */
const PORT = 3000;
const LONG_MS = 60_000;

const tags = (state) => ({ service: 'web', port: PORT, state, weight: 100, check: { by: 'tcp' } });

export default defineHandler({
  name: 'backend',
  variables: {},
  services: [],
  backendTags: () => tags('ready'),
  start({ announce, queries, node }) {
    let held = [];
    let begun = 0;
    const ask = async (query) => {
      const leaver = { node: node.name, boot: node.boot };
      const { answers } = await queries.ask(query, leaver, { nodes: ['ha'], timeoutMs: LONG_MS });
      return answers.get('ha') ?? null;
    };
    const commands = {
      '/say': async ({ searchParams }) => await announce(tags(searchParams.get('state'))),
      '/drain': () => ask(drainQuery),
      '/idle': () => ask(idleQuery),
      '/begun': () => begun,
      '/held': () => held.length,
      '/release': () => {
        for (const answer of held) answer();
        held = [];
      },
    };

    const server = createServer(async (request, response) => {
      const url = new URL(request.url, 'http://backend');
      if (url.pathname === '/hold') begun += 1;
      response.on('close', () => {
        if (url.pathname === '/hold') begun -= 1;
      });
      let bytes = 0;
      for await (const chunk of request) bytes += chunk.length;
      const answer = (value) => response.end(JSON.stringify(value ?? null));
      const command = commands[url.pathname];
      if (command) answer(await command(url));
      else if (url.pathname === '/hold') held.push(() => answer({ node: node.name, bytes }));
      else answer({ node: node.name, headers: request.headers });
    });
    server.on('upgrade', (request, socket) => {
      // RFC 6455, 1.3.
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      const accept = createHash('sha1').update(key).digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      socket.on('error', () => {}).pipe(socket);
    });
    server.listen(PORT);
    return { close: () => server.close() };
  },
});
