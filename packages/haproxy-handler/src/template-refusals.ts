import type { Log } from '@rollcall/membership';
import type { TemplateSource } from './configuration.ts';
import type { BalancerError } from './errors.ts';
import type { Made } from './wanted.ts';

/** What HAProxy would not have: a text or, when it was its start that failed, a fingerprint. */
interface RefusedConfiguration {
  readonly key: string;
  readonly why: BalancerError;
}

/** Which templates are not used, and why: the last refusal of each, until its text changes. */
export class TemplateRefusals {
  readonly #log: Log;
  /** By the text of the template. */
  readonly #refused = new Map<string, RefusedConfiguration>();
  #problem: Error | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Why the template that is wanted is not the one in use. */
  get problem(): string | undefined {
    return this.#problem?.message;
  }

  of({ template, text, fingerprint }: Made): BalancerError | undefined {
    const refused = this.#refused.get(template.text);
    return refused && [text, fingerprint].includes(refused.key) ? refused.why : undefined;
  }

  /** @param key the text or the fingerprint that it made */
  refuse({ text }: TemplateSource, key: string, why: BalancerError): void {
    this.#refused.set(text, { key, why });
    this.tell(why);
  }

  /** How the template that is wanted fares; what is new about it is logged. */
  tell(problem: Error | undefined): void {
    const isNew = problem !== undefined && problem.message !== this.#problem?.message;
    this.#problem = problem;
    if (isNew) this.#log.error({ err: problem }, 'the template is not used; the last that worked stays');
  }

  /** Forgets all but those of templates that may be used again. */
  keepOnly(templates: readonly (TemplateSource | undefined)[]): void {
    const kept = templates.map((template) => template?.text);
    for (const text of this.#refused.keys()) if (!kept.includes(text)) this.#refused.delete(text);
  }

  /** What was refused may be tried again. */
  forget(): void {
    this.#refused.clear();
  }
}
