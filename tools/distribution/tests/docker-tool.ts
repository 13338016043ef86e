import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { outerEnvironment } from '@rollcall/testkit';
import { workspace } from './packed.ts';

const run = promisify(execFile);

/** Kept between runs: 13 MB each to fetch. */
const folder = join(workspace, '.rollcall', 'docker-tools');
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const source = `deb [signed-by=${keyring}] http://deb.debian.org/debian trixie main\n`;

const PLUGINS = 'usr/libexec/docker/cli-plugins';
const PROGRAMS = {
  'docker-buildx': `${PLUGINS}/docker-buildx`,
  'docker-cli': 'usr/bin/docker',
  'docker-compose': `${PLUGINS}/docker-compose`,
};

/** @returns the path of the machine's docker command, or of Debian 13's where it has none */
export async function dockerCommand(): Promise<string> {
  const found = (outerEnvironment()['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'docker'))
    .find((path) => existsSync(path));
  return found ?? (await dockerTool('docker-cli'));
}

/**
 * A tool of Docker as Debian 13 has it, unpacked beside the machine's own programs: Debian 12 has no Compose v2 and no
 * buildx.
 *
 * @returns the program's path; a plugin of the docker command runs by itself, too
 */
export async function dockerTool(name: keyof typeof PROGRAMS): Promise<string> {
  const program = join(folder, name, PROGRAMS[name]);
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(folder, 'fetch-'));
  try {
    await unpackPackage(name, scratch);
    // In one step, so that an interrupted run leaves no half of it.
    await rename(join(scratch, 'root'), join(folder, name));
  } catch (error) {
    throw new Error(
      `This test needs Debian 13's package ${name}, which it takes from deb.debian.org with apt (on Debian or ` +
        'Ubuntu, with the package debian-archive-keyring). It cannot be had here: see the cause.',
      { cause: error },
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return program;
}

/** With lists and a cache of its own: the machine's apt stays as it is. */
async function unpackPackage(name: string, scratch: string): Promise<void> {
  for (const path of ['lists/partial', 'cache/archives/partial']) {
    await mkdir(join(scratch, path), { recursive: true });
  }
  await writeFile(join(scratch, 'sources.list'), source);
  const settings = {
    'Dir::Etc::SourceList': join(scratch, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State::Lists': join(scratch, 'lists'),
    'Dir::Cache': join(scratch, 'cache'),
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    // Its own user cannot write into a folder of ours.
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  await run('apt-get', [...options, 'update'], { cwd: scratch });
  await run('apt-get', [...options, 'download', name], { cwd: scratch });
  await run('sh', ['-c', 'dpkg-deb -x ./*.deb root'], { cwd: scratch });
}
