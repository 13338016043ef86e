import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract, pack } from 'tar-stream';
import { type BuildRequest, buildImage } from './build-image.ts';
import { clampTimes } from './clamp-times.ts';
import { type Docker, followed } from './docker.ts';
import { EngineError } from './errors.ts';
import type { Engine } from './find.ts';
import { findImage, type ImageFound } from './find-image.ts';

/** Debian 13's release, 9 August 2025, in seconds since 1970: no file in an image is younger. */
export const sourceDateEpoch = Date.UTC(2025, 7, 9) / 1000;

/** What of an image's configuration is read: https://github.com/opencontainers/image-spec/blob/main/config.md */
interface Configuration {
  created: string;
  history: { created: string }[];
  rootfs: { diff_ids: string[] };
}

/** `manifest.json` of `docker save`, and of `docker load`: paths in the archive. */
type Manifest = [{ Config: string; RepoTags: string[]; Layers: string[] }];

/** The files that `docker save` writes, by their paths; of those that are links, the paths that they name. */
interface Saved {
  files: Map<string, Buffer>;
  links: Map<string, string>;
}

/**
 * As `buildImage`, with the same times whenever it is built: those of the files in the image's own layers, and those in
 * its configuration. So the same steps make the same image, with the same id. (BuildKit can do that too, but not for
 * the images that an engine keeps.)
 *
 * Where the engine is not Docker with a store of its own (Podman; Docker on containerd's), the image stays as built.
 *
 * @param parent what the image descends from, whose layers stay as they are
 * @throws EngineError BUILD_FAILED
 */
export async function buildReproducibly(
  engine: Engine,
  request: BuildRequest,
  parent: string | undefined,
): Promise<ImageFound> {
  const { docker } = engine;
  const built = await buildImage(engine, request);
  if (!(await hasStoreOfItsOwn(docker))) return built;
  const below = parent === undefined ? [] : await layersOf(docker, parent);
  const saved = await readSaved(await docker.getImage(built.id).get());
  const loading = await docker.loadImage(withFixedTimes(saved, new Set(below), request.tags.map(withTag)));
  const problem = (await followed(docker, loading)).find(({ error }) => error !== undefined)?.error;
  const fixed = await findImage(engine, request.tags[0]);
  if (problem !== undefined || fixed === undefined || fixed.id === built.id) {
    const why = problem ?? 'the engine reports success but does not have it';
    throw new EngineError('BUILD_FAILED', `${request.tags[0]} was built, but not with fixed times: ${why}`);
  }
  await docker.getImage(built.id).remove();
  return fixed;
}

/** Whether layers that it has need not be in what it loads. */
async function hasStoreOfItsOwn(docker: Docker): Promise<boolean> {
  const { Driver } = await docker.info();
  return ['overlay2', 'fuse-overlayfs', 'btrfs', 'zfs', 'vfs'].includes(Driver);
}

async function layersOf(docker: Docker, image: string): Promise<string[]> {
  return (await docker.getImage(image).inspect()).RootFS.Layers ?? [];
}

async function readSaved(archive: NodeJS.ReadableStream): Promise<Saved> {
  const files = new Map<string, Buffer>();
  const links = new Map<string, string>();
  const reader = extract();
  reader.on('entry', ({ name, type, linkname }, content, next) => {
    if (type === 'symlink') links.set(name, posix.join(posix.dirname(name), linkname ?? ''));
    buffer(content).then((bytes) => {
      if (type === 'file') files.set(name, bytes);
      next();
    }, next);
  });
  await pipeline(archive, reader);
  return { files, links };
}

/** @param below the layers, by their digests, that stay as they are; the engine has them and need not be sent them */
function withFixedTimes({ files, links }: Saved, below: ReadonlySet<string>, tags: string[]): Readable {
  const contentOf = (path: string): Buffer => {
    const content = files.get(links.get(path) ?? path);
    if (content) return content;
    throw new EngineError('BUILD_FAILED', `The engine saved an image without ${path}`);
  };
  const [manifest] = JSON.parse(String(contentOf('manifest.json'))) as Manifest;
  const configuration: Configuration = JSON.parse(String(contentOf(manifest.Config)));
  const archive = pack();
  const layers = configuration.rootfs.diff_ids.map((digest, index) => {
    if (below.has(digest)) return digest;
    const layer = contentOf(manifest.Layers[index] ?? '');
    clampTimes(layer, sourceDateEpoch);
    const fixed = `sha256:${sha256(layer)}`;
    archive.entry({ name: pathOf(fixed) }, layer);
    return fixed;
  });
  const fixed = JSON.stringify({
    ...configuration,
    created: earliest(configuration.created),
    history: configuration.history.map((step) => ({ ...step, created: earliest(step.created) })),
    rootfs: { ...configuration.rootfs, diff_ids: layers },
  });
  const config = `${sha256(fixed)}.json`;
  archive.entry({ name: config }, fixed);
  const loaded: Manifest = [{ Config: config, RepoTags: tags, Layers: layers.map(pathOf) }];
  archive.entry({ name: 'manifest.json' }, JSON.stringify(loaded));
  archive.finalize();
  return archive;
}

function earliest(time: string): string {
  return new Date(Math.min(Date.parse(time) || 0, sourceDateEpoch * 1000)).toISOString();
}

function pathOf(digest: string): string {
  return `${digest.replace('sha256:', '')}/layer.tar`;
}

/** Loading insists on a tag, which building does not. */
function withTag(name: string): string {
  return /:[^/]+$/.test(name) ? name : `${name}:latest`;
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
