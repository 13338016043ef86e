import { Stage, type TestContainer, until } from '@rollcall/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crewImage, type Worded } from './crew/image.ts';
import { statuses, told } from './crew/told.ts';

const SCANDIR = '/run/rollcall/scandir';

// Whatever execline, xargs or a shell could take for something else, the script's own keys included.
const harmful = fc.constantFrom(...'\\$}{"\'` #*\n\t-=;|&é', 'path', 'words', 'directory', `\${path}`, '\\$');
const worded: Worded = {
  words: [
    '',
    '-x',
    '--',
    ...fc.sample(fc.string({ unit: harmful, maxLength: 12 }), { seed: 7373, numRuns: 200 }),
  ],
  environment: Object.fromEntries(
    fc
      .sample(fc.string({ unit: harmful, maxLength: 12 }), { seed: 7373, numRuns: 20 })
      .map((text, i) => [`CREW_${i}`, text]),
  ),
};

let stage: Stage;
let image: string;
beforeAll(async () => {
  stage = await Stage.open('services');
  image = await crewImage(stage, worded);
});
afterAll(() => stage.close());

describe('a container with several services', () => {
  let container: TestContainer;
  beforeAll(async () => {
    container = await stage.run({ image, env: { GREETING: 'hello' } });
  });

  it('gives a service its words unharmed', async () => {
    expect((await told(container, 'worded')).words).toEqual(worded.words);
  });

  it("gives a service the container's environment, and its own", async () => {
    const { stdout } = await container.exec(['env']);
    const own = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    expect((await told(container, 'worded')).environment).toEqual({
      ...own,
      PWD: '/',
      ...worded.environment,
    });
  });

  it('runs a service in its directory, or where the container runs', async () => {
    expect((await told(container, 'worded')).directory).toBe('/tmp');
    expect((await told(container, 'chosen')).directory).toBe('/');
  });

  it('has a service ready when its check says so', async () => {
    await until('the service to be up', async () => (await statuses(container))['chosen']?.up);
    expect((await statuses(container))['chosen']).toMatchObject({ ready: false });
    await container.exec(['touch', '/run/chosen-is-ready']);
    await until('the service to be ready', async () => (await statuses(container))['chosen']?.ready);
  });

  it('holds a service that dies again and again, reports it and tries it again, and the others stay', async () => {
    const others = async () =>
      Object.values(await statuses(container))
        .filter(({ name }) => name !== 'faller')
        .map(({ name, up, pid }) => ({ name, up, pid }));
    await until(
      'all others to be up',
      async () => (await others()).length === 7 && (await others()).every(({ up }) => up),
    );
    const before = await others();
    await until(
      'the service to be reported as held',
      async () => (await statuses(container))['faller']?.held,
    );
    await until('the service to be tried again', async () =>
      (await container.logs()).includes('trying again a service'),
    );
    await container.exec(['touch', '/run/mended']);
    await until('the service to be up', async () => {
      const { up, held } = (await statuses(container))['faller'] ?? {};
      return up && !held;
    });
    expect(await others()).toEqual(before);
    await until('the log to tell of it', async () =>
      (await container.logs()).includes('faller: died 2 times within 60 s; held for 1 s or more\n'),
    );
  });

  it('stops all in order, although a process that a service left keeps its log open', async () => {
    await told(container, 'early');
    expect(await container.stop()).toBe(0);
    const logs = await container.logs();
    const drained = (await container.logsJson('handler')).find(({ msg }) => msg === 'drained');
    // Each service has a logger of its own, so the lines themselves may be in another order.
    const [first, last] = [leftAt(logs, 'early'), leftAt(logs, 'worded')];
    const drainedAt = Date.parse(String(drained?.['time']));
    expect(Math.max(first, drainedAt), `early at ${first}, drained at ${drainedAt}`).toBeLessThanOrEqual(
      last,
    );
  });
});

describe('a service that does not stop', () => {
  it('is killed past its limit, which may be in a variable, and the container ends with 70', async () => {
    const container = await stage.run({ image, env: { CREW_STUBBORN: 'stubborn', CREW_SECONDS: '0' } });
    await told(container, 'stubborn');
    await told(container, 'worded');
    expect(await container.stop()).toBe(70);
    expect(await container.logs()).toContain(
      'stubborn: not down within 0400 ms of being asked to stop, killed\n',
    );
    expect(leftAt(await container.logs(), 'worded')).not.toBeNaN();
  });
});

describe('a command line in a variable', () => {
  it('is what the service runs', async () => {
    const container = await stage.run({
      image,
      env: { CREW_COMMAND: `node /opt/crew/member.js 'a "b' c\\ d` },
    });
    expect((await told(container, 'chosen')).words).toEqual(['a "b', 'c d']);
  });

  it('ends the container with 78 when it has a quote that is not closed', async () => {
    const container = await stage.run({ image, env: { CREW_COMMAND: `node "server.js` } });
    expect(await container.waitForExit()).toBe(78);
    expect(await container.logs()).toContain('CREW_COMMAND cannot be split into words');
  });

  describe('is split', () => {
    let container: TestContainer;
    beforeAll(async () => {
      container = await stage.run({ image });
      await until('the scan directory', () => container.readFile(`${SCANDIR}/chosen/data/command`));
    });

    it.each<[string, readonly string[]]>([
      ['node server.js', ['node', 'server.js']],
      ['  a\t\tb\nc  ', ['a', 'b', 'c']],
      [`sh -c 'echo "x  y"; exit 1'`, ['sh', '-c', 'echo "x  y"; exit 1']],
      [`"it's" 'a \\ b' c\\ d\\"`, ["it's", 'a \\ b', 'c d"']],
      [`a''b "" c`, ['ab', '', 'c']],
      ['-x -- --version', ['-x', '--', '--version']],
      [
        '$HOME $words *.js { } # ; | & > ~ `x`',
        ['$HOME', '$words', '*.js', '{', '}', '#', ';', '|', '&', '>', '~', '`x`'],
      ],
      ['', ['/usr/bin/node', '/opt/crew/member.js', 'by default']],
      [' \n\t ', ['/usr/bin/node', '/opt/crew/member.js', 'by default']],
    ])('%j', async (line, words) => {
      const { stdout } = await container.exec([
        'env',
        `CREW_COMMAND=${line}`,
        `${SCANDIR}/chosen/data/command`,
      ]);
      expect(fromNetstrings(stdout)).toEqual(words);
    });
  });
});

/** When a service was asked to leave, in ms since the epoch. */
function leftAt(logs: string, service: string): number {
  return Number(new RegExp(`^${service}: leaving at (\\d+)$`, 'm').exec(logs)?.[1]);
}

function fromNetstrings(text: string): string[] {
  const words: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const start = rest.indexOf(':') + 1;
    const end = start + Number(rest.slice(0, start - 1));
    words.push(rest.slice(start, end));
    rest = rest.slice(end + 1);
  }
  return words;
}
