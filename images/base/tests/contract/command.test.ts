import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Containers, image } from '../image-under-test.ts';

let containers: Containers;
beforeAll(async () => {
  containers = await Containers.open();
});
afterAll(() => containers.close());

describe(`${image} runs a command in place of the services`, () => {
  it.each([
    [['node', '--eval', 'console.log(6 * 7)'], 0, '42\n'],
    [['sh', '-c', 'exit 7'], 7, ''],
    [['id', '-u'], 0, '7373\n'],
  ])('%j', async (cmd, exitCode, output) => {
    expect(await containers.ended({ cmd })).toEqual({ exitCode, output });
  });
});

describe(`${image} says what is wrong`, () => {
  it('with an option, as it takes none: 64', async () => {
    expect(await containers.ended({ cmd: ['--verbose'] })).toEqual({
      exitCode: 64,
      output: expect.stringContaining('docker run -it IMAGE sh'),
    });
  });

  it('with its configuration: 78', async () => {
    const { exitCode, output } = await containers.ended({
      env: { ROLLCALL_NOED: 's1', ROLLCALL_GOSSIP_PORT: 'x' },
    });
    expect(exitCode).toBe(78);
    expect(output).toContain('ROLLCALL_NODE');
    expect(output).toContain('ROLLCALL_GOSSIP_PORT');
  });
});
