import Handlebars from 'handlebars';
import { type Place, TemplateError } from './errors.ts';

type Node = hbs.AST.Node;

/** What a template may call; anything else is refused when it is compiled. */
export interface Known {
  readonly helpers: ReadonlySet<string>;
  readonly partials: ReadonlySet<string>;
}

/** Helpers that strictSyntax() puts in; their names cannot be written in a template. */
export const REQUIRE = '<require>';
export const ESCAPE = '<escape>';

/** Handlebars' own blocks that are of use in a file. `log` and `lookup` are not: one prints, the other hides what is missing. */
export const BLOCKS = new Set(['if', 'unless', 'each', 'with']);

/**
 * Reads a template and makes it strict, which Handlebars' own `strict` is not for arguments: each variable goes through the
 * helper REQUIRE, and each output through ESCAPE. Throws `TemplateError`.
 */
export function strictSyntax(text: string, file: string, known: Known): hbs.AST.Program {
  const program = parse(text, file);
  new Strictness(file, known).program(program);
  return program;
}

function parse(text: string, file: string): hbs.AST.Program {
  try {
    return Handlebars.parse(text);
  } catch (error) {
    const { message, lineNumber, column } = error as Error & { lineNumber?: number; column?: number };
    const heading = /^Parse error on line (\d+):\n/.exec(message);
    const place = { file, line: lineNumber ?? Number(heading?.[1] ?? 1), column: (column ?? 0) + 1 };
    const what = oneLine(message.slice(heading?.[0].length ?? 0));
    throw new TemplateError('TEMPLATE_SYNTAX', place, what, { cause: error });
  }
}

function oneLine(message: string): string {
  return message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^-*\^$/.test(line))
    .join(' ');
}

class Strictness {
  readonly #file: string;
  readonly #known: Known;

  constructor(file: string, known: Known) {
    this.#file = file;
    this.#known = known;
  }

  program(program: hbs.AST.Program): void {
    for (const statement of program.body) this.#statement(statement);
  }

  #statement(node: hbs.AST.Statement): void {
    switch (node.type) {
      case 'ContentStatement':
      case 'CommentStatement':
        return;
      case 'MustacheStatement':
        this.#output(node as hbs.AST.MustacheStatement);
        return;
      case 'BlockStatement':
        this.#block(node as hbs.AST.BlockStatement);
        return;
      case 'PartialStatement':
        this.#partial(node as hbs.AST.PartialStatement);
        return;
      default:
        throw this.#error('TEMPLATE_UNSUPPORTED', node, `${node.type} is not supported`);
    }
  }

  #output(node: hbs.AST.MustacheStatement): void {
    const { path } = node;
    if (!node.escaped) throw this.#error('TEMPLATE_RAW_OUTPUT', node, 'output that is not escaped');
    if (!isPath(path)) throw this.#error('TEMPLATE_UNSUPPORTED', node, 'a literal as output');
    const isCall = node.params.length > 0 || node.hash !== undefined || this.#isHelper(path);
    const value = isCall
      ? this.#call({ type: 'SubExpression', path, params: node.params, hash: node.hash, loc: node.loc })
      : this.#required(path);
    node.path = pathTo(ESCAPE, node);
    node.params = [value];
    node.hash = placeHash(path.original, node, this.#file);
  }

  #block(node: hbs.AST.BlockStatement): void {
    const name = node.path.original;
    if (!BLOCKS.has(name)) {
      throw this.#error('UNKNOWN_HELPER', node.path, `there is no block "${name}"`, name);
    }
    this.#arguments(node);
    this.program(node.program);
    if (node.inverse) this.program(node.inverse);
  }

  #partial(node: hbs.AST.PartialStatement): void {
    const { name } = node;
    if (!isPath(name)) throw this.#error('TEMPLATE_UNSUPPORTED', node, 'a partial whose name is computed');
    if (!this.#known.partials.has(name.original)) {
      throw this.#error('UNKNOWN_PARTIAL', node, `there is no partial "${name.original}"`, name.original);
    }
    this.#arguments(node);
  }

  #call(node: hbs.AST.SubExpression): hbs.AST.SubExpression {
    if (!this.#isHelper(node.path)) {
      const name = node.path.original;
      throw this.#error('UNKNOWN_HELPER', node.path, `there is no helper "${name}"`, name);
    }
    this.#arguments(node);
    return node;
  }

  #arguments(node: { params: hbs.AST.Expression[]; hash?: hbs.AST.Hash }): void {
    node.params = node.params.map((argument) => this.#argument(argument));
    for (const pair of node.hash?.pairs ?? []) pair.value = this.#argument(pair.value);
  }

  #argument(node: hbs.AST.Expression): hbs.AST.Expression {
    if (isPath(node)) return this.#required(node);
    return node.type === 'SubExpression' ? this.#call(node as hbs.AST.SubExpression) : node;
  }

  #required(path: hbs.AST.PathExpression): hbs.AST.SubExpression {
    return {
      type: 'SubExpression',
      path: pathTo(REQUIRE, path),
      params: [path],
      hash: placeHash(path.original, path, this.#file),
      loc: path.loc,
    };
  }

  #isHelper(path: hbs.AST.PathExpression): boolean {
    return this.#known.helpers.has(path.original);
  }

  #error(code: TemplateError['code'], node: Node, what: string, subject?: string): TemplateError {
    return new TemplateError(code, placeOf(node, this.#file), what, subject === undefined ? {} : { subject });
  }
}

function isPath(node: Node): node is hbs.AST.PathExpression {
  return node.type === 'PathExpression';
}

function pathTo(helper: string, { loc }: Node): hbs.AST.PathExpression {
  return { type: 'PathExpression', data: false, depth: 0, parts: [helper], original: helper, loc };
}

/** What the two helpers are told of the place they stand at. */
export type PlaceHash = Place & { readonly subject: string };

function placeHash(subject: string, node: Node, file: string): hbs.AST.Hash {
  const { loc } = node;
  const text = (value: string) => ({ type: 'StringLiteral', value, original: value, loc });
  const number = (value: number) => ({ type: 'NumberLiteral', value, original: value, loc });
  const place = placeOf(node, file);
  const values = {
    subject: text(subject),
    file: text(place.file),
    line: number(place.line),
    column: number(place.column),
  };
  const pairs = Object.entries(values).map(([key, value]) => ({
    type: 'HashPair' as const,
    key,
    value,
    loc,
  }));
  return { type: 'Hash', pairs, loc };
}

function placeOf(node: Node, file: string): Place {
  return { file, line: node.loc.start.line, column: node.loc.start.column + 1 };
}
