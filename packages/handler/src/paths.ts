/** The places of a running node. Everything under `RUN` is made anew at each start of the container. */
export const RUN = '/run/rollcall';
export const NODE_FILE = `${RUN}/node.json`;
export const AGENT_FILE = `${RUN}/serf.json`;
export const STATUS_FILE = `${RUN}/status.json`;
/** There as long as the node is well: what the image's HEALTHCHECK looks at. */
export const HEALTHY_FILE = `${RUN}/healthy`;
export const LIVE_SCANDIR = `${RUN}/scandir`;

export const BUILT_SCANDIR = '/opt/rollcall/scandir';
export const ROLE_MODULE = '/opt/rollcall/role/index.js';
export const DEFAULT_GOSSIP_KEY_FILE = '/etc/rollcall/gossip.key';
export const EVENT_LOG = '/var/log/serf.log';

/** The lines that a log collector does not have yet; there they outlive the container's stop. */
export const LOG_BUFFER = '/var/log/rollcall';
export const LOG_SHIPPING_FILE = `${RUN}/log-shipping.json`;
/** Made when the container begins to stop. */
export const STOPPING_MARK = `${LIVE_SCANDIR}/.s6-svscan/stopping`;
