import type { Engine } from '@rollcall/engine';
import type { PackageFound } from './spdx.ts';

/** dpkg's own list, and a file for each package that came by `COPY --from`. */
const listing = 'cat /var/lib/dpkg/status; cat /var/lib/dpkg/status.d/* 2>/dev/null || true';

/** The Debian packages in an image. Their licenses are texts, in the image's `/usr/share/doc/NAME/copyright`. */
export async function debianPackages({ docker }: Engine, image: string): Promise<PackageFound[]> {
  // With a terminal, as its output is then plain text; without a network, as it needs none.
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ['sh', '-c', listing],
    Tty: true,
    NetworkDisabled: true,
  });
  try {
    await container.start();
    await container.wait();
    return parseStatus(String(await container.logs({ follow: false, stdout: true, stderr: true })));
  } finally {
    await container.remove({ force: true });
  }
}

/** Reads dpkg's status: paragraphs of fields, https://www.debian.org/doc/debian-policy/ch-controlfields.html */
function parseStatus(text: string): PackageFound[] {
  return text
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
