import type { IncomingHttpHeaders } from 'node:http';

/** The cookies of one client of one site: names and values, nothing of paths and dates. */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  headers(): Record<string, string> {
    if (this.#cookies.size === 0) return {};
    return { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  take(headers: IncomingHttpHeaders): void {
    for (const cookie of headers['set-cookie'] ?? []) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1));
    }
  }
}
