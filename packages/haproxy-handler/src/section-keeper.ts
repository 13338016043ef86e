import { LEAST_SECTIONS, type Sections } from './sections.ts';

/** Who is there, as far as a configuration depends on it. */
export interface Needs {
  /** Sections for the servers of now. */
  readonly needed: Sections;
  /** Those that anybody in the room may need soon; undefined while the room is unknown. */
  readonly claimed: Sections | undefined;
}

/**
 * Which sections a configuration has. Those that HAProxy runs stay until it has to reload for another one, so that it does
 * not for a service that goes and comes back. One that makes a configuration fail is refused by itself.
 */
export class SectionKeeper {
  #running: Sections | undefined;
  #refused = new Map<string, string>();

  /** Why a section cannot be had, in words that follow a route. */
  get refused(): ReadonlyMap<string, string> {
    return this.#refused;
  }

  /** @param running what HAProxy has; undefined while it does not answer */
  look(running: Sections | undefined, { needed }: Needs): void {
    this.#running = running ?? this.#running;
    for (const section of this.#refused.keys()) if (!needed.has(section)) this.#refused.delete(section);
  }

  /** What a configuration is made with. Where HAProxy never ran one: all that is needed. */
  atWork({ needed }: Needs): Sections {
    if (this.#running) return this.#running;
    return new Set([...LEAST_SECTIONS, ...[...needed].filter((section) => !this.#refused.has(section))]);
  }

  /** What is needed, and neither there nor refused. */
  newcomers({ needed }: Needs): string[] {
    return [...needed]
      .filter((section) => !this.#running?.has(section) && !this.#refused.has(section))
      .sort();
  }

  /** Those at work that somebody may still need, and more. */
  with(newcomers: readonly string[], needs: Needs): Sections {
    const { needed, claimed } = needs;
    const kept = [...this.atWork(needs)].filter(
      (section) => LEAST_SECTIONS.has(section) || needed.has(section) || (claimed?.has(section) ?? true),
    );
    return new Set([...kept, ...newcomers].filter((section) => !this.#refused.has(section)));
  }

  /** HAProxy runs these from now on. */
  admit(running: Sections): void {
    this.#running = running;
  }

  refuse(section: string, why: string): void {
    this.#refused.set(section, why);
  }

  /** HAProxy does not start: it begins with the least, and the others come one after the other. False where that is all. */
  reduce(made: Sections): boolean {
    this.#running = LEAST_SECTIONS;
    return made.size > LEAST_SECTIONS.size;
  }

  /** What was refused may be tried again. */
  forget(): void {
    this.#refused = new Map();
  }
}
