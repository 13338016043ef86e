/** The parts of two untyped libraries that this package calls; `docker.ts` and `image-context.ts` give them types. */
declare module 'dockerode' {
  const Dockerode: new (options?: object) => unknown;
  export default Dockerode;
}

declare module 'tar-stream' {
  import type { Readable } from 'node:stream';

  export interface Pack extends Readable {
    entry(
      header: { name: string; mode: number; uid: number; gid: number; mtime: Date; type: 'file' },
      content: Buffer,
    ): unknown;
    finalize(): void;
  }
  export function pack(): Pack;
}
