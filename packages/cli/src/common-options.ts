import { isNodeName } from '@rollcall/membership';
import { flag, wholeNumber, word } from './options.ts';

export const DEFAULT_CLUSTER = 'rollcall';

/** What is a network's name too; these are networks that every engine has. */
const RESERVED = ['bridge', 'host', 'none', 'default', 'container'];
const CLUSTER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/;

export const cluster = word({
  about: 'The cluster, when it is not the usual one: NAME',
  alias: 'c',
  fallback: DEFAULT_CLUSTER,
  allowed: `letters, digits, "_", "." and "-", at most 40, a letter or digit first, and not ${RESERVED.join(', ')}`,
  read: (text) => (CLUSTER_NAME.test(text) && !RESERVED.includes(text) ? text : undefined),
});

/** The name of one node, as an argument. */
export const node = word({
  about: 'A node, as `rollcall ps` names it',
  allowed: "a node's name: letters, digits, `.`, `_` and `-`",
  read: (text) => (isNodeName(text) ? text : undefined),
});

export const json = flag({ about: 'Print JSON, for programs' });

export const atATime = wholeNumber({
  about: 'How many nodes to replace at a time',
  fallback: 1,
  min: 1,
  max: 100,
});

export const readyLimit = wholeNumber({
  about: 'How long a node may take to come into rotation, in seconds',
  fallback: 60,
  min: 1,
  max: 3600,
});

/** The name of an image. */
export function image(settings: { readonly about: string; readonly otherwise?: string }) {
  return word({
    ...settings,
    allowed: 'the name of an image, such as my-app:3',
    read: (text) => (/^[A-Za-z0-9][\w./:@-]*$/.test(text) ? text : undefined),
  });
}

/** Text for commands to be typed: names the cluster when it is not the usual one. */
export function clusterFlag(name: string): string {
  return name === DEFAULT_CLUSTER ? '' : ` --cluster ${name}`;
}
