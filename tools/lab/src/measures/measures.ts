import { type Comparison, compare } from './comparison.ts';
import { type ImageFigures, measureImages } from './images.ts';
import { measureOneSeed, type OneSeed } from './one-seed.ts';
import { measureSingleEvents, type SingleEvents } from './single-events.ts';

/** Everything that the report's answers tell in figures. */
export interface Measures {
  readonly oneSeed: OneSeed;
  readonly singleEvents: SingleEvents;
  readonly comparison: Comparison;
  readonly images: ImageFigures;
}

export async function measure(say: (line: string) => void): Promise<Measures> {
  say('Measurements');
  say('  an agent whose only seed is down');
  const oneSeed = await measureOneSeed();
  say('  a configuration made from single events');
  const singleEvents = await measureSingleEvents();
  const comparison = await compare(say);
  const images = await measureImages(say);
  return { oneSeed, singleEvents, comparison, images };
}
