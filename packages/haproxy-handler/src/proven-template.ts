import { readIfPresent, writeIfChanged } from '@rollcall/templating';
import * as v from 'valibot';
import type { TemplateSource } from './configuration.ts';

const ProvenFile = v.object({ file: v.string(), text: v.string() });

/** The last template that HAProxy was seen to run, also for a handler that is started anew. */
export class ProvenTemplate {
  readonly #path: string;
  #template: TemplateSource | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async load(): Promise<TemplateSource | undefined> {
    this.#template ??= await this.#read();
    return this.#template;
  }

  async save(template: TemplateSource): Promise<void> {
    if (this.#template?.text === template.text) return;
    this.#template = template;
    await writeIfChanged(this.#path, JSON.stringify(template));
  }

  async #read(): Promise<TemplateSource | undefined> {
    const text = await readIfPresent(this.#path);
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ProvenFile), text);
    return parsed.success ? parsed.output : undefined;
  }
}
