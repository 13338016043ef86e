import type { Stage, TestContainer } from '@rollcall/testkit';

const RECEIVED = '/var/log/received';

const CONFIGURATION = `module(load="imtcp")
input(type="imtcp" port="514")
template(name="line" type="string" string="%hostname% %app-name% %syslogseverity-text% %structured-data% %msg%\\n")
*.* action(type="omfile" file="${RECEIVED}" template="line")
`;

/** A message as the collector took it. */
export interface Received {
  readonly node: string;
  readonly service: string;
  readonly severity: string;
  readonly sequenceId: number;
  readonly text: string;
}

/** @returns the image's name: Debian's rsyslog */
export async function collectorImage(stage: Stage): Promise<string> {
  return await stage.image(
    'collector',
    'FROM rollcall/os\nRUN apt-get update && apt-get install --yes rsyslog\n',
  );
}

/** A real collector in a network, under the name `logs`. */
export class CollectorUnderTest {
  readonly #container: TestContainer;

  private constructor(container: TestContainer) {
    this.#container = container;
  }

  static async create(stage: Stage, image: string, network: string): Promise<CollectorUnderTest> {
    const container = await stage.create({
      image,
      network,
      aliases: ['logs'],
      user: '0',
      cmd: ['rsyslogd', '-n', '-i', 'NONE', '-f', '/etc/collector.conf'],
      files: { '/etc/collector.conf': CONFIGURATION },
    });
    return new CollectorUnderTest(container);
  }

  async start(): Promise<void> {
    await this.#container.start();
  }

  async received(): Promise<Received[]> {
    const text = (await this.#container.readFile(RECEIVED)) ?? '';
    // The last line may be one that is being written.
    return text.split('\n').slice(0, -1).map(parse);
  }

  async textsOf(service: string): Promise<string[]> {
    return (await this.received()).filter((each) => each.service === service).map(({ text }) => text);
  }
}

function parse(line: string): Received {
  const [, node = '', service = '', severity = '', sequenceId, text = ''] =
    /^(\S+) (\S+) (\S+) \[meta sequenceId="(\d+)"\] ?(.*)$/.exec(line) ?? [];
  if (sequenceId === undefined) throw new Error(`not a message of a node: ${line}`);
  return { node, service, severity, sequenceId: Number(sequenceId), text };
}
