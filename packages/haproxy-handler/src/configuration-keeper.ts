import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { steadyNow } from '@rollcall/handler';
import type { Log } from '@rollcall/membership';
import { readIfPresent, writeIfChanged } from '@rollcall/templating';
import {
  type Configuration,
  type ConfigurationValues,
  makeConfiguration,
  type TemplateSource,
} from './configuration.ts';
import { BalancerError, isBalancerError } from './errors.ts';
import type { Actual, LoadBalancer } from './load-balancer.ts';
import type { ProvenTemplate } from './proven-template.ts';
import type { Server } from './server.ts';

/** HAProxy's service, as far as the keeper needs it. */
export interface HaproxyService {
  /** When it ended, ms since the epoch; undefined while it is up. */
  endedAt(): Promise<number | undefined>;
  /** Starts it if it is held for having died too often. */
  up(): Promise<void>;
}

export interface KeeperParts {
  readonly paths: { readonly configuration: string; readonly candidate: string };
  /** Throws where the template should be but is not. */
  readonly readTemplate: () => Promise<TemplateSource>;
  readonly values: Omit<ConfigurationValues, 'servers'>;
  /** What HAProxy has against the file, or undefined. */
  readonly check: (path: string) => Promise<string | undefined>;
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

interface Made extends Configuration {
  readonly template: TemplateSource;
}

/** A configuration that HAProxy was not yet seen to run. */
interface Trial {
  readonly made: Made;
  /** What the file said before. */
  readonly before: string | undefined;
  /** When HAProxy has ended since then, without ever having answered. */
  readonly ends: Set<number>;
}

/** What HAProxy would not have: a text or, when it was its start that failed, a fingerprint. */
interface RefusedConfiguration {
  readonly key: string;
  readonly why: BalancerError;
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
  /** The last of each template, by its text. */
  readonly #refused = new Map<string, RefusedConfiguration>();
  /** As it was read last. */
  #wanted: TemplateSource | undefined;
  #trial: Trial | undefined;
  #problem: Error | undefined;
  #reloads: Reloads = { count: 0 };
  #reloadedAt = 0;
  /** The refused changes for which it was reloaded last. */
  #reloadedFor = '';

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  get reloads(): Reloads {
    return this.#reloads;
  }

  /** Why the template is not the one in use. */
  get problem(): string | undefined {
    return this.#problem?.message;
  }

  /** What was refused may be tried again. */
  lookAgain(): void {
    this.#refused.clear();
  }

