import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import {
  buildImage,
  type Container,
  type Docker,
  type Engine,
  type Image,
  type Network,
} from '@rollcall/engine';
import { archiveOf } from './archive.ts';
import { ignoreStatus, TestContainer } from './container.ts';
import { engineForTests } from './engine.ts';
import { makeFolder } from './folders.ts';
import { OWNER_LABEL, STAGE_LABEL } from './labels.ts';
import { removeLeftovers } from './leftovers.ts';
import { type ContainerOptions, createOptions } from './options.ts';
import { ownerOf } from './owner.ts';
import { until } from './until.ts';

/**
 * What a test file has on the engine and in the temporary folder: made through the stage, removed with it.
 *
 * Open one in `beforeAll`, close it in `afterAll`, which runs after a failed test as well. What a killed test run
 * leaves behind is removed when the next stage opens.
 */
export class Stage {
  /** NAME and eight random hex digits: unique on the engine. */
  readonly id: string;
  readonly docker: Docker;
  readonly #engine: Engine;
  readonly #containers: Container[] = [];
  readonly #networks: Network[] = [];
  readonly #images: Image[] = [];
  readonly #folders: string[] = [];

  /** @param name what is tested, in letters that a container's name may have */
  static async open(name: string): Promise<Stage> {
    const engine = await engineForTests();
    await removeLeftovers(engine.docker);
    return new Stage(engine, `${name}-${randomBytes(4).toString('hex')}`);
  }

  private constructor(engine: Engine, id: string) {
    this.#engine = engine;
    this.docker = engine.docker;
    this.id = id;
  }

  /** To be put on what is made on the engine without the stage's methods, so that leftovers are found. */
  get labels(): Record<string, string> {
    return { [STAGE_LABEL]: this.id, [OWNER_LABEL]: ownerOf(process.pid) };
  }

  /** A container that has its files but is not started. */
  async create(options: ContainerOptions): Promise<TestContainer> {
    const container = await this.docker.createContainer(createOptions(options, this.labels));
    this.#containers.push(container);
    if (options.files) await container.putArchive(await archiveOf(options.files), { path: '/' });
    return new TestContainer(container);
  }

  async run(options: ContainerOptions): Promise<TestContainer> {
    const container = await this.create(options);
    await container.start();
    return container;
  }

  /** A bridge network of the stage's own. @returns its name, which is unique on the engine */
  async network(name = 'net'): Promise<string> {
    const Name = `${this.id}-${name}`;
    this.#networks.push(await this.docker.createNetwork({ Name, CheckDuplicate: true, Labels: this.labels }));
    return Name;
  }

  /** An image of the stage's own, from a Dockerfile that copies nothing. @returns its reference */
  async image(name: string, dockerfile: string): Promise<string> {
    const reference = `${this.id}-${name}`;
    this.ownImage(reference);
    await buildImage(this.#engine, {
      context: new Map([['Dockerfile', { content: dockerfile }]]),
      dockerfile: 'Dockerfile',
      tags: [reference],
      labels: this.labels,
      onLine: () => {},
    });
    return reference;
  }

  /** Has an image removed with the stage. Build it with `labels`. */
  ownImage(reference: string): void {
    this.#images.push(this.docker.getImage(reference));
  }

  /** A new empty folder on this machine. @returns its absolute path */
  async folder(): Promise<string> {
    const folder = await makeFolder();
    this.#folders.push(folder);
    return folder;
  }

  /** Removes everything. The stage may be used on, and closed again. */
  async close(): Promise<void> {
    await Promise.all(
      this.#containers
        .splice(0)
        .map((container) => untilGone(() => container.remove({ force: true, v: true }))),
    );
    await Promise.all(this.#networks.splice(0).map((network) => untilGone(() => network.remove())));
    // One by one: the engine stumbles over a layer that another removal is just taking away.
    for (const image of this.#images.splice(0)) await untilGone(() => image.remove({ force: true }));
    await Promise.all(this.#folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

/**
 * An engine that is busy gives up on a container that does not end within its 10 s, and takes a network for used as long
 * as such a one has not ended: it is asked again.
 */
async function untilGone(remove: () => Promise<unknown>): Promise<void> {
  await until('the engine to remove what the test has made', async () => {
    await remove().catch(ignoreStatus(404));
    return true;
  });
}
