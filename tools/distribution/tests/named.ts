import { randomBytes } from 'node:crypto';
import type { Docker } from '@rollcall/engine';

/** Six letters for names that nobody else has: no digits, as nodes are numbered behind the name of their service. */
export function lettersOfOurOwn(): string {
  return [...randomBytes(6)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('');
}

/** Whatever on the engine has `part` in its name: `container NAME`, `network NAME`, `volume NAME`, `image TAG`. */
export async function withName(docker: Docker, part: string): Promise<string[]> {
  const [containers, networks, { Volumes }, images] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
    docker.listImages(),
  ]);
  const names = [
    ...containers.flatMap(({ Names }) => Names.map((name) => `container ${name.slice(1)}`)),
    ...networks.map(({ Name }) => `network ${Name}`),
    ...Volumes.map(({ Name }) => `volume ${Name}`),
    ...images.flatMap(({ RepoTags }) => (RepoTags ?? []).map((tag) => `image ${tag}`)),
  ];
  return names.filter((name) => name.includes(part)).sort();
}

/** Removes all of it: containers first, as they hold the rest. */
export async function removeNamed(docker: Docker, part: string): Promise<void> {
  const found = (await withName(docker, part)).map((each) => each.split(' ') as [string, string]);
  const named = (kind: string) => found.flatMap(([its, name]) => (its === kind ? [name] : []));
  for (const name of named('container')) await docker.getContainer(name).remove({ force: true, v: true });
  for (const name of named('network')) await docker.getNetwork(name).remove();
  for (const name of named('volume')) await docker.getVolume(name).remove();
  for (const name of named('image')) await docker.getImage(name).remove({ force: true });
}
