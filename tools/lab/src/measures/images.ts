import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { buildImage, type Context, connectEngine, type Engine } from '@rollcall/engine';
import { makeContext, readImageProject } from '@rollcall/image-builder';
import { Stage } from '@rollcall/testkit';
import { LabError } from '../errors.ts';
import { WORKSPACE } from '../places.ts';
import { bytesOf } from './image-bytes.ts';

/** A small package that no image has. */
const PACKAGE = 'tree';
const FAMILY = ['rollcall/os', 'rollcall/base', 'rollcall/haproxy', 'rollcall/webapp'];
const LEAVES = ['rollcall/haproxy', 'rollcall/webapp'];

/** What it takes to have all images again after a package was added at one place. */
export interface Rebuild {
  readonly seconds: number;
  /** Of layers that nobody had before: what a registry gets and every host pulls, before compression. */
  readonly newBytes: number;
}

export interface ImageFigures {
  readonly package: string;
  readonly rebuild: { readonly base: Rebuild; readonly haproxy: Rebuild; readonly flat: Rebuild };
  readonly sizes: readonly { readonly image: string; readonly bytes: number }[];
  /** The balancer's and the web node's image together: sharing layers, and flattened. */
  readonly together: { readonly layered: number; readonly flattened: number };
  readonly flattened: readonly { readonly image: string; readonly layered: number; readonly bytes: number }[];
}

/** Builds, flattens and weighs images of its own, made from the real ones. */
export async function measureImages(say: (line: string) => void): Promise<ImageFigures> {
  const stage = await Stage.open('lab-images');
  try {
    const bench = new Bench(stage, await connectEngine({ workspace: WORKSPACE }));
    say(`  ${PACKAGE} added to base`);
    const base = await bench.rebuild(async () => {
      const changed = await bench.build('base', { after: /^FROM rollcall\/os$/m });
      return [
        changed,
        await bench.build('haproxy', { parent: changed }),
        await bench.build('webapp', { parent: changed }),
      ];
    });
    say(`  ${PACKAGE} added to haproxy`);
    const haproxy = await bench.rebuild(async () => [
      await bench.build('haproxy', { after: /^FROM rollcall\/base\s+USER 0:0$/m }),
    ]);
    say(`  ${PACKAGE} added to a flat Dockerfile`);
    const flat = await bench.rebuild(async () => [await bench.flat()]);
    say('  layered against flattened');
    const flattened = await inTurn(LEAVES, (image) => bench.flatten(image));
    const weigh = async (image: string) => ({ image, bytes: await bench.bytes([image]) });
    return {
      package: PACKAGE,
      rebuild: { base, haproxy, flat },
      sizes: await inTurn(FAMILY, weigh),
      together: { layered: await bench.bytes(LEAVES), flattened: await bench.bytes(flattened) },
      flattened: await inTurn(LEAVES, async (image, at) => ({
        image,
        layered: await bench.bytes([image]),
        bytes: await bench.bytes([flattened[at] ?? image]),
      })),
    };
  } finally {
    await stage.close();
  }
}

/** Builds that leave the real images alone. */
class Bench {
  readonly #stage: Stage;
  readonly #engine: Engine;
  readonly #weighed = new Map<string, number>();
  #count = 0;

  constructor(stage: Stage, engine: Engine) {
    this.#stage = stage;
    this.#engine = engine;
  }

  /** Remembered, as it takes the engine seconds. */
  async bytes(images: readonly string[]): Promise<number> {
    const key = images.join();
    const bytes = this.#weighed.get(key) ?? (await bytesOf(this.#engine.docker, images));
    this.#weighed.set(key, bytes);
    return bytes;
  }

  async rebuild(build: () => Promise<string[]>): Promise<Rebuild> {
    const from = performance.now();
    const built = await build();
    const seconds = Math.round((performance.now() - from) / 100) / 10;
    const newBytes = (await this.bytes([...FAMILY, ...built])) - (await this.bytes(FAMILY));
    return { seconds, newBytes };
  }

  /** One of the real images, with one package more after a line of its Dockerfile, or on another parent. */
  async build(image: string, changed: { after: RegExp } | { parent: string }): Promise<string> {
    const project = await readImageProject(join(WORKSPACE, 'images', image));
    const { dockerfile } = project;
    const content =
      'after' in changed
        ? dockerfile.replace(changed.after, (line) => `${line}\nRUN ${this.#install(PACKAGE)}`)
        : dockerfile.replace(/^FROM rollcall\/base$/m, `FROM ${changed.parent}`);
    if (content === dockerfile) throw new LabError(`The Dockerfile of ${image} has no place for a change`);
    return await this.#build(
      new Map(await makeContext(project)).set('Dockerfile', { content: Buffer.from(content), mode: 0o644 }),
    );
  }

  /** All that the balancer's image has, installed and copied by one Dockerfile in one go. */
  async flat(): Promise<string> {
    const os = await readImageProject(join(WORKSPACE, 'images/os'));
    const packages = /install --yes (.*); \\$/m.exec(os.dockerfile)?.[1] ?? '';
    const dockerfile = [
      'FROM rollcall/debian:trixie',
      `RUN ${this.#install(`${packages} haproxy ${PACKAGE}`)}`,
      'COPY --from=rollcall/haproxy /opt/rollcall /opt/rollcall',
      'COPY --from=rollcall/haproxy /init /init',
      'ENTRYPOINT ["/init"]',
      '',
    ].join('\n');
    return await this.#build(new Map([['Dockerfile', { content: dockerfile }]]));
  }

  /** As `docker export | docker import` does: one layer, which is nobody else's. */
  async flatten(image: string): Promise<string> {
    const reference = this.#reference();
    const container = await this.#engine.docker.createContainer({ Image: image, Labels: this.#stage.labels });
    try {
      const stream = await this.#engine.docker.importImage(await container.export(), { repo: reference });
      await pipeline(stream, async (events) => {
        for await (const _ of events);
      });
    } finally {
      await container.remove({ force: true });
    }
    return reference;
  }

  /** Written differently in each run: nothing that an earlier one has built may be taken for this one's. */
  #install(packages: string): string {
    const install = `DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${packages}`;
    return `: ${this.#stage.id}; apt-get update && ${install} && rm -rf /var/lib/apt/lists/*`;
  }

  async #build(context: Context): Promise<string> {
    const reference = this.#reference();
    await buildImage(this.#engine, {
      context,
      dockerfile: 'Dockerfile',
      tags: [reference],
      labels: this.#stage.labels,
      onLine: () => {},
    });
    return reference;
  }

  #reference(): string {
    this.#count += 1;
    const reference = `${this.#stage.id}-${this.#count}`;
    this.#stage.ownImage(reference);
    return reference;
  }
}

/** One after the other: each keeps the engine's disk busy by itself. */
async function inTurn<T>(
  images: readonly string[],
  work: (image: string, at: number) => Promise<T>,
): Promise<T[]> {
  const done: T[] = [];
  for (const [at, image] of images.entries()) done.push(await work(image, at));
  return done;
}
