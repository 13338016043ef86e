import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { steadyNow } from '@rollcall/handler';
import type { Log } from '@rollcall/membership';
import { readIfPresent, writeIfChanged } from '@rollcall/templating';
import { Admission } from './admission.ts';
import { type ConfigurationValues, makeConfiguration, type TemplateSource } from './configuration.ts';
import { BalancerError, isBalancerError } from './errors.ts';
import type { Actual, LoadBalancer } from './load-balancer.ts';
import type { ProvenTemplate } from './proven-template.ts';
import { SectionKeeper } from './section-keeper.ts';
import type { Sections } from './sections.ts';
import { TemplateRefusals } from './template-refusals.ts';
import type { Made, Wanted } from './wanted.ts';

/** HAProxy's service, as far as the keeper needs it. */
export interface HaproxyService {
  /** When it ended, ms since the epoch; undefined while it is up. */
  endedAt(): Promise<number | undefined>;
  /** Starts it if it is held for having died too often. */
  up(): Promise<void>;
}

export interface KeeperParts {
  readonly paths: { readonly configuration: string; readonly candidate: string; readonly routes: string };
  /** Throws where the template should be but is not. */
  readonly readTemplate: () => Promise<TemplateSource>;
  readonly values: Omit<ConfigurationValues, 'servers' | 'sections'>;
  /** What HAProxy has against the file, or undefined. */
  readonly check: (path: string) => Promise<string | undefined>;
  /** Why nobody can listen on a TCP port here, or undefined. */
  readonly portProblem: (port: number) => Promise<string | undefined>;
  readonly balancer: LoadBalancer;
  /** Keeps others from changing servers while HAProxy reloads. */
  readonly exclusively: <T>(task: () => Promise<T>) => Promise<T>;
  readonly service: HaproxyService;
  readonly proven: ProvenTemplate;
  readonly log: Log;
  /** Least time between two reloads. */
  readonly reloadEveryMs: number;
}

/** How often HAProxy ends before it answers, until its configuration is blamed for it. */
const ENDS_MAX = 3;

/** A configuration that HAProxy was not yet seen to run. */
interface Trial {
  readonly made: Made;
  /** What the file said before. */
  readonly before: string | undefined;
  /** When HAProxy has ended since then, without ever having answered. */
  readonly ends: Set<number>;
}

export interface Reloads {
  readonly count: number;
  readonly last?: { readonly at: string; readonly why: string };
}

/**
 * Keeps haproxy.cfg as the template and the servers say, and has HAProxy reload when anything but the servers changes. A
 * template that cannot be rendered, checked or run is refused until its text changes; the last that worked stays.
 */