  /**
   * One look at everything; not to be called again before it has ended.
   *
   * @param servers those of now
   * @param refusedSteps what HAProxy refused to change while it runs: it reads its file again, once
   * @throws FileError, or BalancerError `HAPROXY_UNREACHABLE`: it is to be called again
   */
  async keep(servers: () => readonly Server[], refusedSteps: readonly string[] = []): Promise<void> {
    const actual = await this.#parts.balancer.look().catch(() => undefined);
    const reloads = this.#reloads.count;
    if (this.#trial) await this.#judgeTrial(this.#trial, servers, actual);
    const wanted = await this.#makeWanted(servers());
    if (!wanted || !(await this.#place(wanted, servers, actual))) {
      const proven = await this.#makeProven(servers());
      if (proven) await this.#place(proven, servers, actual);
    }
    await this.#keepRefusals();
    const steps = refusedSteps.join(', ');
    const isReloaded = this.#reloads.count > reloads;
    if (!actual && !isReloaded) return;
    if (!isReloaded && steps !== '' && steps !== this.#reloadedFor) await this.#reloadFor(steps, servers);
    this.#reloadedFor = steps;
  }

  async #makeWanted(servers: readonly Server[]): Promise<Made | undefined> {
    try {
      const template = await this.#parts.readTemplate();
      this.#wanted = template;
      const made = this.#make(template, servers);
      const refusal = this.#refusalOf(made);
      this.#tell(refusal);
      return refusal ? undefined : made;
    } catch (error) {
      this.#tell(error as Error);
      return undefined;
    }
  }

  async #makeProven(servers: readonly Server[]): Promise<Made | undefined> {
    const template = await this.#parts.proven.load();
    const made = template && this.#make(template, servers);
    return made && !this.#refusalOf(made) ? made : undefined;
  }

  #make(template: TemplateSource, servers: readonly Server[]): Made {
    return { template, ...makeConfiguration(template, { ...this.#parts.values, servers }) };
  }

  /** Whether HAProxy has, or will start with, what was made; false when it was refused. */
  async #place(made: Made, servers: () => readonly Server[], actual: Actual | undefined): Promise<boolean> {
    const { paths } = this.#parts;
    const onDisk = await readIfPresent(paths.configuration);
    if (onDisk !== made.text) {
      const complaint = await this.#complaintAbout(made.text);
      if (complaint !== undefined) {
        const { file } = made.template;
        this.#refuse(
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
    return actual === undefined || (await this.#try(this.#trial, servers));
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

  async #reloadFor(steps: string, servers: () => readonly Server[]): Promise<void> {
    const template = await this.#parts.proven.load();
    if (template) await this.#reload(template, servers, `the runtime API refused: ${steps}`);
  }

  async #reload(template: TemplateSource, servers: () => readonly Server[], why: string): Promise<void> {
    const { balancer, exclusively, paths, log, reloadEveryMs } = this.#parts;
    await pause(Math.max(0, this.#reloadedAt + reloadEveryMs - steadyNow()));
    await exclusively(async () => {
      // Servers may have come and gone since it was made.
      await writeIfChanged(paths.configuration, this.#make(template, servers()).text);
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

  async #try(trial: Trial, servers: () => readonly Server[]): Promise<boolean> {
    const { balancer, exclusively, proven } = this.#parts;
    const { template } = trial.made;
    try {
      await this.#reload(template, servers, `${template.file}, or a setting, has changed`);
      this.#trial = undefined;
      await proven.save(template);
      return true;
    } catch (error) {
      if (isBalancerError(error, 'START_FAILED')) {
        await this.#giveUp(trial, servers, error);
        return false;
      }
      if (isBalancerError(error, 'BACKEND_MISSING')) {
        await this.#giveUp(trial, servers, error);
        await exclusively(() => balancer.reload());
        return false;
      }
      throw error;
    }
  }

  async #judgeTrial(
    trial: Trial,
    servers: () => readonly Server[],
    actual: Actual | undefined,
  ): Promise<void> {
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
    const what = `HAProxy does not start with what ${trial.made.template.file} makes`;
    await this.#giveUp(trial, servers, new BalancerError('START_FAILED', what));
    await this.#parts.service.up();
  }

  /** Refuses a configuration that is in its place, and puts back what worked. */
  async #giveUp(
    { made, before }: Trial,
    servers: () => readonly Server[],
    why: BalancerError,
  ): Promise<void> {
    const { paths, proven } = this.#parts;
    this.#trial = undefined;
    const last = await proven.load();
    const text = last && last.text !== made.template.text ? this.#make(last, servers()).text : before;
    if (text === undefined) await rm(paths.configuration, { force: true });
    else await writeIfChanged(paths.configuration, text);
    this.#refuse(made.template, made.fingerprint, why);
  }

  #refusalOf({ template, text, fingerprint }: Made): BalancerError | undefined {
    const refused = this.#refused.get(template.text);
    return refused && [text, fingerprint].includes(refused.key) ? refused.why : undefined;
  }

  #refuse({ text }: TemplateSource, key: string, why: BalancerError): void {
    this.#refused.set(text, { key, why });
    this.#tell(why);
  }

  /** Only of templates that may be used again. */
  async #keepRefusals(): Promise<void> {
    const kept = [this.#wanted, await this.#parts.proven.load()].map((template) => template?.text);
    for (const text of this.#refused.keys()) if (!kept.includes(text)) this.#refused.delete(text);
  }

  #tell(problem: Error | undefined): void {
    const isNew = problem !== undefined && problem.message !== this.#problem?.message;
    this.#problem = problem;
    if (isNew)
      this.#parts.log.error({ err: problem }, 'the template is not used; the last that worked stays');
  }
}
