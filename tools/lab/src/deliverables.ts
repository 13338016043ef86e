/** A file that the lab leaves behind, and what it shows. */
export interface Deliverable {
  /** From the report's folder, with `/`. */
  readonly path: string;
  readonly shows: string;
}

const STATS = "HAProxy's stats page";

/** What each task has to leave behind, in the order of the tasks. */
export const DELIVERABLES: readonly (readonly Deliverable[])[] = [
  [
    { path: 'task-0/stats.png', shows: `${STATS} with both nodes` },
    { path: 'task-0/docker-logs-s3.txt', shows: '`docker logs s3`, which pushes its logs to a collector' },
    { path: 'task-0/collected.log', shows: 'what the collector got' },
    { path: 'task-0/answers.txt', shows: 'how `s3` answered, and whether all of its lines came' },
  ],
  [
    { path: 'task-1/stats.png', shows: `${STATS} with both nodes` },
    { path: 'task-1/processes-ha.txt', shows: 'the process tree of `ha`' },
    { path: 'task-1/processes-s1.txt', shows: 'the process tree of `s1`' },
    {
      path: 'task-1/processes-ha-after-kill.txt',
      shows: 'the same of `ha` after `kill -9` of HAProxy and of the handler',
    },
  ],
  [
    { path: 'task-2/docker-logs-ha.txt', shows: '`docker logs ha`' },
    { path: 'task-2/docker-logs-s1.txt', shows: '`docker logs s1`' },
    { path: 'task-2/docker-logs-s2.txt', shows: '`docker logs s2`' },
  ],
  [
    { path: 'task-3/docker-logs-ha-before-s1.txt', shows: '`docker logs ha` before `s1` joins' },
    { path: 'task-3/docker-logs-ha-after-s1.txt', shows: '`docker logs ha` after `s1` has joined' },
    { path: 'task-3/docker-logs-s1.txt', shows: '`docker logs s1`' },
    { path: 'task-3/serf.log', shows: '`/var/log/serf.log` in `ha`: joins, a leave, a failure' },
  ],
  [
    { path: 'task-4/haproxy-1-ha.cfg', shows: 'haproxy.cfg after the start of `ha`' },
    { path: 'task-4/haproxy-2-s1.cfg', shows: 'haproxy.cfg after the start of `s1`' },
    { path: 'task-4/haproxy-3-s2.cfg', shows: 'haproxy.cfg after the start of `s2`' },
    { path: 'task-4/docker-ps.txt', shows: '`docker ps`' },
    ...inspected(4),
  ],
  [
    { path: 'task-5/haproxy-1-ha.cfg', shows: 'haproxy.cfg after the start of `ha`' },
    { path: 'task-5/haproxy-2-s1.cfg', shows: 'haproxy.cfg after the start of `s1`' },
    { path: 'task-5/haproxy-3-s2.cfg', shows: 'haproxy.cfg after the start of `s2`' },
    { path: 'task-5/nodes-before.txt', shows: '`ls /nodes` before `s1` is stopped' },
    { path: 'task-5/docker-ps-before.txt', shows: '`docker ps` before `s1` is stopped' },
    ...inspected(5),
    { path: 'task-5/haproxy-4-s1-stopped.cfg', shows: 'haproxy.cfg after the stop of `s1`' },
    { path: 'task-5/nodes-after.txt', shows: '`ls /nodes` after the stop of `s1`' },
    { path: 'task-5/docker-ps-after.txt', shows: '`docker ps` after the stop of `s1`' },
  ],
  [
    ...step('1-one-node', 'one node'),
    ...step('2-two-nodes', 'two nodes'),
    ...step('3-three-nodes', 'three nodes'),
    ...step('4-s1-leaving', '`s1` leaving'),
    ...step('5-s1-gone', '`s1` gone'),
  ],
];

function inspected(task: number): Deliverable[] {
  return ['ha', 's1', 's2'].map((name) => ({
    path: `task-${task}/docker-inspect-${name}.json`,
    shows: `\`docker inspect ${name}\``,
  }));
}

function step(name: string, what: string): Deliverable[] {
  return [
    { path: `task-6/stats-${name}.png`, shows: `${STATS}: ${what}` },
    { path: `task-6/docker-ps-${name}.txt`, shows: `\`docker ps\`: ${what}` },
  ];
}
