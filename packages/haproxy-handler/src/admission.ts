import type { TemplateSource } from './configuration.ts';
import { isBalancerError } from './errors.ts';
import type { SectionKeeper } from './section-keeper.ts';
import { fit, portIn, type Sections } from './sections.ts';
import type { Made, Wanted } from './wanted.ts';

export interface AdmissionParts {
  readonly sections: SectionKeeper;
  /** Why nobody can listen on a TCP port here, or undefined. */
  readonly portProblem: (port: number) => Promise<string | undefined>;
  readonly make: (template: TemplateSource, now: Wanted, sections: Sections) => Made;
  /** What HAProxy has against a configuration, or undefined. */
  readonly complaintAbout: (text: string) => Promise<string | undefined>;
  /** Has HAProxy read what is made with these sections. */
  readonly reload: (
    template: TemplateSource,
    now: () => Wanted,
    why: string,
    sections: Sections,
  ) => Promise<void>;
  /** Writes what is made with the sections that are at work, after a reload that failed. */
  readonly putBack: (template: TemplateSource, now: Wanted) => Promise<void>;
}

/** Has HAProxy run the services and TCP ports that come, and refuses those that it cannot have. */
export class Admission {
  readonly #parts: AdmissionParts;
  /** The text of the template with which sections were refused. */
  #refusedWith: string | undefined;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /**
   * @param template the one at work
   * @throws BalancerError `HAPROXY_UNREACHABLE`: it is to be called again
   */
  async admitNewcomers(template: TemplateSource, now: () => Wanted): Promise<void> {
    const { sections } = this.#parts;
    if (template.text !== this.#refusedWith) sections.forget();
    this.#refusedWith = template.text;
    await this.#refuseTakenPorts(sections.newcomers(now()));
    const newcomers = sections.newcomers(now());
    if (newcomers.length > 0) await this.#admit(newcomers, template, now);
  }

  async #refuseTakenPorts(newcomers: readonly string[]): Promise<void> {
    const { sections, portProblem } = this.#parts;
    for (const section of newcomers) {
      const port = portIn(section);
      const problem = port === undefined ? undefined : await portProblem(port);
      if (problem !== undefined) sections.refuse(section, `cannot be had: ${problem}`);
    }
  }

  /** All at once; by halves where that fails, until those are found that make it fail. */
  async #admit(newcomers: readonly string[], template: TemplateSource, now: () => Wanted): Promise<void> {
    const { sections, make } = this.#parts;
    const made = make(template, now(), sections.with(newcomers, now()));
    const placed = newcomers.filter((section) => made.sections.has(section));
    for (const section of newcomers) {
      if (!made.sections.has(section)) sections.refuse(section, `has no place in ${template.file}`);
    }
    if (placed.length === 0) return;
    const problem = await this.#problemWith(made, placed, now);
    if (problem === undefined) return;
    const [first = ''] = placed;
    if (placed.length === 1) return sections.refuse(first, problem);
    const middle = placed.length / 2;
    await this.#admit(placed.slice(0, middle), template, now);
    await this.#admit(placed.slice(middle), template, now);
  }

  /** Has HAProxy run what was made, and puts back what it ran where it cannot. @returns why it cannot */
  async #problemWith(
    { template, text, sections }: Made,
    newcomers: readonly string[],
    now: () => Wanted,
  ): Promise<string | undefined> {
    if (!fit(sections)) return 'is one too many: HAProxy takes 8 KiB of names of services and ports';
    const complaint = await this.#parts.complaintAbout(text);
    if (complaint !== undefined) return `is refused by HAProxy: ${complaint}`;
    try {
      await this.#parts.reload(template, now, `${newcomers.join(', ')} came`, sections);
      this.#parts.sections.admit(sections);
      return undefined;
    } catch (error) {
      await this.#parts.putBack(template, now());
      if (isBalancerError(error, 'START_FAILED')) return `cannot be had: ${error.what}`;
      throw error;
    }
  }
}