export class ConfigurationKeeper {
  readonly #parts: KeeperParts;
  readonly #refusals: TemplateRefusals;
  readonly #sections = new SectionKeeper();
  readonly #admission: Admission;
  /** As it was read last. */
  #wanted: TemplateSource | undefined;
  #trial: Trial | undefined;
  #reloads: Reloads = { count: 0 };
  #reloadedAt = 0;
  /** The refused changes for which it was reloaded last. */
  #reloadedFor = '';

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#refusals = new TemplateRefusals(parts.log);
    this.#admission = new Admission({
      sections: this.#sections,
      portProblem: parts.portProblem,
      make: (template, now, sections) => this.#make(template, now, sections),
      complaintAbout: (text) => this.#complaintAbout(text),
      reload: (template, now, why, sections) => this.#reload(template, now, why, sections),
      putBack: async (template, now) => {
        await writeIfChanged(parts.paths.configuration, this.#make(template, now).text);
      },
    });
  }

  get reloads(): Reloads {
    return this.#reloads;
  }

  /** Why the template is not the one in use. */
  get problem(): string | undefined {
    return this.#refusals.problem;
  }

  /** Services and TCP ports that HAProxy cannot have, and why: see `SectionKeeper`. */
  get refusedSections(): ReadonlyMap<string, string> {
    return this.#sections.refused;
  }

  /** What was refused may be tried again. */
  lookAgain(): void {
    this.#refusals.forget();
    this.#sections.forget();
  }

  /**
   * One look at everything; not to be called again before it has ended.
   *
   * @param now what the files are to say at this moment
   * @param refusedSteps what HAProxy refused to change while it runs: it reads its file again, once
   * @throws FileError, or BalancerError `HAPROXY_UNREACHABLE`: it is to be called again
   */
  async keep(now: () => Wanted, refusedSteps: readonly string[] = []): Promise<void> {
    const actual = await this.#parts.balancer.look().catch(() => undefined);
    const reloads = this.#reloads.count;
    this.#sections.look(actual?.sections, now());
    await this.#writeRoutes(now());
    if (this.#trial) await this.#judgeTrial(this.#trial, now, actual);
    const wanted = await this.#makeWanted(now());
    if (!wanted || !(await this.#place(wanted, now, actual))) {
      const proven = await this.#makeProven(now());
      if (proven) await this.#place(proven, now, actual);
    }
    // The template that is wanted is at work by now, or refused.
    const atWork = await this.#parts.proven.load();
    if (actual && atWork) await this.#admission.admitNewcomers(atWork, now);
    this.#refusals.keepOnly([this.#wanted, atWork]);
    const steps = refusedSteps.join(', ');
    const isReloaded = this.#reloads.count > reloads;
    if (!actual && !isReloaded) return;
    if (!isReloaded && steps !== '' && steps !== this.#reloadedFor) await this.#reloadFor(steps, now);
    this.#reloadedFor = steps;
  }

  async #makeWanted(now: Wanted): Promise<Made | undefined> {
    try {
      const template = await this.#parts.readTemplate();
      this.#wanted = template;
      const made = this.#make(template, now);
      const refusal = this.#refusals.of(made);
      this.#refusals.tell(refusal);
      return refusal ? undefined : made;
    } catch (error) {
      this.#refusals.tell(error as Error);
      return undefined;
    }
  }

  async #makeProven(now: Wanted): Promise<Made | undefined> {
    const template = await this.#parts.proven.load();
    const made = template && this.#make(template, now);
    return made && !this.#refusals.of(made) ? made : undefined;
  }

  #make(template: TemplateSource, now: Wanted, sections = this.#sections.atWork(now)): Made {
    const { servers } = now;
    return { template, ...makeConfiguration(template, { ...this.#parts.values, servers, sections }) };
  }

  /** Read when HAProxy starts; before that it is told. */
  async #writeRoutes({ routes }: Wanted): Promise<void> {
    const lines = [...routes].map(([key, backend]) => `${key} ${backend}\n`);
    await writeIfChanged(this.#parts.paths.routes, lines.join(''));
  }

  /** Whether HAProxy has, or will start with, what was made; false when it was refused. */
  async #place(made: Made, now: () => Wanted, actual: Actual | undefined): Promise<boolean> {
    const { paths } = this.#parts;
    const onDisk = await readIfPresent(paths.configuration);
    if (onDisk !== made.text) {
      const complaint = await this.#complaintAbout(made.text);
      if (complaint !== undefined) {
        const { file } = made.template;
        this.#refusals.refuse(
          made.template,
          made.text,
          new BalancerError('CONFIGURATION_REFUSED', `HAProxy refuses what ${file} makes: ${complaint}`),
        );
        return false;
      }
      await writeIfChanged(paths.configuration, made.text);
    }
    if (actual?.fingerprint === made.fingerprint) {
      this.#trial = undefined;
      await this.#parts.proven.save(made.template);
      return true;
    }
    if (this.#trial?.made.fingerprint !== made.fingerprint) {
      this.#trial = { made, before: onDisk === made.text ? undefined : onDisk, ends: new Set() };
    }
    return actual === undefined || (await this.#try(this.#trial, now));
  }

  async #complaintAbout(text: string): Promise<string | undefined> {
    const { candidate } = this.#parts.paths;
    try {
      await writeIfChanged(candidate, text);
      return await this.#parts.check(candidate);
    } finally {
      await rm(candidate, { force: true });
    }
  }

  async #reloadFor(steps: string, now: () => Wanted): Promise<void> {
    const template = await this.#parts.proven.load();
    if (template) await this.#reload(template, now, `the runtime API refused: ${steps}`);
  }

  async #reload(
    template: TemplateSource,
    now: () => Wanted,
    why: string,
    sections?: Sections,
  ): Promise<void> {
    const { balancer, exclusively, paths, log, reloadEveryMs } = this.#parts;
    await pause(Math.max(0, this.#reloadedAt + reloadEveryMs - steadyNow()));
    await exclusively(async () => {
      // Servers may have come and gone since it was made.
      await this.#writeRoutes(now());
      await writeIfChanged(paths.configuration, this.#make(template, now(), sections).text);
      this.#reloadedAt = steadyNow();
      await balancer.reload();
      this.#reloads = {
        count: this.#reloads.count + 1,
        last: { at: new Date(this.#reloadedAt).toISOString(), why },
      };
      log.info({ why, reloads: this.#reloads.count }, 'HAProxy was reloaded');
      await balancer.look();
    });
  }

  async #try(trial: Trial, now: () => Wanted): Promise<boolean> {
    const { balancer, exclusively, proven } = this.#parts;
    const { template } = trial.made;
    try {
      await this.#reload(template, now, `${template.file}, or a setting, has changed`);
      this.#trial = undefined;
      await proven.save(template);
      return true;
    } catch (error) {
      if (isBalancerError(error, 'START_FAILED')) {
        await this.#giveUp(trial, now, error);
        return false;
      }
      if (isBalancerError(error, 'BACKEND_MISSING')) {
        await this.#giveUp(trial, now, error);
        await exclusively(() => balancer.reload());
        return false;
      }
      throw error;
    }
  }

  async #judgeTrial(trial: Trial, now: () => Wanted, actual: Actual | undefined): Promise<void> {
    if (actual !== undefined) {
      if (actual.fingerprint !== trial.made.fingerprint) return;
      this.#trial = undefined;
      // The template may be another by now, and a bad one.
      await this.#parts.proven.save(trial.made.template);
      return;
    }
    const endedAt = await this.#parts.service.endedAt();
    if (endedAt !== undefined) trial.ends.add(endedAt);
    if (trial.ends.size < ENDS_MAX) return;
    // It may be a port that only one service wants.
    if (this.#sections.reduce(trial.made.sections)) {
      this.#trial = undefined;
      this.#parts.log.warn({ sections: [...trial.made.sections] }, 'HAProxy does not start; without these');
      await this.#parts.service.up();
      return;
    }
    const what = `HAProxy does not start with what ${trial.made.template.file} makes`;
    await this.#giveUp(trial, now, new BalancerError('START_FAILED', what));
    await this.#parts.service.up();
  }

  /** Refuses a configuration that is in its place, and puts back what worked. */
  async #giveUp({ made, before }: Trial, now: () => Wanted, why: BalancerError): Promise<void> {
    const { paths, proven } = this.#parts;
    this.#trial = undefined;
    const last = await proven.load();
    const text = last && last.text !== made.template.text ? this.#make(last, now()).text : before;
    if (text === undefined) await rm(paths.configuration, { force: true });
    else await writeIfChanged(paths.configuration, text);
    this.#refusals.refuse(made.template, made.fingerprint, why);
  }
}
