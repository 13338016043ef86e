/** A setting of a node, given by an environment variable; parsed once, when the container starts. */
export interface Variable<Value> {
  /** The environment variable's name. A secret may be given in a file instead, named by `NAME_FILE`. */
  readonly name: `ROLLCALL_${string}`;
  /** One line for the table in the documentation. */
  readonly about: string;
  /** What is allowed, to be read after "must be". */
  readonly allowed: string;
  /** The value when the variable is unset or empty. */
  readonly fallback: Value;
  readonly secret?: boolean;
  /** The value, or undefined when the text is not allowed. */
  readonly parse: (text: string) => Value | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: a set of variables has values of any types, told apart by ConfigOf.
export type Variables = Readonly<Record<string, Variable<any>>>;

/** The environment variables that a variable is read from: a secret may be given in a file. */
export function namesOf({ name, secret }: Variables[string]): string[] {
  return secret ? [name, `${name}_FILE`] : [name];
}

/** The parsed values of a set of variables, under the set's own keys. */
export type ConfigOf<V extends Variables> = {
  readonly [Key in keyof V]: V[Key] extends Variable<infer Value> ? Value : never;
};

type Named<Value> = Pick<Variable<Value>, 'name' | 'about' | 'fallback'>;

/** A whole number from `min` to `max`, both included. */
export function integer<Fallback extends number | undefined>(
  spec: Named<Fallback> & { readonly min: number; readonly max: number },
): Variable<number | Fallback> {
  return {
    name: spec.name,
    about: spec.about,
    fallback: spec.fallback,
    allowed: `a whole number from ${spec.min} to ${spec.max}`,
    parse: (text) => {
      const value = Number(text);
      return /^\d{1,9}$/.test(text) && value >= spec.min && value <= spec.max ? value : undefined;
    },
  };
}

/** One of a few words. */
export function oneOf<const Word extends string>(
  spec: Named<Word> & { readonly words: readonly Word[] },
): Variable<Word> {
  return {
    name: spec.name,
    about: spec.about,
    fallback: spec.fallback,
    allowed: `one of ${spec.words.join(', ')}`,
    parse: (text) => spec.words.find((word) => word === text),
  };
}

/** A text of the caller's own kind; `parse` gives undefined for what is not allowed. */
export function parsed<Value>(
  spec: Named<Value> & Pick<Variable<Value>, 'allowed' | 'parse' | 'secret'>,
): Variable<Value> {
  return spec;
}
