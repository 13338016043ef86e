import { builtInTemplate } from '@rollcall/haproxy-handler';
import { type ClusterNode, until } from '@rollcall/testkit';
import { expect, it } from 'vitest';
import { AMPLE_DRAIN, clusterOf, untilInService } from './cluster.ts';
import { expectLossless, loadWhile } from './load.ts';

const HOUR_MS = 3_600_000;
const SHIFT_FILE = '/opt/clock-shift';

/**
 * Moves what Node takes for the time of day, in every Node process of a container: its kernel's clock is the machine's
 * and cannot be set for one container, and HAProxy does not run under libfaketime.
 */
const CLOCK = `
const { readFileSync } = require('node:fs');
const RealDate = Date;
const now = () => RealDate.now() + Number(readFileSync('${SHIFT_FILE}', 'utf8'));
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length > 0 ? given : [now()]));
  }
  static now() {
    return now();
  }
};
const { timeOrigin } = performance;
Object.defineProperty(performance, 'timeOrigin', { value: timeOrigin + now() - RealDate.now() });
`;

const movable = {
  env: { ...AMPLE_DRAIN, NODE_OPTIONS: '--require=/opt/clock.cjs' },
  files: { '/opt/clock.cjs': CLOCK, [SHIFT_FILE]: '0' },
};

const running = clusterOf('clock-jumps', async (cluster) => {
  const [ha, s1, s2] = await Promise.all([
    cluster.balancer('ha', movable),
    cluster.web('s1', movable),
    cluster.web('s2'),
  ]);
  await untilInService(ha, ['s1', 's2']);
  return { ha, s1, s2 };
});

/** Sets a node's clock this far from the true time. */
async function setClock({ container }: ClusterNode, shiftMs: number): Promise<void> {
  await container.writeFiles({ [SHIFT_FILE]: String(shiftMs) });
}

/** When the handler wrote its last line, by its own clock. */
async function lastLineAt({ container }: ClusterNode): Promise<number> {
  const { time } = (await container.logsJson('handler')).at(-1) ?? {};
  return Date.parse(String(time));
}

it.each([
  ['forwards', 24 * HOUR_MS],
  ['back behind its start', -24 * HOUR_MS],
])('a balancer and a node whose clocks jump %s serve on, and nodes come and go', async (_, shiftMs) => {
  const { cluster, ha, s1 } = running();
  const name = shiftMs > 0 ? 's3' : 's4';
  const records = await loadWhile([ha], async () => {
    for (const node of [ha, s1]) await setClock(node, shiftMs);
    const other = await cluster.web(name, { env: AMPLE_DRAIN });
    await untilInService(ha, ['s1', 's2', name]);
    // It has told of the node that came.
    expect(Math.abs((await lastLineAt(ha)) - Date.now() - shiftMs)).toBeLessThan(HOUR_MS);
    expect(await other.container.stop()).toBe(0);
    await untilInService(ha, ['s1', 's2']);
  });
  expectLossless(records);
});

it('a balancer whose clock was set back after a reload takes the next template', async () => {
  const { ha } = running();
  const change = async (mark: string) => {
    const before = await ha.reloads();
    await ha.writeTemplate(`${builtInTemplate.text}# ${mark}\n`);
    await until(`the reload for "${mark}"`, async () => (await ha.reloads()) > before);
    expect(await ha.config()).toContain(`# ${mark}`);
  };
  await setClock(ha, 24 * HOUR_MS);
  await change('before the jump');
  await setClock(ha, -24 * HOUR_MS);
  await change('after the jump');
  await untilInService(ha, ['s1', 's2']);
});

it('a node whose clock was set back is drained before it ends', async () => {
  const { ha, s1 } = running();
  await setClock(s1, -24 * HOUR_MS);
  const records = await loadWhile([ha], async () => {
    expect(await s1.container.stop()).toBe(0);
    await untilInService(ha, ['s2']);
  });
  expectLossless(records);
  const lines = await s1.container.logsJson('handler');
  expect(lines.map(({ msg }) => msg)).toContain('nothing is in flight any more');
});
