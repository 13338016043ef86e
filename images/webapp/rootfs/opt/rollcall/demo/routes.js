import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { countView } from './sessions.js';

const MOST_DELAY_MS = 60_000;
const MOST_DOWNLOAD_BYTES = 1024 ** 3;
const MOST_DELAY_BODY_LENGTH = 1024;
const EVENT_EVERY_MS = 100;

let delayMs = 0;

/** Something that the client has to change; its message is the answer. */
export class BadRequest extends Error {}

/** What the app answers: `METHOD /path` -> how. `stopping` is aborted when the app is to end. */
export const routes = {
  async 'GET /'({ request, response }) {
    const ip = request.socket.localAddress?.replace(/^::ffff:/, '');
    response.setHeader('x-backend-ip', ip ?? '');
    const { id, sessionViews } = countView(request, response);
    await sleep(delayMs);
    sendJson(response, { hello: 'world!', ip, host: hostname(), sessionViews, id });
  },

  /** `{"delay": ms}`: how much later `GET /` is answered from now on. */
  async 'POST /delay'({ request, response }) {
    const delay = parseDelay(await readText(request, MOST_DELAY_BODY_LENGTH));
    delayMs = delay;
    sendJson(response, { delay });
  },

  /** Answered at once whatever the delay is. */
  'GET /health'({ response }) {
    sendJson(response, { healthy: true });
  },

  async 'POST /echo'({ request, response }) {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of request) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    sendJson(response, { bytes, sha256: hash.digest('hex'), host: hostname() });
  },

  async 'GET /slow'({ query, response }) {
    const ms = wholeNumber(query, 'ms', MOST_DELAY_MS);
    await sleep(ms);
    sendJson(response, { ms, host: hostname() });
  },

  async 'GET /download'({ query, response }) {
    const bytes = wholeNumber(query, 'bytes', MOST_DOWNLOAD_BYTES);
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes });
    await pipeline(Readable.from(zeros(bytes)), response);
  },

  /** Server-sent events, `count` of them or without end. */
  async 'GET /events'({ query, response, stopping }) {
    const count = query.has('count') ? wholeNumber(query, 'count', Number.MAX_SAFE_INTEGER) : Infinity;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    for (let n = 1; n <= count && !stopping.aborted && response.writable; n++) {
      response.write(`id: ${n}\ndata: ${JSON.stringify({ n, host: hostname() })}\n\n`);
      await sleep(EVENT_EVERY_MS, undefined, { signal: stopping }).catch(() => undefined);
    }
    response.end();
  },
};

export function sendJson(response, value, status = 200) {
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

function parseDelay(text) {
  const allowed = `the body must be {"delay": MS} with a whole number from 0 to ${MOST_DELAY_MS}`;
  let delay;
  try {
    ({ delay } = JSON.parse(text));
  } catch {
    throw new BadRequest(allowed);
  }
  if (!Number.isInteger(delay) || delay < 0 || delay > MOST_DELAY_MS) throw new BadRequest(allowed);
  return delay;
}

function wholeNumber(query, name, most) {
  const text = query.get(name) ?? '';
  if (/^\d{1,16}$/.test(text) && Number(text) <= most) return Number(text);
  throw new BadRequest(`${name} must be a whole number from 0 to ${most}`);
}

async function readText(request, most) {
  let text = '';
  // A request that is not read to its end stays open for its answer.
  for await (const chunk of request.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.length > most) throw new BadRequest(`the body must have at most ${most} characters`);
  }
  return text;
}

function* zeros(bytes) {
  const chunk = Buffer.alloc(64 * 1024);
  for (let left = bytes; left > 0; left -= chunk.length)
    yield left < chunk.length ? chunk.subarray(0, left) : chunk;
}
