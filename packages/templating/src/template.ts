import Handlebars from 'handlebars';
import { TemplateError } from './errors.ts';
import { BLOCKS, ESCAPE, type PlaceHash, REQUIRE, strictSyntax } from './syntax.ts';

export interface Template<Values> {
  /** Throws `TemplateError` UNKNOWN_VARIABLE or VALUE_REFUSED. */
  render(values: Values): string;
}

export interface TemplateOptions {
  /** What errors call the template. */
  readonly file: string;
  /** Makes a value fit for where the output goes; whatever it throws becomes VALUE_REFUSED. */
  readonly escape: (value: string) => string;
  /** Templates that this one may include: `{{> name}}`. They may include each other. */
  readonly partials?: Readonly<Record<string, string>>;
  /** Functions of a template's arguments: `{{name argument}}`. What they return is escaped like any value. */
  readonly helpers?: Readonly<Record<string, (...values: never[]) => unknown>>;
}

/**
 * Compiles a Handlebars template, strictly: a variable without a value (undefined), an unknown helper and an unknown
 * partial are errors, as is output that is not escaped. `null` and `false` are values: for `{{#if}}`, not for output.
 * Inherited properties do not exist. Throws `TemplateError`.
 */
export function compileTemplate<Values>(text: string, options: TemplateOptions): Template<Values> {
  const { file, partials = {}, helpers = {} } = options;
  const known = {
    helpers: new Set(Object.keys(helpers)),
    partials: new Set(Object.keys(partials)),
  };
  const names = [...known.helpers, ...BLOCKS, REQUIRE, ESCAPE];
  const knownHelpers = Object.fromEntries(names.map((name) => [name, true])) as unknown as KnownHelpers;
  const environment = Handlebars.create();
  const compile = (source: string, name: string) =>
    environment.compile(strictSyntax(source, name, known), {
      knownHelpers,
      knownHelpersOnly: true,
      // ESCAPE has done it, by the rules of the place where the output goes; Handlebars would escape for HTML.
      noEscape: true,
    });

  environment.registerHelper(REQUIRE, requireValue);
  environment.registerHelper(ESCAPE, (value: unknown, { hash }: Options) =>
    output(value, hash, options.escape),
  );
  for (const [name, helper] of Object.entries(helpers)) {
    environment.registerHelper(name, (...values: unknown[]) => helper(...(values.slice(0, -1) as never[])));
  }
  for (const [name, source] of Object.entries(partials)) {
    environment.registerPartial(name, compile(source, name));
  }
  const template = compile(text, file);
  const access = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false };
  return { render: (values) => template(values, access) };
}

type KnownHelpers = NonNullable<CompileOptions['knownHelpers']>;
interface Options {
  readonly hash: PlaceHash;
}

function requireValue(value: unknown, { hash }: Options): unknown {
  if (value !== undefined) return value;
  const { subject } = hash;
  throw new TemplateError('UNKNOWN_VARIABLE', hash, `"${subject}" has no value`, { subject });
}

function output(value: unknown, place: PlaceHash, escaped: TemplateOptions['escape']): string {
  const { subject } = place;
  const refuse = (why: string, cause?: unknown) =>
    new TemplateError('VALUE_REFUSED', place, `the value of "${subject}" ${why}`, { subject, cause });
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw refuse('is neither text nor number');
  }
  try {
    return escaped(String(value));
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
}
