import { type TestContainer, until } from '@rollcall/testkit';

/** What a member of the crew tells when it starts. */
export interface Told {
  readonly words: readonly string[];
  readonly directory: string;
  readonly environment: Record<string, string>;
}

/** What a service told about itself when it started. */
export async function told(container: TestContainer, service: string): Promise<Told> {
  return await until(`what ${service} was given`, async () => {
    const line = (await container.logs()).split('\n').find((text) => text.startsWith(`${service}: {`));
    return line && JSON.parse(line.slice(service.length + 2));
  });
}

export interface Status {
  readonly name: string;
  readonly up: boolean;
  readonly ready: boolean;
  readonly held: boolean;
  readonly pid?: number;
}

/** What the node reports of its services. */
export async function statuses(container: TestContainer): Promise<Record<string, Status>> {
  const { services } = JSON.parse(
    (await container.readFile('/run/rollcall/status.json')) ?? '{"services":[]}',
  );
  return Object.fromEntries(services.map((service: Status) => [service.name, service]));
}
