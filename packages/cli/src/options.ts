import { CliError } from './errors.ts';

/** An option or an argument of a command: how it is written, and what its text means. */
export interface Option<Value> {
  readonly about: string;
  /** `text` takes one value, `list` is repeated, `flag` takes none. */
  readonly kind: 'text' | 'list' | 'flag';
  readonly alias?: string;
  /** What holds without it, in words for the help. */
  readonly otherwise?: string;
  /**
   * @param given what stands on the command line, undefined where it does not
   * @param name the option's name as it was written, for messages
   * @throws CliError `USAGE`
   */
  readonly parse: (given: readonly string[] | undefined, name: string) => Value;
}

// biome-ignore lint/suspicious/noExplicitAny: a set of options has values of any types, told apart by ValuesOf.
export type Options = Readonly<Record<string, Option<any>>>;

/** The parsed values of a set of options, under the set's own keys. */
export type ValuesOf<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends Option<infer Value> ? Value : never;
};

interface About {
  readonly about: string;
  readonly alias?: string;
}

/** One text, which must be as `allowed` says. */
export function word<Value, Fallback = undefined>(
  settings: About & {
    readonly otherwise?: string;
    readonly fallback?: Fallback;
    /** What is allowed, to be read after "must be". */
    readonly allowed: string;
    /** The value; undefined where the text is not allowed. */
    readonly read: (text: string) => Value | undefined;
  },
): Option<Value | Fallback> {
  const { about, alias, fallback, allowed, read } = settings;
  const otherwise = settings.otherwise ?? (fallback === undefined ? undefined : String(fallback));
  return {
    about,
    kind: 'text',
    ...(alias !== undefined && { alias }),
    ...(otherwise !== undefined && { otherwise }),
    parse: (given, name) => {
      const text = given?.at(-1);
      if (text === undefined) return fallback as Fallback;
      if (given && given.length > 1) throw new CliError('USAGE', `${name} is given more than once`);
      const value = read(text);
      if (value !== undefined) return value;
      throw new CliError('USAGE', `${name} ${JSON.stringify(text)} is not allowed; it must be ${allowed}`);
    },
  };
}

/** An option that must be there; for arguments that a command cannot do without. */
export function required<Value>(option: Option<Value>): Option<Exclude<Value, undefined>> {
  return {
    ...option,
    parse: (given, name) => {
      const value = option.parse(given, name);
      if (value === undefined) throw new CliError('USAGE', `${name} is missing`);
      return value as Exclude<Value, undefined>;
    },
  };
}

/** A whole number from `min` to `max`, both included. */
export function wholeNumber<Fallback = undefined>(
  settings: About & {
    readonly otherwise?: string;
    readonly fallback?: Fallback;
    readonly min: number;
    readonly max: number;
  },
): Option<number | Fallback> {
  const { min, max } = settings;
  return word<number, Fallback>({
    ...settings,
    allowed: `a whole number from ${min} to ${max}`,
    read: (text) => {
      const value = Number(text);
      return /^\d{1,9}$/.test(text) && value >= min && value <= max ? value : undefined;
    },
  });
}

export function flag(settings: About): Option<boolean> {
  return { ...settings, kind: 'flag', parse: (given) => given !== undefined };
}

/** NAME=VALUE, any number of them; undefined where there is none. */
export function pairs(
  settings: About & {
    readonly otherwise?: string;
    /** Names that are not allowed -> the option that says the same. */
    readonly elsewhere?: Readonly<Record<string, string>>;
  },
): Option<Readonly<Record<string, string>> | undefined> {
  const { elsewhere = {}, ...about } = settings;
  return {
    ...about,
    kind: 'list',
    parse: (given, name) => {
      const read = given?.map((text) => pairOf(text, name));
      const [wrong] = read?.flatMap(([key]) => (key in elsewhere ? [key] : [])) ?? [];
      if (wrong === undefined) return read && Object.fromEntries(read);
      throw new CliError('USAGE', `${name} ${wrong} is not allowed; say it with ${elsewhere[wrong]}`);
    },
  };
}

/** Any number of what `one` takes: repeated, or with commas between; undefined where there is none. */
export function list<Value>(one: Option<Value>): Option<readonly Exclude<Value, undefined>[] | undefined> {
  const each = required(one);
  return {
    ...one,
    kind: 'list',
    parse: (given, name) => given?.flatMap((text) => text.split(',')).map((text) => each.parse([text], name)),
  };
}

function pairOf(text: string, name: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new CliError('USAGE', `${name} ${JSON.stringify(text)} is not allowed; it must be NAME=VALUE`);
}
