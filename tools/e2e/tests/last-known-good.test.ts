import { builtInTemplate } from '@rollcall/haproxy-handler';
import { type Balancer, until } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { clusterOf, untilInService } from './cluster.ts';

const running = clusterOf('last-known-good', async (cluster) => {
  const [ha] = await Promise.all([cluster.balancer(), cluster.web('s1')]);
  await untilInService(ha, ['s1']);
  return { ha };
});

const bad = {
  'is no Handlebars': ['{{#if}} never closed', /haproxy\.cfg\.hbs/],
  'names a variable that does not exist': [`${builtInTemplate.text}# {{noSuchThing}}\n`, /noSuchThing/],
  'is refused by HAProxy': [`${builtInTemplate.text}nonsense here\n`, /nonsense/],
  'has no backend for the nodes': ['global\n', /backend/],
} as const;

describe.each(Object.entries(bad))('a template that %s', (_, [template, why]) => {
  it('leaves the working configuration in force, says why, and nodes still come and go', async () => {
    const { cluster, ha } = running();
    const before = await ha.config();
    await ha.writeTemplate(template);

    const problem = await until('the problem to be shown', () => problemOf(ha));

    expect(problem).toMatch(why);
    await until('the log to say why', async () => {
      const errors = (await ha.container.logsJson('handler')).filter(({ level }) => level === 'error');
      return why.test(JSON.stringify(errors));
    });
    expect(await ha.config()).toBe(before);
    const s2 = await cluster.web('s2');
    await untilInService(ha, ['s1', 's2']);
    expect(await s2.container.stop()).toBe(0);
    await untilInService(ha, ['s1']);
  });

  it('is forgotten as soon as it is mended', async () => {
    const { ha } = running();
    await ha.writeTemplate(`${builtInTemplate.text}# mended: ${why.source}\n`);
    await until('the mended template', async () => (await ha.config()).includes(`# mended: ${why.source}`));
    await until('the problem to be gone', async () => (await problemOf(ha)) === undefined);
    await untilInService(ha, ['s1']);
  });
});

/** Why a balancer does not use the template that it has. */
async function problemOf(balancer: Balancer): Promise<string | undefined> {
  const { roleStatus } = (await balancer.status()) ?? {};
  return (roleStatus as { templateProblem?: string } | undefined)?.templateProblem;
}
