import { defineHandler, parsed, type Role, type RunningRole } from '@rollcall/handler';
import { defineService } from '@rollcall/supervision';
import { describe, expect, it } from 'vitest';
import { conformance } from './conformance.ts';

const good: Role = defineHandler({ name: 'greeter', variables: {}, services: [], start: () => ({}) });

/** The names of the promises that a role breaks. */
async function brokenBy(role: Role): Promise<string[]> {
  const kept = await Promise.all(
    conformance(role).map(({ name, check }) =>
      check().then(
        () => [],
        () => [name],
      ),
    ),
  );
  return kept.flat();
}

const starting = (running: RunningRole): Partial<Role> => ({ start: () => running });
const text = parsed<string>({
  ...{ name: 'ROLLCALL_TEXT', about: 'What it says', fallback: 'hello', allowed: 'words' },
  parse: (given) => given,
});
const withText = (change: Partial<typeof text>): Partial<Role> => ({
  variables: { text: { ...text, ...change } },
});
const announcing = {
  backendTags: (config) => {
    const { path } = config as { path: string };
    const rest = { service: 'web', port: 80, state: 'starting', weight: 1 } as const;
    return { ...rest, check: { by: 'http', path } };
  },
} satisfies Partial<Role>;

describe('a role', () => {
  it('that keeps all promises passes', async () => {
    expect(await brokenBy({ ...good, ...withText({}) })).toEqual([]);
  });

  it.each<[string, Partial<Role>, string]>([
    ['has a name that is none', { name: 'No Name' }, 'its name and its variables are allowed'],
    ['takes a variable of every node', withText({ name: 'ROLLCALL_NODE' }), 'its name and its variables'],
    ['names a variable oddly', withText({ name: 'ROLLCALL_a' }), 'its variables are named ROLLCALL_…'],
    ['says nothing about a variable', withText({ about: '' }), 'its variables are named ROLLCALL_…'],
    ['refuses its own default', withText({ parse: () => undefined }), 'a default that can be written down'],
    [
      'breaks over a value',
      withText({
        parse: () => {
          throw new Error('odd');
        },
      }),
      'whatever a variable is set to',
    ],
    [
      "takes the name of every node's service",
      { services: [defineService({ name: 'serf', command: ['true'] })] },
      'its services become a scan directory',
    ],
    [
      'stops too slowly',
      { services: [defineService({ name: 'slow', command: ['true'], stop: { order: 3, limitMs: 4_000 } })] },
      'its services become a scan directory',
    ],
    [
      'has a service that reads what nobody can set',
      {
        services: [defineService({ name: 'app', command: { variable: 'ROLLCALL_APP', default: ['true'] } })],
      },
      'its services read no ROLLCALL_… variable',
    ],
    [
      'allows values that are too long to be told',
      {
        ...announcing,
        variables: { path: parsed<string>({ ...text, fallback: '/', parse: (given) => given }) },
      },
      'its tags fit',
    ],
    [
      'tells of itself what is no JSON',
      starting({ status: () => ({ count: 1n }) }),
      'it starts, tells of itself before it knows anybody',
    ],
    ['cannot take a drain back', starting({ drain: async () => undefined }), 'its drain can be taken back'],
  ])('that %s is found out', async (_what, wrong, promise) => {
    const broken = await brokenBy({ ...good, ...wrong });
    expect(broken.some((name) => name.startsWith(promise))).toBe(true);
  });

  it('that counts views is found out', async () => {
    let views = 0;
    const viewChanged = () => {
      views += 1;
    };
    const counting = starting({ viewChanged, status: () => ({ views }) });
    expect(await brokenBy({ ...good, ...counting })).toEqual(['the same view once more changes nothing']);
  });
});
