import { Stage } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { image } from '../image-under-test.ts';
import { promised } from '../promised.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open('contract');
});
afterAll(() => stage.close());

it(`${image} is small and says what it is`, async () => {
  const { Size, Config } = await stage.docker.getImage(image).inspect();
  expect(Size / 1e6).toBeLessThan(promised.atMostMb ?? 0);
  expect(Config.Labels).toMatchObject({
    'org.opencontainers.image.title': image,
    'org.opencontainers.image.description': expect.any(String),
    'org.opencontainers.image.version': expect.stringMatching(/^\d+\.\d+\.\d+/),
    'org.opencontainers.image.licenses': 'MIT',
    'org.opencontainers.image.base.name': expect.stringMatching(/^rollcall\//),
  });
});
