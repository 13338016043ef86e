import { randomUUID } from 'node:crypto';

const COOKIE = 'NODESESSID';

/** Sessions live in this process only. The one that was not seen for longest goes when there are too many. */
const MOST_SESSIONS = 10_000;

/** Session id -> how often it was seen; the one seen last at the end. */
const views = new Map();

/** Counts a request for its session, a new one where it brings none that is known here. */
export function countView(request, response) {
  const known = idFrom(request.headers.cookie);
  const id = views.has(known) ? known : randomUUID();
  const count = (views.get(id) ?? 0) + 1;
  views.delete(id);
  views.set(id, count);
  if (views.size > MOST_SESSIONS) views.delete(views.keys().next().value);
  if (id !== known) response.setHeader('set-cookie', `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Lax`);
  return { id, sessionViews: count };
}

function idFrom(cookies = '') {
  const pairs = cookies.split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === COOKIE)?.[1];
}
