import { cpus } from 'node:os';
import { connectEngine } from '@rollcall/engine';
import type { Measures } from '../measures/measures.ts';
import { WORKSPACE } from '../places.ts';

/** What one run has measured, and on what. In the report's folder, so that the report can be written from it alone. */
export interface Figures extends Measures {
  /** Day, as 2026-01-31. */
  readonly day: string;
  readonly cores: number;
  readonly engine: string;
}

export const FIGURES_FILE = 'figures.json';

export async function figuresOf(measures: Measures): Promise<Figures> {
  const { docker } = await connectEngine({ workspace: WORKSPACE });
  const { Version } = await docker.version();
  return {
    day: new Date().toISOString().slice(0, 10),
    cores: cpus().length,
    engine: `Docker ${Version}`,
    ...measures,
  };
}
