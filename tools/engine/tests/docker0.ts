import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** The default bridge of this machine's own Docker; where it has none, a bridge in its place until `close`. */
export class Docker0 {
  indexAtFirst: string | undefined;
  #standsIn = false;

  open(): void {
    this.#standsIn = this.index() === undefined;
    if (this.#standsIn) spawnSync('ip', ['link', 'add', 'docker0', 'type', 'bridge']);
    this.indexAtFirst = this.index();
  }

  /** The kernel gives every interface another number, also one of the same name. */
  index(): string | undefined {
    const file = '/sys/class/net/docker0/ifindex';
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  }

  close(): void {
    if (this.#standsIn) spawnSync('ip', ['link', 'delete', 'docker0']);
  }
}
