import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  type Answer,
  type RequestOptions,
  request,
  Stage,
  type TestContainer,
  until,
} from '@rollcall/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

const PAGES = {
  '/srv/www/index.html': '<p>first</p>',
  '/srv/www/site.css': 'p {}',
  '/srv/www/site.js': 'void 0;',
  '/srv/www/data.json': '{}',
  '/srv/www/logo.svg': '<svg/>',
  '/srv/www/notes': '0123456789',
  '/srv/www/listed/a.txt': 'a',
  '/srv/www/.git/config': 'a secret',
  '/srv/www/listed/.env': 'a secret',
  '/srv/www/.well-known/security.txt': 'whom to tell',
};

let stage: Stage;
let node: TestContainer;
beforeAll(async () => {
  stage = await Stage.open('pages');
  node = await stage.run({ image: 'rollcall/static', ports: [8080], files: PAGES });
  await until('an answer', () => get('/'));
});
beforeEach(({ onTestFailed }) => {
  onTestFailed(async () => console.log(await node.logs()));
});
afterAll(() => stage.close());

function get(path: string, options: RequestOptions = {}): Promise<Answer> {
  return request(`http://127.0.0.1:${node.port(8080)}${path}`, { limitMs: 60_000, ...options });
}

interface Status {
  readonly problem?: string;
  readonly roleStatus?: { readonly state: string } | null;
}

async function statusOf(container: TestContainer): Promise<Status> {
  return JSON.parse((await container.readFile('/run/rollcall/status.json')) ?? '{}');
}

/** A request whose path is sent as it stands: a URL would be made straight before. @returns the whole answer */
async function raw(path: string): Promise<string> {
  const socket = connect(node.port(8080), '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
  return await text(socket);
}

it.each([
  ['/', 'text/html'],
  ['/index.html?v=1', 'text/html'],
  ['/site.css', 'text/css;charset=utf-8'],
  ['/site.js', 'text/javascript'],
  ['/data.json', 'application/json'],
  ['/logo.svg', 'image/svg+xml'],
  ['/listed/a.txt', 'text/plain;charset=utf-8'],
  ['/notes', 'application/octet-stream'],
  ['/.well-known/security.txt', 'text/plain;charset=utf-8'],
])('%s is sent as %s', async (path, type) => {
  const { status, headers } = await get(path);
  expect([status, headers['content-type']]).toEqual([200, type]);
});

it.each([
  ['/nothing-here', 404],
  ['/listed/', 403],
  ['/.git/config', 403],
  ['/%2egit/config', 403],
  ['/listed/.env', 403],
  ['/listed/../.git/config', 403],
  ['/../../etc/passwd', 404],
  ['/listed/../../../etc/passwd', 404],
  ['/%2e%2e/%2e%2e/etc/passwd', 404],
  ['/..%2f..%2fetc%2fpasswd', 404],
])('%s is answered with %i', async (path, status) => {
  const answer = await raw(path);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).not.toMatch(/root:|a secret|a\.txt/);
});

it('sends a part of a file, and nothing of one that the client has already', async () => {
  const part = await get('/notes', { headers: { range: 'bytes=2-4' } });
  expect([part.status, part.text()]).toEqual([206, '234']);
  const { etag = '' } = part.headers;
  const { status, body } = await get('/notes', { headers: { 'if-none-match': etag } });
  expect([status, body.length]).toEqual([304, 0]);
});

it('takes no uploads', async () => {
  expect((await get('/', { method: 'POST', body: Buffer.alloc(100_000) })).status).toBe(413);
  expect((await get('/', { method: 'PUT', body: 'other' })).status).toBeGreaterThanOrEqual(400);
  expect((await get('/')).text()).toBe('<p>first</p>');
});

it('sees what is changed in the folder', async () => {
  const untilAnswered = (path: string, expected: string | number) =>
    until(`${path} to be ${expected}`, () => get(path), {
      accept: (answer) => [answer.status, answer.text()].includes(expected),
    });
  await node.writeFiles({ '/srv/www/index.html': '<p>second, and longer</p>', '/srv/www/new.txt': 'new' });
  await untilAnswered('/', '<p>second, and longer</p>');
  await untilAnswered('/new.txt', 'new');
  await node.exec(['rm', '/srv/www/new.txt'], { user: '0' });
  await untilAnswered('/new.txt', 404);
});

it('is not in rotation without a page at /, and says why', async () => {
  const empty = await stage.run({ image: 'rollcall/static', tmpfs: { '/srv/www': '' } });
  const status = await until('what its check was answered', () => statusOf(empty), {
    accept: ({ problem }) => problem?.includes('GET / answered') === true,
  });
  expect(status).toMatchObject({
    problem: expect.stringMatching(/the app is not ready: GET \/ answered 40[34]$/),
    roleStatus: { state: 'starting' },
  });
});

it('listens where ROLLCALL_PORT says, and logs each request with its client, but not its own checks', async () => {
  const other = await stage.run({ image: 'rollcall/static', ports: [80], env: { ROLLCALL_PORT: '80' } });
  await until('a check to pass', () => statusOf(other), {
    accept: ({ roleStatus }) => roleStatus?.state === 'ready',
  });
  const headers = { 'x-forwarded-for': '192.0.2.1' };
  await request(`http://127.0.0.1:${other.port(80)}/nothing-here`, { headers, limitMs: 60_000 });
  const logged = await until(
    'the line of the request',
    async () => (await other.logs()).split('\n').filter((line) => line.includes('HTTP/1.1')),
    { accept: (lines) => lines.length > 0 },
  );
  expect(logged).toEqual([
    expect.stringMatching(/^static: 192\.0\.2\.1 "GET \/nothing-here HTTP\/1\.1" 404 \d+$/),
  ]);
});
