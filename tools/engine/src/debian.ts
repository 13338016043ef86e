import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PassThrough, type Readable } from 'node:stream';
import { followed } from './docker.ts';
import { EngineError, messageOf } from './errors.ts';
import type { Engine } from './find.ts';
import { findImage, type ImageFound } from './find-image.ts';
import { anotherEngine, installMissing } from './install.ts';
import { sourceDateEpoch } from './reproducible.ts';
import { commandEnvironment } from './run.ts';

const official = { name: 'debian', tag: 'trixie-slim' };

/** A registry that is there says something at once; one behind a firewall that drops packets never does. */
const silenceLimitMs = 20_000;

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const suites = [
  ['http://deb.debian.org/debian', 'trixie'],
  ['http://deb.debian.org/debian', 'trixie-updates'],
  ['http://deb.debian.org/debian-security', 'trixie-security'],
] as const;

/** As Debian's own slim image leaves out; the copyright files must stay. */
const excluded = ['/usr/share/man/*', '/usr/share/info/*', '/usr/share/locale/*', '/usr/share/doc/*'];
const included = ['/usr/share/doc/*/copyright', '/usr/share/locale/locale.alias'];

/** In the image too, for builds on top: apt makes no binary caches (50 MB) and fetches no translations. */
const aptOptions = [
  'Acquire::Languages "none"',
  'APT::Install-Recommends "false"',
  'Dir::Cache::pkgcache ""',
  'Dir::Cache::srcpkgcache ""',
];

/** As above, but mmdebstrap itself needs the packages that it downloads. */
const keepNoPackages = `echo 'APT::Keep-Downloaded-Packages "false";' > "$1/etc/apt/apt.conf.d/99rollcall"`;

/** What is particular to one run or one machine. */
const traces = ['etc/hostname', 'etc/resolv.conf', 'var/log/*.log', 'var/log/apt/*', 'var/cache/ldconfig/*'];

export interface DebianOptions {
  /** What the image is called, e.g. `rollcall/debian:trixie`. */
  tag: string;
  progress: (line: string) => void;
}

/**
 * Makes sure that the engine has a Debian 13 image of this tag, the bottom layer of all others: `debian:trixie-slim`
 * where the engine has it or can pull it, else one made from Debian's packages by mmdebstrap (on Debian or Ubuntu as
 * root).
 * @throws EngineError DEBIAN_FAILED, UNSUPPORTED_MACHINE, INSTALL_FAILED
 */
export async function ensureDebian(engine: Engine, { tag, progress }: DebianOptions): Promise<ImageFound> {
  const present = await findImage(engine, tag);
  if (present) return present;
  const pulled = await useOfficial(engine, tag, progress);
  if (pulled) return pulled;
  await importDebian(engine, tag, progress);
  const made = await findImage(engine, tag);
  if (made) return made;
  throw new EngineError('DEBIAN_FAILED', `The engine imported ${tag} but does not have it.`);
}

async function useOfficial(
  engine: Engine,
  tag: string,
  progress: (line: string) => void,
): Promise<ImageFound | undefined> {
  const name = `${official.name}:${official.tag}`;
  if (!(await findImage(engine, name))) {
    progress(`Pulling ${name}`);
    const problem = await pull(engine, name).catch(messageOf);
    if (problem !== undefined) {
      progress(`${name} cannot be pulled (${problem}): making it from Debian's packages`);
      return undefined;
    }
  }
  const [repo = tag, version = 'latest'] = tag.split(':');
  await engine.docker.getImage(name).tag({ repo, tag: version });
  return await findImage(engine, tag);
}

async function pull(engine: Engine, name: string): Promise<string | undefined> {
  const silence = new AbortController();
  const watch = setTimeout(
    () => silence.abort(new Error(`no answer within ${silenceLimitMs / 1000} s`)),
    silenceLimitMs,
  );
  try {
    const stream = await engine.docker.pull(name, { abortSignal: silence.signal });
    const events = await followed(engine.docker, stream, () => watch.refresh());
    return events.find((event) => event.error !== undefined)?.error;
  } catch (error) {
    return messageOf(silence.signal.aborted ? silence.signal.reason : error);
  } finally {
    clearTimeout(watch);
  }
}

async function importDebian(engine: Engine, tag: string, progress: (line: string) => void): Promise<void> {
  const needs = { mmdebstrap: 'mmdebstrap', [keyring]: 'debian-archive-keyring' };
  const need = { what: "a Debian image made from Debian's packages", otherwise: anotherEngine };
  await installMissing(need, needs, ['ca-certificates'], progress);
  progress("Making a Debian 13 image from Debian's packages (about a minute)");
  const [repo, version = 'latest'] = tag.split(':');
  const archive = debianArchive();
  try {
    const stream = await engine.docker.importImage(archive, {
      repo,
      tag: version,
      changes: ['CMD ["bash"]'],
    });
    const events = await followed(engine.docker, stream);
    const problem = archive.errored ?? events.find((event) => event.error !== undefined)?.error;
    if (problem) throw problem instanceof Error ? problem : new Error(problem);
  } catch (error) {
    const cause = archive.errored ?? error;
    if (cause instanceof EngineError) throw cause;
    throw new EngineError('DEBIAN_FAILED', `The engine cannot import ${tag}: ${messageOf(cause)}`, { cause });
  }
}

/**
 * A tar archive of Debian 13's minimal system, of the same bytes for the same packages. It ends in an error
 * (EngineError DEBIAN_FAILED) where mmdebstrap fails, never short. Needs mmdebstrap and root.
 */
export function debianArchive(): Readable {
  const child = spawn('mmdebstrap', mmdebstrapArguments(), {
    env: { ...commandEnvironment(), SOURCE_DATE_EPOCH: String(sourceDateEpoch) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const archive = new PassThrough();
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  const fail = (reason: string) => {
    const last = lines.slice(-15).map((line) => `  ${line}`);
    archive.destroy(
      new EngineError(
        'DEBIAN_FAILED',
        [
          `mmdebstrap ${reason}:`,
          ...last,
          "Debian's mirror deb.debian.org must be within reach, or else a registry.",
        ].join('\n'),
      ),
    );
  };
  child.once('error', (error) => fail(`cannot be run (${error.message})`));
  child.once('close', (code) => (code === 0 ? archive.end() : fail(`failed with code ${code}`)));
  archive.once('close', () => child.kill());
  child.stdout.pipe(archive, { end: false });
  return archive;
}

function mmdebstrapArguments(): string[] {
  return [
    '--variant=minbase',
    '--format=tar',
    ...excluded.map((path) => `--dpkgopt=path-exclude=${path}`),
    ...included.map((path) => `--dpkgopt=path-include=${path}`),
    ...aptOptions.map((option) => `--aptopt=${option}`),
    `--customize-hook=${keepNoPackages}`,
    `--customize-hook=cd "$1" && rm -rf ${traces.join(' ')}`,
    'trixie',
    '-',
    ...suites.map(([mirror, suite]) => `deb [signed-by=${keyring}] ${mirror} ${suite} main`),
  ];
}
