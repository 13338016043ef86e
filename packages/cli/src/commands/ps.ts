import { defineCommand } from '../command.ts';
import { cluster, clusterFlag, json } from '../common-options.ts';
import { otherClusters } from '../find-cluster.ts';
import { containersOf } from '../labels.ts';
import { look } from '../look.ts';
import { overviewText } from '../overview-text.ts';
import { paintFor } from '../paint.ts';

export const ps = defineCommand({
  usage: 'ps',
  about: 'show what runs, and what each balancer sees of it',
  more:
    'CONTAINER is what the engine says: a state, and the exit code of what has ended. AT ha is what that balancer ' +
    'says: `up` gets requests; `down` is not reached by its checks; `suspect` is not heard of by gossip; ' +
    '`out of rotation` is drained or on its way; "-" is not known there.\n' +
    'Where there is more than the service web, nodes stand below the service that they belong to, and what it is ' +
    'reached by. A route that another service has is told below, with the reason.',
  options: { json, cluster },
  examples: [
    ['rollcall ps', 'the whole picture'],
    [`rollcall ps --json | jq '.nodes[].node'`, 'for programs'],
  ],
  changes: false,
  async run({ cluster: name, json: asJson }, { connect, stdout, stderr }) {
    const engine = await connect();
    const all = await engine.containers();
    const containers = containersOf(name, all);
    const overview = await look(engine, name, containers);
    if (asJson) stdout.write(`${JSON.stringify(overview, undefined, 2)}\n`);
    else if (containers.length > 0) stdout.write(overviewText(overview, new Date(), paintFor(stdout)));
    else {
      const start = `Start it with \`rollcall up${clusterFlag(name)}\`.`;
      stderr.write([`there is no cluster "${name}"`, ...otherClusters(all), start, ''].join('\n'));
    }
  },
});
