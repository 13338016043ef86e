import { describe, expect, it } from 'vitest';
import type { Frame } from './cpu-profile.ts';
import { BEFORE, functionOf, isWaiting, whereOf } from './where.ts';

const OURS = 'file:///opt/rollcall/node_modules/@rollcall';
const LOADER = 'node:internal/modules/esm/loader';
const REALM = 'node:internal/bootstrap/realm';

/** Innermost first, as `function@url`, above the root. */
const stack = (...calls: string[]): Frame[] =>
  [...calls, '(root)@'].map((call) => {
    const [functionName = '', ...url] = call.split('@');
    return { functionName, url: url.join('@'), lineNumber: 41 };
  });

describe('where the time goes', () => {
  it.each([
    ['a package', '@rollcall/membership', stack(`look@${OURS}/membership/dist/index.js`)],
    [
      'a package, for what Node does for it',
      '@rollcall/handler',
      stack('open@', 'readFileSync@node:fs', `read@${OURS}/handler/dist/chunks/run-1.js`, `load@${LOADER}`),
    ],
    ['the role', 'the role', stack('plan@file:///opt/rollcall/role/index.js')],
    ['the driver of the benchmark', 'the benchmark', stack('show@file:///bench/driver.mjs')],
    [
      'the loader, also where a package waits for what it loads',
      'node: loading our modules',
      stack('compile@', `load@${LOADER}`, `run@${OURS}/handler/dist/main.js`),
    ],
    [
      'modules of Node that ours import',
      'node: loading those of its modules that ours import',
      stack('@node:http', `compileForInternalLoader@${REALM}`, `load@${LOADER}`),
    ],
    [
      "Node's own start",
      'node: starting itself',
      stack('@node:buffer', `compileForInternalLoader@${REALM}`, '@node:internal/bootstrap/node'),
    ],
    [
      "Node's preparations for the main module",
      'node: starting itself',
      stack('patchProcessObject@node:internal/process/pre_execution', '@node:internal/main/run_main_module'),
    ],
    ['what nobody of these asked for', 'node: other', stack('onread@node:net')],
    ['the garbage collector', 'garbage collector', stack('(garbage collector)@')],
    ['what comes before a profile', 'node: before it can be profiled', [BEFORE]],
    ['V8 itself', 'V8 and native code', stack('(program)@')],
  ])('is %s', (_, where, frames) => {
    expect(whereOf(frames)).toBe(where);
  });

  it('tells waiting from work', () => {
    expect(isWaiting(stack('(idle)@'))).toBe(true);
    expect(isWaiting(stack('(program)@'))).toBe(false);
  });
});

describe('a function', () => {
  it('is named with its place', () => {
    expect(functionOf(stack('plan@file:///opt/rollcall/role/index.js'))).toBe('plan (the role)');
    expect(functionOf(stack('connect@node:net'))).toBe('connect (node:net)');
    expect(functionOf(stack('open@'))).toBe('open (V8)');
  });

  it('without a name is told by the function that it stands in, or else by its line', () => {
    const role = 'file:///opt/rollcall/role/index.js';
    expect(functionOf(stack(`@${role}`, 'map@', `plan@${role}`))).toBe('callback in plan (the role)');
    expect(functionOf(stack('@node:net', `plan@${role}`))).toBe('line 42 (node:net)');
    expect(functionOf([{ functionName: '', url: 'node:net', lineNumber: 0 }])).toBe('top level (node:net)');
  });

  it('is none of what V8 puts in brackets', () => {
    expect(functionOf(stack('(idle)@'))).toBeUndefined();
    expect(functionOf(stack('(garbage collector)@'))).toBeUndefined();
    expect(functionOf([BEFORE])).toBeUndefined();
  });
});
