import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '@rollcall/membership';
import { readIfPresent, writeIfChanged } from '@rollcall/templating';
import {
  type Configuration,
  type ConfigurationValues,
  fingerprintIn,
  makeConfiguration,
  type TemplateSource,
} from './configuration.ts';
import { BalancerError, isBalancerError } from './errors.ts';
import type { LoadBalancer } from './load-balancer.ts';
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
  /** Why, by the text or, when it was HAProxy's start that failed, by the fingerprint. */
  readonly #refused = new Map<string, BalancerError>();
  #trial: Trial | undefined;
  #running: { worker: number; fingerprint: string | undefined } | undefined;
  #problem: Error | undefined;
  #reloads: Reloads = { count: 0 };
  #reloadedAt = 0;

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
   * @param worker HAProxy's process at work, undefined while it does not answer
   * @throws FileError, or BalancerError `HAPROXY_UNREACHABLE`: it is to be called again
   */
  async keep(servers: () => readonly Server[], worker: number | undefined): Promise<void> {
    const onDisk = await readIfPresent(this.#parts.paths.configuration);
    if (worker !== undefined && worker !== this.#running?.worker) {
      // HAProxy was started by s6, and read what was there.
      this.#running = { worker, fingerprint: onDisk === undefined ? undefined : fingerprintIn(onDisk) };
    }
    if (this.#trial) await this.#judgeTrial(this.#trial, servers, worker);
    const wanted = await this.#makeWanted(servers());
    if (wanted && (await this.#place(wanted, servers, worker))) return;
    const proven = await this.#makeProven(servers());
    if (proven) await this.#place(proven, servers, worker);
  }

  async #makeWanted(servers: readonly Server[]): Promise<Made | undefined> {
    try {
      const template = await this.#parts.readTemplate();
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
  async #place(made: Made, servers: () => readonly Server[], worker: number | undefined): Promise<boolean> {
    const { paths } = this.#parts;
    const onDisk = await readIfPresent(paths.configuration);
    if (onDisk !== made.text) {
      const complaint = await this.#complaintAbout(made.text);
      if (complaint !== undefined) {
        const { file } = made.template;
        this.#refuse(
          made.text,
          new BalancerError('CONFIGURATION_REFUSED', `HAProxy refuses what ${file} makes: ${complaint}`),
        );
        return false;
      }
      await writeIfChanged(paths.configuration, made.text);
    }
    if (this.#running?.fingerprint === made.fingerprint && worker !== undefined) {
      await this.#parts.proven.save(made.template);
      return true;
    }
    if (this.#trial?.made.fingerprint !== made.fingerprint) {
      this.#trial = { made, before: onDisk === made.text ? undefined : onDisk, ends: new Set() };
    }
    return worker === undefined || (await this.#reload(this.#trial, servers));
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

  async #reload(trial: Trial, servers: () => readonly Server[]): Promise<boolean> {
    const { balancer, exclusively, paths, log, reloadEveryMs } = this.#parts;
    await pause(Math.max(0, this.#reloadedAt + reloadEveryMs - Date.now()));
    const { template, fingerprint } = trial.made;
    const why = `${template.file}, or a setting, has changed`;
    try {
      const worker = await exclusively(async () => {
        // Servers may have come and gone since it was made.
        await writeIfChanged(paths.configuration, this.#make(template, servers()).text);
        this.#reloadedAt = Date.now();
        await balancer.reload();
        return (await balancer.look()).worker;
      });
      this.#reloads = {
        count: this.#reloads.count + 1,
        last: { at: new Date(this.#reloadedAt).toISOString(), why },
      };
      this.#running = { worker, fingerprint };
      this.#trial = undefined;
      await this.#parts.proven.save(template);
      log.info({ why, reloads: this.#reloads.count }, 'HAProxy was reloaded');
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
    worker: number | undefined,
  ): Promise<void> {
    if (worker !== undefined) {
      if (this.#running?.fingerprint !== trial.made.fingerprint) return;
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
    this.#refuse(made.fingerprint, why);
  }

  #refusalOf({ text, fingerprint }: Configuration): BalancerError | undefined {
    return this.#refused.get(text) ?? this.#refused.get(fingerprint);
  }

  #refuse(key: string, why: BalancerError): void {
    this.#refused.set(key, why);
    this.#tell(why);
  }

  #tell(problem: Error | undefined): void {
    const isNew = problem !== undefined && problem.message !== this.#problem?.message;
    this.#problem = problem;
    if (isNew)
      this.#parts.log.error({ err: problem }, 'the template is not used; the last that worked stays');
  }
}
