import { isNodeName, parseRoute, type Route } from '@rollcall/membership';
import { CliError } from './errors.ts';
import { flag, type Option, pairs, wholeNumber, word } from './options.ts';
import { DEFAULT_SERVICE, routesVariable, serviceVariable } from './service-variables.ts';

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

/** The name of a service. */
export function serviceName<Fallback = undefined>(settings: {
  readonly about: string;
  readonly otherwise?: string;
  readonly fallback?: Fallback;
}) {
  return word<string, Fallback>({
    ...settings,
    allowed: `the name of a service: ${serviceVariable.allowed}`,
    read: serviceVariable.parse,
  });
}

/** Whose nodes a command is for. */
export const service = serviceName({ about: 'The service', fallback: DEFAULT_SERVICE });

/** What a service is reached by. */
export function routes(settings: { readonly otherwise: string }): Option<readonly Route[] | undefined> {
  return {
    about:
      'What the service is reached by: HOST, HOST/PATH, /PATH, or tcp:PORT; repeat it, or put commas between. ' +
      'Together they replace what was said before',
    ...settings,
    kind: 'list',
    parse: (given, name) => {
      const text = given?.join();
      if (text === undefined) return undefined;
      const all = routesVariable.parse(text);
      if (all) return all;
      const wrong = text.split(',').find((each) => parseRoute(each.trim()) === undefined) ?? text;
      const told = `${name} ${JSON.stringify(wrong)} is not allowed`;
      throw new CliError('USAGE', `${told}; it must be ${routesVariable.allowed}`);
    },
  };
}

/** Variables of nodes with an app. */
export function nodeVariables(about: string) {
  const elsewhere = { ROLLCALL_SERVICE: '--service', ROLLCALL_ROUTE: '--route' };
  return pairs({ about, alias: 'e', elsewhere });
}

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

/** Text for commands to be typed: names the service when it is not the usual one. */
export function serviceFlag(name: string): string {
  return name === DEFAULT_SERVICE ? '' : ` --service ${name}`;
}

/** As for services. */
export function clusterFlag(name: string): string {
  return name === DEFAULT_CLUSTER ? '' : ` --cluster ${name}`;
}
