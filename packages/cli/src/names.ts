import { DEFAULT_SERVICE } from './service-variables.ts';

/** Sorts `s2` before `s10`. */
export function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** `ha`, `ha2`, `ha3` … */
export function balancerName(index: number): string {
  return index === 0 ? 'ha' : `ha${index + 1}`;
}

/** What the names of a service's nodes begin with, unless it is said: `s` for web, `shop` for shop. */
export function usualPrefix(service: string): string {
  if (service === DEFAULT_SERVICE) return 's';
  // api2-1 is no node of a service api, and ha-1 no balancer.
  return /\d$/.test(service) || service === balancerName(0) ? `${service}-` : service;
}

/** Whether a name is the prefix and a number. */
export function isNumbered(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && /^[1-9]\d*$/.test(name.slice(prefix.length));
}

/** The prefix of a numbered name: `s` of `s12`. */
export function prefixOf(name: string): string {
  return name.replace(/\d+$/, '');
}

/** The first `count` of PREFIX1, PREFIX2, … that are not taken. */
export function freeNames(prefix: string, count: number, taken: ReadonlySet<string>): string[] {
  const names: string[] = [];
  for (let number = 1; names.length < count; number += 1) {
    const name = `${prefix}${number}`;
    if (!taken.has(name)) names.push(name);
  }
  return names;
}
