import type { Random } from '../random.ts';
import { type Kind, kinds } from './record.ts';

/** How often each kind is sent, relative to the others: mostly small requests, and some of everything. */
const DEFAULT_MIX: Record<Kind, number> = {
  get: 30,
  'get-fresh': 15,
  sticky: 15,
  slow: 5,
  download: 1,
  events: 2,
  post: 18,
  'post-fresh': 10,
  upload: 2,
  websocket: 2,
};

/** Chooses kinds at random, each as often as the mix says; one that the mix leaves out is not sent. */
export function chooser(mix: Partial<Record<Kind, number>> = DEFAULT_MIX): (random: Random) => Kind {
  const shares = kinds.map((kind) => ({ kind, share: mix[kind] ?? 0 })).filter(({ share }) => share > 0);
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  return (random) => {
    let left = random() * total;
    const chosen = shares.find(({ share }) => {
      left -= share;
      return left < 0;
    });
    if (chosen === undefined) throw new RangeError('a mix of no kinds');
    return chosen.kind;
  };
}
