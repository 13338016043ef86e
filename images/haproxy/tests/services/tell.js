import { createServer } from 'node:http';
import { hostname } from 'node:os';

// Tells who answers, whatever it is asked.
createServer((request, response) => {
  response.end(JSON.stringify({ host: hostname(), cookie: request.headers.cookie ?? null }));
}).listen(3000);
