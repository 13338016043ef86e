import type { TestContainer } from './container.ts';
import type { Stage } from './stage.ts';

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

/** A real collector of logs in a network, under the name `logs`. */
export class LogCollector {
  readonly #container: TestContainer;

  private constructor(container: TestContainer) {
    this.#container = container;
  }

  /** @param image as `collectorImage` gave it */
  static async create(stage: Stage, image: string, network: string): Promise<LogCollector> {
    const container = await stage.create({
      image,
      network,
      aliases: ['logs'],
      user: '0',
      cmd: ['rsyslogd', '-n', '-i', 'NONE', '-f', '/etc/collector.conf'],
      files: { '/etc/collector.conf': CONFIGURATION },
    });
    return new LogCollector(container);
  }

  async start(): Promise<void> {
    await this.#container.start();
  }

  /** What it has taken is still there after the next start. */
  async stop(): Promise<void> {
    await this.#container.stop();
  }

  /** The file that it writes: a line for each message. */
  async file(): Promise<string> {
    return (await this.#container.readFile(RECEIVED)) ?? '';
  }

  async received(): Promise<Received[]> {
    // The last line may be one that is being written.
    return (await this.file()).split('\n').slice(0, -1).map(parse);
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
