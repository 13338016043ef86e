import { measure } from './measures/measures.ts';
import { play } from './play.ts';
import { FIGURES_FILE, figuresOf } from './report/figures.ts';
import { reportOn } from './report/report.ts';

/** Plays every task, measures what the answers tell, and writes the report on it all into a folder. */
export async function lab(folder: string, say: (line: string) => void): Promise<void> {
  const notebook = await play(folder, say);
  const figures = await figuresOf(await measure(say));
  await notebook.write(FIGURES_FILE, `${JSON.stringify(figures, null, 2)}\n`);
  await notebook.write('README.md', await reportOn(folder));
}
