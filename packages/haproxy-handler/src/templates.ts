import { readIfPresent } from '@rollcall/templating';
import { builtInTemplate } from './builtin-template.ts';
import type { TemplateSource } from './configuration.ts';
import { BalancerError } from './errors.ts';
import { DEFAULT_TEMPLATE_FILE } from './paths.ts';

export const builtIn: TemplateSource = { file: 'the built-in template', text: builtInTemplate };

/**
 * The template that is wanted now: the given file, else the one at its usual place, else the built-in one. Throws
 * `BalancerError` TEMPLATE_MISSING, `FileError`.
 */
export async function readTemplate(given: string | undefined): Promise<TemplateSource> {
  const file = given ?? DEFAULT_TEMPLATE_FILE;
  const text = await readIfPresent(file);
  if (text !== undefined) return { file, text };
  if (given === undefined) return builtIn;
  throw new BalancerError('TEMPLATE_MISSING', `There is no template at ${given}`);
}
