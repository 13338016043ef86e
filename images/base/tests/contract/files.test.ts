import { until } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Containers, image } from '../image-under-test.ts';

let containers: Containers;
let places: string[];
beforeAll(async () => {
  containers = await Containers.open();
  places = await containers.places();
});
afterAll(() => containers.close());

const tmpfs = () => Object.fromEntries(places.map((place) => [place, '']));

describe(`the files of ${image}`, () => {
  it('are read-only: it says what to do when it has nowhere to write, and ends with 73', async () => {
    const { exitCode, output } = await containers.ended({ readOnly: true });
    expect(exitCode).toBe(73);
    for (const place of places) expect(output).toContain(`--tmpfs ${place}`);
  });

  it.each([
    ['a read-only root file system', '7373', () => ({ readOnly: true, tmpfs: tmpfs() })],
    ['any other user', '12345', () => ({ user: '12345' })],
  ])('do for %s, without root', async (_, user, options) => {
    const container = await containers.start({ ...options(), healthCheck: { everySeconds: 1 } });
    await until('the container to be healthy', () => container.health(), {
      accept: (health) => health === 'healthy',
    });
    expect((await container.exec(['id', '-u'])).stdout).toBe(`${user}\n`);
    const exitCode = await container.stop();
    expect(exitCode, await container.logs()).toBe(0);
  });
});
