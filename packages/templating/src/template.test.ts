import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TemplateError } from './errors.ts';
import { compileTemplate, type TemplateOptions } from './template.ts';

const plain: TemplateOptions = { file: 'a.hbs', escape: (value) => value };

const render = (text: string, values: unknown, options: Partial<TemplateOptions> = {}) =>
  compileTemplate(text, { ...plain, ...options }).render(values);

function errorOf(action: () => unknown): TemplateError {
  try {
    action();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

it('renders variables, blocks, data and partials', () => {
  const text =
    '{{name}}{{#if on}} on{{else}} off{{/if}}{{#each list}} {{@index}}={{this}}{{/each}} {{> tail}}';
  const values = { name: 'a', on: false, list: ['x', 'y'], end: { at: 7 } };
  expect(render(text, values, { partials: { tail: '{{#with end}}{{at}}{{/with}} {{end.at}}' } })).toBe(
    'a off 0=x 1=y 7 7',
  );
});

it('calls helpers, also inside each other, and escapes what they return', () => {
  const helpers = {
    sum: (a: number, b: number) => a + b,
    wrap: (text: string) => `<${text}>`,
  };
  const options = { helpers, escape: (value: string) => value.replaceAll('<', '[') };
  expect(render('{{wrap (sum a 2)}}', { a: 1 }, options)).toBe('[3>');
});

it('escapes every output by the given function, never for HTML', () => {
  const bracket = (value: string) => `[${value}]`;
  expect(
    render('{{a}} {{#each list}}{{this}}{{/each}}', { a: '<&"', list: [1, true] }, { escape: bracket }),
  ).toBe('[<&"] [1][true]');
});

it.each([
  ['{{nme}}', 'nme'],
  ['{{a.b.c}}', 'a.b.c'],
  ['{{#if nme}}x{{/if}}', 'nme'],
  ['{{#unless nme}}x{{/unless}}', 'nme'],
  ['{{#each nme}}x{{/each}}', 'nme'],
  ['{{#if off}}{{else if nme}}x{{/if}}', 'nme'],
  ['{{#each list}}{{nme}}{{/each}}', 'nme'],
  ['{{wrap nme}}', 'nme'],
  ['{{> part from=nme}}', 'nme'],
  ['{{> part}}', 'from'],
  ['{{constructor}}', 'constructor'],
  ['{{a.__proto__}}', 'a.__proto__'],
  ['{{list.map}}', 'list.map'],
  ['{{@root.nme}}', '@root.nme'],
])('an unknown variable is an error: %s', (text, subject) => {
  const options = { helpers: { wrap: String }, partials: { part: '{{from}}' } };
  const values = { a: {}, off: false, list: [1] };
  const error = errorOf(() => render(text, values, options));
  expect(error).toMatchObject({ code: 'UNKNOWN_VARIABLE', subject });
  expect(error.message).toContain(`"${subject}" has no value`);
});

it('an error says file, line and column, also in a partial', () => {
  expect(errorOf(() => render('one\n  {{nme}}', {}))).toMatchObject({ file: 'a.hbs', line: 2, column: 5 });
  const partials = { part: '\n\n{{nme}}' };
  expect(errorOf(() => render('{{> part}}', {}, { partials }))).toMatchObject({
    file: 'part',
    line: 3,
    column: 3,
  });
  expect(errorOf(() => render('{{nme}}', {})).message).toBe(
    'a.hbs:1:3: "nme" has no value. Correct its name, or give the template a value for it.',
  );
});

it.each([
  ['{{wrp a}}', 'UNKNOWN_HELPER', 'wrp'],
  ['{{#wrp a}}{{/wrp}}', 'UNKNOWN_HELPER', 'wrp'],
  ['{{#a}}{{/a}}', 'UNKNOWN_HELPER', 'a'],
  ['{{wrap (wrp a)}}', 'UNKNOWN_HELPER', 'wrp'],
  ['{{if a}}', 'UNKNOWN_HELPER', 'if'],
  ['{{lookup a "b"}}', 'UNKNOWN_HELPER', 'lookup'],
  ['{{log a}}', 'UNKNOWN_HELPER', 'log'],
  ['{{> prt}}', 'UNKNOWN_PARTIAL', 'prt'],
  ['{{{a}}}', 'TEMPLATE_RAW_OUTPUT', undefined],
  ['{{&a}}', 'TEMPLATE_RAW_OUTPUT', undefined],
  ['{{#each a}}{{{this}}}{{/each}}', 'TEMPLATE_RAW_OUTPUT', undefined],
  ['{{"a"}}', 'TEMPLATE_UNSUPPORTED', undefined],
  ['{{> (wrap a)}}', 'TEMPLATE_UNSUPPORTED', undefined],
  ['{{#> part}}{{/part}}', 'TEMPLATE_UNSUPPORTED', undefined],
  ['{{#*inline "x"}}{{/inline}}', 'TEMPLATE_UNSUPPORTED', undefined],
  ['{{#if a}}', 'TEMPLATE_SYNTAX', undefined],
  ['{{#if a}}{{/each}}', 'TEMPLATE_SYNTAX', undefined],
  ['{{a', 'TEMPLATE_SYNTAX', undefined],
])('is refused when it is compiled: %s', (text, code, subject) => {
  const options = { ...plain, helpers: { wrap: String }, partials: { part: '' } };
  expect(errorOf(() => compileTemplate(text, options))).toMatchObject({ code, subject });
});

it('tells where the syntax is wrong', () => {
  expect(errorOf(() => compileTemplate('a\n{{#if a}}\n{{b}}}\n{{/if}}', plain))).toMatchObject({ line: 3 });
});

it.each([[null], [{}], [[]], [() => 'x']])('refuses to print what is neither text nor number: %s', (a) => {
  expect(errorOf(() => render('{{a}}', { a }))).toMatchObject({ code: 'VALUE_REFUSED', subject: 'a' });
});

it("says why a value cannot stand there, in the escape function's words", () => {
  const tooOdd = () => {
    throw new RangeError('is too odd');
  };
  const error = errorOf(() => render('{{a}}', { a: 'x' }, { escape: tooOdd }));
  expect(error.message).toContain('the value of "a" is too odd');
  expect(error.cause).toBeInstanceOf(RangeError);
});

it('templates do not share helpers or partials', () => {
  compileTemplate('{{> part}}', { ...plain, partials: { part: 'x' } });
  expect(errorOf(() => compileTemplate('{{> part}}', plain))).toMatchObject({ code: 'UNKNOWN_PARTIAL' });
});

it('whatever the template, the outcome is a text or a TemplateError', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '{{{',
    '#if ',
    '/if',
    'a',
    '.',
    ' ',
    '"',
    '>',
    '*',
    '~',
    '\n',
    '(',
    ')',
    '@',
    '=',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      try {
        expect(typeof render(pieces.join(''), { a: { a: 1 } })).toBe('string');
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError);
      }
    }),
    { numRuns: 500 },
  );
});
