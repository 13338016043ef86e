/**
 * The images that a Dockerfile builds on: what its `FROM` lines name, without the names of its own stages.
 * The last one is what the image itself descends from.
 */
export function imagesNamedByFrom(dockerfile: string): string[] {
  const stages = new Map<string, string>();
  const images: string[] = [];
  for (const [, name = '', stage] of dockerfile.matchAll(fromLine)) {
    const image = stages.get(name.toLowerCase()) ?? name;
    images.push(image);
    if (stage) stages.set(stage.toLowerCase(), image);
  }
  return images.filter((image, index) => images.lastIndexOf(image) === index);
}

const fromLine = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*$/gim;
