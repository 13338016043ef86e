import { buildImage, type Engine } from '@rollcall/engine';
import type { Stage } from '@rollcall/testkit';

/** What one Dockerfile has to itself. */
export interface FlatImage {
  /** The image of the family that it stands for: our files come from there. */
  readonly from: string;
  /** Debian's, all installed by this Dockerfile. */
  readonly packages: readonly string[];
}

export interface FlatOptions {
  /** Of the bottom of the family. */
  readonly debian: string;
  /** Whether what is installed is to differ from all that the engine remembers. */
  readonly cold: boolean;
}

/** Separate Dockerfiles, each from Debian to the end, that share nothing. @returns their tags */
export async function buildFlat(
  engine: Engine,
  stage: Stage,
  images: readonly FlatImage[],
  { debian, cold }: FlatOptions,
): Promise<string[]> {
  const tags: string[] = [];
  for (const [index, { from, packages }] of images.entries()) {
    const tag = `${stage.id}-flat-${index}`;
    const install = `apt-get install --yes --no-install-recommends ${packages.join(' ')}`;
    const dockerfile = [
      `FROM ${debian}`,
      `RUN : ${cold ? stage.id : ''}; apt-get update && ${install} && rm -rf /var/lib/apt/lists/*`,
      `COPY --from=${from} /init /init`,
      `COPY --from=${from} /opt/rollcall /opt/rollcall`,
      'ENTRYPOINT ["/init"]',
      '',
    ].join('\n');
    await buildImage(engine, {
      context: new Map([['Dockerfile', { content: dockerfile }]]),
      dockerfile: 'Dockerfile',
      tags: [tag],
      labels: stage.labels,
      onLine: () => {},
    });
    stage.ownImage(tag);
    tags.push(tag);
  }
  return tags;
}
