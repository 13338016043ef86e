import type { Variable, Variables } from '@rollcall/handler';

/** More than fits into the tags of a node. */
const LONGEST = 600;

/** Texts of any length, of the kinds that variables are made for. */
const KINDS: readonly ((length: number) => string)[] = [
  (length) => 'x'.repeat(length),
  (length) => `/${'x'.repeat(length - 1)}`,
  (length) => `x/${'x'.repeat(length - 2)}`,
];

/** A configuration whose values are as long as the variables allow, as far as the texts that are tried can tell. */
export function longestConfig(variables: Variables): Record<string, unknown> {
  return Object.fromEntries(Object.entries(variables).map(([key, variable]) => [key, longest(variable)]));
}

function longest(variable: Variable<unknown>): unknown {
  if (typeof variable.fallback === 'number') return greatest(variable, variable.fallback);
  for (let length = LONGEST; length > 2; length -= 1) {
    for (const kind of KINDS) {
      const value = variable.parse(kind(length));
      if (value !== undefined) return value;
    }
  }
  return variable.fallback;
}

/** By halving, as all numbers from the default up to some limit are allowed. */
function greatest({ parse }: Variable<unknown>, fallback: number): number {
  let allowed = fallback;
  let refused = 1e9;
  while (refused - allowed > 1) {
    const middle = Math.floor((allowed + refused) / 2);
    if (parse(String(middle)) === undefined) refused = middle;
    else allowed = middle;
  }
  return allowed;
}
