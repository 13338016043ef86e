// The demo app: what a container of rollcall/webapp runs when ROLLCALL_COMMAND names no other.
import { setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import { BadRequest, routes, sendJson } from './routes.js';
import { closeWebsockets, echoWebsocket } from './websocket.js';

const PORT = Number(process.env.ROLLCALL_PORT || 3000);

const stopping = new AbortController();
// Every open stream of events listens to it.
setMaxListeners(0, stopping.signal);

const server = createServer(async (request, response) => {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  response.on('close', () => stopping.signal.aborted && server.closeIdleConnections());
  try {
    const { pathname, searchParams: query } = new URL(`http://app${request.url}`);
    const answer = routes[`${method} ${pathname}`];
    if (answer) await answer({ request, response, query, stopping: stopping.signal });
    else sendJson(response, { error: `there is no ${method} ${pathname} here` }, 404);
  } catch (error) {
    answerError(response, error);
  }
});

// The balancer ends idle connections; one that this end closes could be chosen for a request at that moment.
server.keepAliveTimeout = 0;
server.on('upgrade', echoWebsocket);
server.on('error', (error) => {
  console.error(`cannot listen on port ${PORT}: ${error.message}`);
  process.exit(1);
});
server.listen(PORT, () => console.log(`demo app: listening on port ${server.address().port}`));

process.on('SIGTERM', () => {
  stopping.abort();
  closeWebsockets();
  server.close(() => process.exit(0));
});
process.on('uncaughtException', (error) => console.error('demo app:', error));

function answerError(response, error) {
  if (response.destroyed) return;
  if (response.headersSent) response.destroy();
  else if (error instanceof BadRequest) sendJson(response, { error: error.message }, 400);
  else {
    console.error('demo app:', error);
    sendJson(response, { error: 'something went wrong here' }, 500);
  }
}
