import { EngineError } from './errors.ts';

export type Host = { socketPath: string } | { address: string; port: number };

/**
 * Parses a `DOCKER_HOST` value: `unix:///path` or `tcp://address:port`.
 * @throws EngineError HOST_INVALID for anything else, `ssh://` included.
 */
export function parseHost(value: string): Host {
  const socketPath = /^unix:\/\/(\/.+)$/.exec(value)?.[1];
  if (socketPath !== undefined) return { socketPath };
  const tcp = /^tcp:\/\/(\[[0-9a-fA-F:]+\]|[^:/?#]+):(\d{1,5})\/?$/.exec(value);
  const [, address, port] = tcp ?? [];
  if (address !== undefined && Number(port) > 0 && Number(port) < 65536) {
    return { address, port: Number(port) };
  }
  throw new EngineError(
    'HOST_INVALID',
    `DOCKER_HOST is "${value}"; Rollcall understands unix:///path/to/docker.sock and tcp://address:port. ` +
      'Set one of these, or unset DOCKER_HOST to let Rollcall look for an engine.',
  );
}
