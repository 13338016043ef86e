import type { Configuration, TemplateSource } from './configuration.ts';
import type { Routes } from './plan.ts';
import type { Needs } from './section-keeper.ts';
import type { Server } from './server.ts';

/** What the files are to say. */
export interface Wanted extends Needs {
  readonly servers: readonly Server[];
  readonly routes: Routes;
}

/** A configuration that says it, and what it was made from. */
export interface Made extends Configuration {
  readonly template: TemplateSource;
}
