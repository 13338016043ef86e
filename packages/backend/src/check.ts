import { request } from 'node:http';
import { connect } from 'node:net';
import type { Check } from '@rollcall/membership';

export type CheckResult = { readonly passed: true } | FailedCheck;

export interface FailedCheck {
  readonly passed: false;
  /** Why, for a log line. */
  readonly problem: string;
  /** Nobody listens on the port: certain, where a slow or bad answer may be a passing weakness. */
  readonly refused: boolean;
}

const HOST = '127.0.0.1';

/** An app that takes longer for its check is not fit for traffic now. */
const LIMIT_MS = 2_000;

/**
 * Checks the app on this node once, over a connection of its own: one kept alive would not tell that the app has
 * stopped to accept new ones.
 *
 * By HTTP, `GET path` passes with a status of 2xx or 3xx; by TCP, an accepted connection does. Never rejects.
 *
 * @param signal ends the check early, as failed
 */
export function checkApp(check: Check, port: number, signal: AbortSignal): Promise<CheckResult> {
  return check.by === 'http' ? checkHttp(check.path, port, signal) : checkTcp(port, signal);
}

function checkHttp(path: string, port: number, signal: AbortSignal): Promise<CheckResult> {
  return new Promise((resolve) => {
    const headers = { 'user-agent': 'rollcall-check' };
    const outgoing = request({ host: HOST, port, path, headers, agent: false, signal });
    const limit = setTimeout(() => outgoing.destroy(tooSlow()), LIMIT_MS);
    outgoing.on('close', () => clearTimeout(limit));
    outgoing.on('error', (error) => resolve(failed(`GET ${path}`, error)));
    outgoing.on('response', (incoming) => {
      const status = incoming.statusCode ?? 0;
      const passed = status >= 200 && status < 400;
      resolve(passed ? { passed } : { passed, problem: `GET ${path} answered ${status}`, refused: false });
      // The app gets its answer off; what goes wrong with the rest of it says nothing more.
      incoming.on('error', () => undefined).resume();
    });
    outgoing.end();
  });
}

function checkTcp(port: number, signal: AbortSignal): Promise<CheckResult> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    const limit = setTimeout(() => socket.destroy(tooSlow()), LIMIT_MS);
    // Node's own option `signal` leaves a listener on the signal for each socket.
    const end = () => socket.destroy(new Error('the check was ended'));
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
    socket.on('close', () => {
      clearTimeout(limit);
      signal.removeEventListener('abort', end);
    });
    socket.on('error', (error) => resolve(failed(`a connection to port ${port}`, error)));
    socket.on('connect', () => {
      resolve({ passed: true });
      socket.destroy();
    });
  });
}

function failed(what: string, error: NodeJS.ErrnoException): FailedCheck {
  return { passed: false, problem: `${what}: ${error.message}`, refused: error.code === 'ECONNREFUSED' };
}

const tooSlow = () => new Error(`no answer within ${LIMIT_MS} ms`);
