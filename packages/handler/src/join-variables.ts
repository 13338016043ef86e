import { HandlerError } from './errors.ts';
import { namesOf, type Variables } from './variable.ts';

/**
 * Two sets of variables as one.
 *
 * @throws HandlerError `BAD_ROLE` when both have a key or a variable: one value cannot mean two things.
 */
export function joinVariables<A extends Variables, B extends Variables>(ours: A, theirs: B): A & B {
  const key = Object.keys(theirs).find((each) => Object.hasOwn(ours, each));
  if (key !== undefined) {
    throw new HandlerError('BAD_ROLE', `the key ${JSON.stringify(key)} of the role's variables is taken`);
  }
  const joined = { ...ours, ...theirs };
  const names = Object.values(joined).flatMap(namesOf);
  const name = names.find((each, index) => names.indexOf(each) !== index);
  if (name !== undefined) throw new HandlerError('BAD_ROLE', `the variable ${name} is there twice`);
  return joined;
}
