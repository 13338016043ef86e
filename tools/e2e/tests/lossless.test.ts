import { builtInTemplate } from '@rollcall/haproxy-handler';
import { until } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { AMPLE_DRAIN, clusterOf, untilInService } from './cluster.ts';
import { expectLossless, loadWhile } from './load.ts';

const running = clusterOf('lossless', async (cluster) => {
  const [ha, s1, s2] = await Promise.all([cluster.balancer(), cluster.web('s1'), cluster.web('s2')]);
  await untilInService(ha, ['s1', 's2']);
  return { ha, s1, s2 };
});

describe('no request is lost', () => {
  it('while nodes join and are stopped', async () => {
    const { cluster, ha } = running();
    const records = await loadWhile([ha], async () => {
      const [s3, s4] = await Promise.all([
        cluster.web('s3', { env: AMPLE_DRAIN }),
        cluster.web('s4', { env: AMPLE_DRAIN }),
      ]);
      await untilInService(ha, ['s1', 's2', 's3', 's4']);
      expect(await Promise.all([s3.container.stop(), s4.container.stop()])).toEqual([0, 0]);
      await untilInService(ha, ['s1', 's2']);
    });
    expectLossless(records);
  });

  it.each(['handler', 'serf'])('while the %s of a node and of the balancer is killed', async (service) => {
    const { ha, s1 } = running();
    const records = await loadWhile([ha], async () => {
      for (const node of [s1, ha]) {
        const before = await node.killService(service);
        await until(`${service} on ${node.name} to come back`, () => node.pidOf(service), {
          accept: (pid) => pid > 0 && pid !== before,
        });
      }
      await untilInService(ha, ['s1', 's2']);
    });
    expectLossless(records);
  });

  it('while HAProxy is reloaded for a changed template', async () => {
    const { ha } = running();
    const records = await loadWhile([ha], async () => {
      const before = await ha.reloads();
      await ha.writeTemplate(`${builtInTemplate.text}# changed\n`);
      await until('the changed template', async () => (await ha.config()).includes('# changed'));
      await until('the reload', async () => (await ha.reloads()) > before);
    });
    expectLossless(records);
    await untilInService(ha, ['s1', 's2']);
  });
});
