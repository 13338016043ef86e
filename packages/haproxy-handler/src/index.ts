import { type Context, defineHandler, steadyNow } from '@rollcall/handler';
import { Balancer } from './balancer.ts';
import { checkConfiguration } from './check.ts';
import { ConfigurationKeeper } from './configuration-keeper.ts';
import { Haproxy } from './haproxy/haproxy.ts';
import { Lock } from './lock.ts';
import { NodeFiles } from './node-files.ts';
import { openFilesProblem } from './open-files.ts';
import * as paths from './paths.ts';
import { portProblem } from './port-problem.ts';
import { STATS_PORT, WEB_PORT } from './ports.ts';
import { ProvenTemplate } from './proven-template.ts';
import { Reconciler } from './reconciler.ts';
import { services } from './services.ts';
import { Stories } from './stories.ts';
import { readTemplate } from './templates.ts';
import { type BalancerConfig, variables } from './variables.ts';

export type { Refusal } from './candidates.ts';
export {
  type ConfigurationValues,
  exampleValues,
  renderConfiguration,
  type TemplateSource,
} from './configuration.ts';
export type { Happening } from './news.ts';
export type { RefusedClaim } from './routing.ts';
export { sectionsFor } from './sections.ts';
export { backendFor } from './server.ts';
export type { BalancerStatus, ServerStatus, ServiceStatus } from './status.ts';
export type { StoryEntry } from './stories.ts';
export { builtIn as builtInTemplate } from './templates.ts';
export { variables } from './variables.ts';

const RELOAD_EVERY_MS = 1_000;

/** The role of a balancer: HAProxy's servers follow who is in the room. */
export default defineHandler({ name: 'balancer', variables, services, start });

async function start(context: Context<BalancerConfig>): Promise<Balancer> {
  const { config, log, node, agentPorts } = context;
  const haproxy = new Haproxy({
    masterSocket: paths.MASTER_SOCKET,
    serverStateFile: paths.SERVER_STATE_FILE,
    routesFile: paths.ROUTES_FILE,
  });
  await haproxy.prepare();
  const obstacle = await openFilesProblem();
  if (obstacle) log.error({ err: obstacle }, 'HAProxy cannot start');
  // A handler that was stopped by itself has stopped HAProxy as if the node were to go.
  if (!context.before?.isDraining) await context.services.up('haproxy');
  const nodeFiles = new NodeFiles(paths.NODES, log);
  const registered = await nodeFiles.load();
  const stories = new Stories(paths.STORIES_FILE);
  await stories.load();
  const lock = new Lock();
  const adminPort = config.adminPort ?? null;
  const keeper = new ConfigurationKeeper({
    paths: {
      configuration: paths.CONFIGURATION_FILE,
      candidate: paths.CANDIDATE_FILE,
      routes: paths.ROUTES_FILE,
    },
    readTemplate: () => readTemplate(config.template),
    values: { adminPort, hardStopSeconds: config.hardStopSeconds },
    check: checkConfiguration,
    portProblem,
    balancer: haproxy,
    exclusively: (task) => lock.run(task),
    service: {
      endedAt: async () => {
        const { up, since } = await context.services.status('haproxy');
        // That it ends is not the configuration's fault then.
        return up || obstacle ? undefined : since;
      },
      up: () => context.services.up('haproxy'),
    },
    proven: new ProvenTemplate(paths.PROVEN_FILE),
    log,
    reloadEveryMs: RELOAD_EVERY_MS,
  });
  return new Balancer({
    context,
    balancer: haproxy,
    reconciler: (onNews) =>
      new Reconciler({
        balancer: haproxy,
        view: () => context.view(),
        own: {
          name: node.name,
          ports: [WEB_PORT, STATS_PORT, ...agentPorts, ...(adminPort === null ? [] : [adminPort])],
        },
        failedGraceMs: config.failedGraceSeconds * 1000,
        lock,
        log,
        now: steadyNow,
        registered,
        onNews,
        refusedSections: () => keeper.refusedSections,
      }),
    keeper,
    nodeFiles,
    stories,
    obstacle: obstacle?.message,
  });
}
