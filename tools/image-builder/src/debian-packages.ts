import { text } from 'node:stream/consumers';
import type { Engine } from '@rollcall/engine';
import type { PackageFound } from './spdx.ts';

/** dpkg's own list, and a file for each package that came by `COPY --from`. */
const listing = 'cat /var/lib/dpkg/status; cat /var/lib/dpkg/status.d/* 2>/dev/null || true';

/** The Debian packages in an image. Their licenses are texts, in the image's `/usr/share/doc/NAME/copyright`. */
export async function debianPackages({ docker }: Engine, image: string): Promise<PackageFound[]> {
  // With a terminal, as its output is then plain text; without a network, as it needs none. The engine removes it when
  // it ends, whether or not this process is still there.
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ['sh', '-c', listing],
    Tty: true,
    NetworkDisabled: true,
    HostConfig: { AutoRemove: true },
  });
  try {
    const output = await container.attach({ stream: true, stdout: true, stderr: true });
    await container.start();
    return parseStatus(await text(output));
  } catch (error) {
    // One that was never started does not end.
    await container.remove({ force: true }).catch(() => undefined);
    throw error;
  }
}

/** Reads dpkg's status: paragraphs of fields, https://www.debian.org/doc/debian-policy/ch-controlfields.html */
function parseStatus(listed: string): PackageFound[] {
  return listed
    .replaceAll('\r', '')
    .split(/\n(?=Package: )/)
    .filter((paragraph) => /^Status: .* installed$/m.test(paragraph))
    .map((paragraph) => {
      const field = (key: string) => new RegExp(`^${key}: (.+)$`, 'm').exec(paragraph)?.[1] ?? '';
      const [name, version, architecture] = [field('Package'), field('Version'), field('Architecture')];
      const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}&distro=trixie`;
      return { name, version, purl };
    });
}
