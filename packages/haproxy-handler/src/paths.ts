import { RUN } from '@rollcall/handler';

const FOLDER = '/usr/local/etc/haproxy';
export const CONFIGURATION_FILE = `${FOLDER}/haproxy.cfg`;
/** Where a configuration lies while `haproxy -c` looks at it. */
export const CANDIDATE_FILE = `${FOLDER}/candidate.cfg`;

/** Which service gets what, for HAProxy's start; at run time it is told. HAProxy does not start without this file. */
export const ROUTES_FILE = `${FOLDER}/routes.map`;

/** One file for each registered node, by its name. */
export const NODES = '/nodes';

export const MASTER_SOCKET = `${RUN}/haproxy-master.sock`;
/** What HAProxy knew of its servers before a reload: the new worker reads it. */
export const SERVER_STATE_FILE = `${RUN}/haproxy-servers`;
/** Which template works, for a handler that is started anew. */
export const PROVEN_FILE = `${RUN}/haproxy-template.json`;
export const STORIES_FILE = `${RUN}/stories.json`;

export const DEFAULT_TEMPLATE_FILE = '/etc/rollcall/haproxy.cfg.hbs';
