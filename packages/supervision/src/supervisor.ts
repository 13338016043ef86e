import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SupervisionError } from './errors.ts';
import { parseStatus, type ServiceStatus, STATUS_FIELDS } from './status.ts';

const run = promisify(execFile);

/** The signals that s6-svc sends. */
export type ServiceSignal =
  | 'SIGTERM'
  | 'SIGINT'
  | 'SIGQUIT'
  | 'SIGHUP'
  | 'SIGUSR1'
  | 'SIGUSR2'
  | 'SIGKILL'
  | 'SIGSTOP'
  | 'SIGCONT';

export interface WaitOptions {
  readonly limitMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Looked at rather than told by the kernel: a host gives each user, that is, all containers together, 128 watches of
 * that kind by default (inotify's max_user_instances).
 */
const WATCH_EVERY_MS = 250;

/**
 * The services of a scan directory that s6-svscan runs. All state is s6's own; any number of these objects, in any
 * process of the same user, see and do the same.
 *
 * Every method throws SupervisionError: `SERVICE_UNKNOWN` for a name that is not in the scan directory,
 * `CONTROL_FAILED` when s6 could not be asked.
 */
export class Supervisor {
  readonly #scandir: string;

  /** @param scandir absolute path of the directory that s6-svscan runs on */
  constructor(scandir: string) {
    this.#scandir = scandir;
  }

  /** Starts the services that wait; each of them once in the life of the scan directory, whoever calls it how often. */
  async begin(): Promise<void> {
    await this.#script('begin');
  }

  /** Stops the container, which ends with this code unless it has one already; does not wait for that. */
  async fail(exitCode: number): Promise<void> {
    await this.#script('fail', String(exitCode));
  }

  /** Starts a service that is down, held ones included: the deaths that it was held for are forgotten. */
  async up(name: string): Promise<void> {
    const dir = await this.#dir(name);
    await this.#s6('s6-svdt-clear', [dir]);
    await this.#s6('s6-svc', ['-U', dir]);
  }

  /** Stops a service, as the container's own stop does; resolves when it is down. It stays down until `up`. */
  async down(name: string): Promise<{ readonly killed: boolean }> {
    const dir = await this.#dir(name);
    return await run(join(dir, 'data/stop'), { cwd: dir }).then(
      () => ({ killed: false }),
      (cause) => {
        if (cause.code === 1) return { killed: true };
        throw controlFailed(`${name} could not be stopped`, cause);
      },
    );
  }

  /** Has a service end and start again; does not wait for either. */
  async restart(name: string): Promise<void> {
    await this.#s6('s6-svc', ['-ru', await this.#dir(name)]);
  }

  /** Sends a signal to the service's process. Nothing is sent while it is down. */
  async signal(name: string, signal: ServiceSignal): Promise<void> {
    await this.#s6('s6-svc', ['-s', signal, await this.#dir(name)]);
  }

  async status(name: string): Promise<ServiceStatus> {
    const dir = await this.#dir(name);
    const [line, notifies, heldAtDeath] = await Promise.all([
      this.#s6('s6-svstat', ['-o', STATUS_FIELDS, dir]),
      isThere(join(dir, 'notification-fd')),
      isThere(join(dir, 'data/held')),
    ]);
    return parseStatus(name, line, { notifies, heldAtDeath });
  }

  /** Of all services, by name. */
  async statuses(): Promise<ServiceStatus[]> {
    const names = serviceNames(await readdir(this.#scandir));
    return await Promise.all(names.map((name) => this.status(name)));
  }

  /**
   * Resolves when the service is ready; at once if it is.
   *
   * @throws SupervisionError `NOT_READY` after `limitMs`, `SERVICE_HELD` when the service is held or comes to be; the
   *   signal's reason when it aborts
   */
  async waitUntilReady(name: string, { limitMs, signal }: WaitOptions): Promise<void> {
    const dir = await this.#dir(name);
    const ready = (await isThere(join(dir, 'notification-fd'))) ? '-U' : '-u';
    if ((await this.status(name)).held) throw new SupervisionError('SERVICE_HELD', `${name} died too often`);
    try {
      await run('s6-svwait', [ready, '-t', String(limitMs), dir], { ...(signal && { signal }) });
    } catch (cause) {
      signal?.throwIfAborted();
      const exitCode = (cause as { code?: unknown }).code;
      if (exitCode === 99) {
        throw new SupervisionError('NOT_READY', `${name} was not ready within ${limitMs} ms`, { cause });
      }
      if (exitCode === 1) throw new SupervisionError('SERVICE_HELD', `${name} died too often`, { cause });
      throw controlFailed(`${name} could not be waited for`, cause);
    }
  }

  /** How long a service is to be held, in seconds; undefined for one that never is. */
  async holdSeconds(name: string): Promise<number | undefined> {
    const file = join(await this.#dir(name), 'data/hold-seconds');
    return (await isThere(file)) ? Number(await readFile(file, 'utf8')) : undefined;
  }

  /**
   * Calls `changed` when s6 has written the status of a service, soon after. It only means "look again".
   *
   * @returns ends it
   */
  watch(changed: () => void): () => void {
    // s6-supervise replaces this file at each change.
    const files = serviceNames(readdirSync(this.#scandir)).map((name) =>
      join(this.#scandir, name, 'supervise/status'),
    );
    let before = versionsOf(files);
    const timer = setInterval(() => {
      const now = versionsOf(files);
      if (now === before) return;
      before = now;
      changed();
    }, WATCH_EVERY_MS);
    return () => clearInterval(timer);
  }

  async #dir(name: string): Promise<string> {
    const dir = join(this.#scandir, name);
    if (await isThere(join(dir, 'run'))) return dir;
    throw new SupervisionError('SERVICE_UNKNOWN', `There is no service ${name} in ${this.#scandir}`);
  }

  /** One of those that are compiled for the container as a whole. */
  async #script(name: string, ...args: readonly string[]): Promise<void> {
    try {
      await run(join(this.#scandir, '.s6-svscan', name), args, { cwd: this.#scandir });
    } catch (cause) {
      throw controlFailed(`${name} ${args.join(' ')} did not work in ${this.#scandir}`, cause);
    }
  }

  async #s6(program: string, args: readonly string[]): Promise<string> {
    try {
      return (await run(program, args)).stdout;
    } catch (cause) {
      throw controlFailed(`${program} ${args.join(' ')} did not work`, cause);
    }
  }
}

function serviceNames(entries: readonly string[]): string[] {
  return entries.filter((entry) => !entry.startsWith('.')).sort();
}

/** Another text for another state of the files. On the spot: to have a thread look takes many times as long. */
function versionsOf(files: readonly string[]): string {
  return files
    .map((file) => statSync(file, { throwIfNoEntry: false }))
    .map((stats) => stats && `${stats.ino} ${stats.ctimeMs}`)
    .join();
}

function controlFailed(what: string, cause: unknown): SupervisionError {
  return new SupervisionError('CONTROL_FAILED', what, { cause });
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
