import type { Frame } from './cpu-profile.ts';

/** Stands for the time that a process takes until V8 can profile it. */
export const BEFORE: Frame = { functionName: '(before)', url: '', lineNumber: 0 };

/** V8's own words for what is no function, and that of `BEFORE` -> ours. */
const NO_FUNCTION = new Map([
  [BEFORE.functionName, 'node: before it can be profiled'],
  ['(garbage collector)', 'garbage collector'],
  ['(program)', 'V8 and native code'],
  ['(root)', 'V8 and native code'],
  ['(idle)', 'waiting'],
]);

export const isWaiting = ([innermost]: readonly Frame[]): boolean => innermost?.functionName === '(idle)';

/**
 * Who a stack's time goes to: the innermost of our files or of Node's loaders in it. So what Node does for a function of
 * ours is that function's; to find, read and compile a module is the loader's, and to run its top level the module's own.
 */
export function whereOf(frames: readonly Frame[]): string {
  const noFunction = NO_FUNCTION.get(frames[0]?.functionName ?? '');
  if (noFunction !== undefined) return noFunction;
  const outermost = frames.findLast(({ url }) => url !== '')?.url ?? '';
  if (/^node:internal\/(bootstrap|per_context)\//.test(outermost)) return 'node: starting itself';
  const owner = frames.map(({ url }) => ownerOf(url)).find((each) => each !== undefined);
  return owner ?? (outermost.startsWith('node:internal/main/') ? 'node: starting itself' : 'node: other');
}

/** The function that had the processor itself, with its place; undefined for what is no function. */
export function functionOf([frame, ...callers]: readonly Frame[]): string | undefined {
  if (!frame || NO_FUNCTION.has(frame.functionName)) return undefined;
  return `${frame.functionName || nameless(frame, callers)} (${placeOf(frame.url)})`;
}

/** Told by whose it is, as far as it was called from there: a line of a bundle says little. */
function nameless({ url, lineNumber }: Frame, callers: readonly Frame[]): string {
  if (lineNumber === 0) return 'top level';
  const owner = callers.find((caller) => caller.url === url && caller.functionName !== '');
  return owner ? `callback in ${owner.functionName}` : `line ${lineNumber + 1}`;
}

function placeOf(url: string): string {
  if (url === '') return 'V8';
  return url.startsWith('node:') ? url : (ownerOf(url) ?? url);
}

function ownerOf(url: string): string | undefined {
  if (url.startsWith('node:internal/modules/')) return 'node: loading our modules';
  if (url === 'node:internal/bootstrap/realm') return 'node: loading those of its modules that ours import';
  const [, name] = /\/opt\/rollcall\/node_modules\/(@rollcall\/[^/]+)\//.exec(url) ?? [];
  if (name !== undefined) return name;
  if (url.includes('/opt/rollcall/role/')) return 'the role';
  return url.includes('/bench/') ? 'the benchmark' : undefined;
}
