import { existsSync, readFileSync } from 'node:fs';
import { ipIfThere, isDead } from './dead-runs.ts';

const folder = '/sys/class/net/docker0';
const mark = 'rollcall-test-';

/** The default bridge of this machine's own Docker; where it has none, a bridge in its place until `close`. */
export class Docker0 {
  indexAtFirst: string | undefined;
  #standsIn = false;

  open(): void {
    // One that a killed run left stands in for this one.
    const alias = this.#read('ifalias') ?? '';
    const isLeft = alias.startsWith(mark) && isDead(alias.slice(mark.length));
    this.#standsIn = isLeft || this.index() === undefined;
    if (this.#standsIn) {
      if (!isLeft) ipIfThere('link', 'add', 'docker0', 'type', 'bridge');
      ipIfThere('link', 'set', 'docker0', 'alias', `${mark}${process.pid}`);
    }
    this.indexAtFirst = this.index();
  }

  /** The kernel gives every interface another number, also one of the same name. */
  index(): string | undefined {
    return this.#read('ifindex');
  }

  close(): void {
    if (this.#standsIn) ipIfThere('link', 'delete', 'docker0');
  }

  #read(file: string): string | undefined {
    return existsSync(folder) ? readFileSync(`${folder}/${file}`, 'utf8').trim() : undefined;
  }
}
