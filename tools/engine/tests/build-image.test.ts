import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type BuildRequest,
  buildImage,
  connectEngine,
  type Engine,
  EngineError,
  findImage,
  removePrivateEngine,
  startPrivateEngine,
} from '../src/index.ts';
import { canRunPrivateEngines } from './machine.ts';
import { buildNodeImage, nodeImage } from './node-image.ts';

describe.skipIf(!canRunPrivateEngines)('buildImage', () => {
  const given = process.env['DOCKER_HOST'];
  let workspace: string;
  let engine: Engine;

  beforeAll(async () => {
    delete process.env['DOCKER_HOST'];
    workspace = mkdtempSync('/tmp/rollcall-build-');
    await startPrivateEngine({ workspace, progress: () => {} });
    engine = await connectEngine({ workspace });
    await buildNodeImage(engine);
  });

  afterAll(async () => {
    await removePrivateEngine({ workspace });
    rmSync(workspace, { recursive: true, force: true });
    if (given !== undefined) process.env['DOCKER_HOST'] = given;
  });

  function request(dockerfile: string, changes: Partial<BuildRequest> = {}): BuildRequest {
    return {
      context: new Map([
        [join('docker', 'Dockerfile'), { content: dockerfile }],
        [
          'hello.mjs',
          { content: 'console.log("hello", process.argv[2]); console.log("ünïcödé");\n', mode: 0o755 },
        ],
      ]),
      dockerfile: 'docker/Dockerfile',
      tags: ['rollcall-engine-test/built:1', 'rollcall-engine-test/built:2'],
      labels: { 'rollcall.inputs': 'abc' },
      buildArgs: { WHO: 'world' },
      onLine: () => {},
      ...changes,
    };
  }

  const twoStages = `
FROM ${nodeImage} AS first
ARG WHO
COPY hello.mjs /hello.mjs
RUN ["/bin/node", "-e", "fs.writeFileSync('/made', 'x')"]
FROM first AS told
RUN ["/bin/node", "/hello.mjs", "world"]
FROM ${nodeImage}
COPY --from=first /made /made
COPY --from=told /hello.mjs /hello.mjs
`;

  test('builds stages on local images and gives all tags and labels', async () => {
    const lines: string[] = [];
    const built = await buildImage(engine, request(twoStages, { onLine: (line) => lines.push(line) }));
    expect(built.labels).toEqual({ 'rollcall.inputs': 'abc' });
    expect(built.size).toBeGreaterThan(1_000_000);
    expect(await findImage(engine, 'rollcall-engine-test/built:1')).toEqual(built);
    expect(await findImage(engine, 'rollcall-engine-test/built:2')).toEqual(built);
    expect(lines).toEqual(expect.arrayContaining(['hello world', 'ünïcödé']));
  });

  test('builds the same sources to the same image again', async () => {
    const first = await buildImage(engine, request(twoStages));
    const again = await buildImage(engine, request(twoStages));
    expect(again.id).toBe(first.id);
  });

  test('tells the last words of a step that fails', async () => {
    const failing = `FROM ${nodeImage}\nRUN ["/bin/node", "-e", "console.log('last words'); process.exit(3)"]\n`;
    const building = buildImage(engine, request(failing));
    await expect(building).rejects.toThrow(EngineError);
    await expect(building).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      message: expect.stringMatching(
        /rollcall-engine-test\/built:1 from docker\/Dockerfile failed.*last words/s,
      ),
    });
  });

  test('finds no image where there is none', async () => {
    expect(await findImage(engine, 'rollcall-engine-test/absent')).toBeUndefined();
  });
});
