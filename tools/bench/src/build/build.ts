import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectEngine, type Engine } from '@rollcall/engine';
import { Stage } from '@rollcall/testkit';
import { WORKSPACE } from '../places.ts';
import type { Findings, Part } from '../result.ts';
import { rounded } from '../statistics.ts';
import { buildFlat } from './flat-images.ts';
import { newBytes, type Snapshot, snapshot } from './stored.ts';
import { WorkspaceCopy } from './workspace-copy.ts';

const DEBIAN = 'rollcall/debian:trixie';
/** A small package that no image has. */
const PACKAGE = 'tree';
const MB = 1_000_000;

interface Edit {
  readonly name: string;
  /** undefined: nothing is changed. */
  readonly make?: (copy: WorkspaceCopy) => Promise<void>;
  /** For the flat Dockerfiles, as everything else that is edited comes from our images. */
  readonly addsPackage?: boolean;
}

const NOTHING: Edit = { name: 'nothing changed' };
const HANDLER: Edit = {
  name: "an edit in a role's handler",
  make: (copy) => copy.editPackage('webapp-handler'),
};
const FULL: Edit[] = [
  NOTHING,
  HANDLER,
  { name: 'an edit in a shared package', make: (copy) => copy.editPackage('membership') },
  {
    name: 'one more Debian package in base',
    make: (copy) =>
      copy.runInBase(`apt-get update && apt-get install --yes ${PACKAGE} && rm -rf /var/lib/apt/lists/*`),
    addsPackage: true,
  },
];
const QUICK: Edit[] = [HANDLER];

/** One way of building, at one step. */
interface Built {
  readonly seconds: number;
  /** What a registry gets and every host pulls, before compression. */
  readonly newBytes: number;
  readonly snapshot: Snapshot;
}

interface Step {
  readonly name: string;
  readonly family: Built;
  readonly flat: Built;
}

/** What it takes to build all images, and to build them again. */
export const build: Part = {
  name: 'build',
  about:
    'All images from an empty cache, and again after one change after the other, in a copy of the workspace; beside them ' +
    "a balancer's and a web node's image by a Dockerfile each, from Debian to the end.",
  minutes: 7,
  run: async ({ quick, say }) => {
    const stage = await Stage.open('bench-build');
    try {
      const engine = await connectEngine({ workspace: WORKSPACE });
      const copy = await WorkspaceCopy.make(stage, { host: engine.host, cold: !quick });
      const builders = new Builders(engine, stage, copy, quick);
      const steps: Step[] = [];
      for (const edit of [{ name: 'from nothing' }, ...(quick ? QUICK : FULL)]) {
        say(edit.name);
        steps.push(await builders.step(edit, steps.at(-1)));
      }
      return findings(steps, copy.images.size);
    } finally {
      await stage.close();
    }
  },
};

/** Both ways of building, one step after the other. */
class Builders {
  readonly #engine: Engine;
  readonly #stage: Stage;
  readonly #copy: WorkspaceCopy;
  readonly #quick: boolean;
  #count = 0;

  constructor(engine: Engine, stage: Stage, copy: WorkspaceCopy, quick: boolean) {
    this.#engine = engine;
    this.#stage = stage;
    this.#copy = copy;
    this.#quick = quick;
  }

  async step({ name, make, addsPackage = false }: Edit, before: Step | undefined): Promise<Step> {
    await make?.(this.#copy);
    this.#count += 1;
    const family = await this.#timed('family', before?.family, async () => {
      await this.#copy.build();
      return [...this.#copy.images.values()];
    });
    const flat = await this.#timed('flat', before?.flat, () => this.#buildFlat(addsPackage));
    return { name, family, flat };
  }

  async #buildFlat(addsPackage: boolean): Promise<string[]> {
    const more = addsPackage ? [PACKAGE] : [];
    // In the quick form nothing is installed that takes long.
    const common = this.#quick ? [PACKAGE] : [...(await packagesOfOs()), ...more];
    const images = ['haproxy', 'webapp'].map((name) => ({
      from: this.#copy.images.get(name) ?? name,
      packages: name === 'haproxy' && !this.#quick ? [...common, name] : common,
    }));
    return await buildFlat(this.#engine, this.#stage, images, { debian: DEBIAN, cold: !this.#quick });
  }

  async #timed(way: string, before: Built | undefined, run: () => Promise<string[]>): Promise<Built> {
    const from = performance.now();
    const images = await run();
    const seconds = (performance.now() - from) / 1_000;
    const now = await snapshot(this.#engine, this.#stage, `${way}-${this.#count}`, images);
    const bytes = before ? await newBytes(this.#engine, before.snapshot, now) : now.bytes;
    return { seconds, newBytes: bytes, snapshot: now };
  }
}

/** What the bottom image installs. */
async function packagesOfOs(): Promise<string[]> {
  const dockerfile = await readFile(join(WORKSPACE, 'images/os/Dockerfile'), 'utf8');
  const [, packages] = /install --yes (.*); \\$/m.exec(dockerfile) ?? [];
  if (packages === undefined) throw new Error('images/os/Dockerfile does not say what it installs');
  return packages.split(' ');
}

function findings(steps: readonly Step[], images: number): Findings {
  const [first] = steps;
  const mb = (bytes: number) => rounded(bytes / MB);
  return {
    tables: [
      {
        title: 'Building',
        columns: ['', `all ${images} images, s`, 'new, MB', 'two flat ones, s', 'new, MB'],
        rows: steps.map(({ name, family, flat }) => [
          name,
          rounded(family.seconds),
          mb(family.newBytes),
          rounded(flat.seconds),
          mb(flat.newBytes),
        ]),
        note: 'Once each, the changes one on top of the other; Debian itself is there. New is what a host that has the images of the line above pulls, before compression. Bundling our own code is in the first time only: the flat Dockerfiles copy it from the images.',
      },
      {
        title: 'Stored',
        columns: ['', 'images', 'sum of their sizes, MB', 'stored, MB'],
        rows: (['family', 'flat'] as const).flatMap((way) =>
          first
            ? [
                [
                  way === 'family' ? "Rollcall's" : 'flat Dockerfiles',
                  first[way].snapshot.tags.length,
                  mb(first[way].snapshot.sum),
                  mb(first[way].snapshot.bytes),
                ],
              ]
            : [],
        ),
        note: 'A layer that several images have is stored once. Debian itself is in both.',
      },
    ],
    plots: [],
    goals: [],
  };
}
