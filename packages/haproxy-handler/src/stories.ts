import { readIfPresent, writeIfChanged } from '@rollcall/templating';
import * as v from 'valibot';
import type { Happening, News } from './news.ts';

export interface StoryEntry {
  /** ISO 8601, to the millisecond. */
  readonly at: string;
  readonly what: Happening;
  /** What caused it, in words that follow the node's name. */
  readonly cause: string;
}

/** The last entries of a node, and the last nodes of which anything was told. */
const ENTRIES_MAX = 30;
const NODES_MAX = 200;

const StoriesFile = v.record(
  v.string(),
  v.array(v.object({ at: v.string(), what: v.string(), cause: v.string() })),
);

/** The stories of the nodes, for `rollcall why`; they outlive the handler, not the container. */
export class Stories {
  readonly #path: string;
  /** The node of which something was told last comes last. */
  readonly #entries = new Map<string, StoryEntry[]>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Takes up the stories of the handler before this one. */
  async load(): Promise<void> {
    const text = await readIfPresent(this.#path);
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), StoriesFile), text ?? '{}');
    // Of another version, or damaged: a new story begins.
    if (!parsed.success) return;
    for (const [node, entries] of Object.entries(parsed.output))
      this.#entries.set(node, entries as StoryEntry[]);
  }

  tell({ node, what, cause }: News, at: number): void {
    const entries = this.#entries.get(node) ?? [];
    this.#entries.delete(node);
    this.#entries.set(
      node,
      [...entries, { at: new Date(at).toISOString(), what, cause }].slice(-ENTRIES_MAX),
    );
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > NODES_MAX && oldest !== undefined) this.#entries.delete(oldest);
  }

  all(): Record<string, readonly StoryEntry[]> {
    return Object.fromEntries(this.#entries);
  }

  /** Throws `FileError`. */
  async save(): Promise<void> {
    await writeIfChanged(this.#path, `${JSON.stringify(this.all())}\n`);
  }
}
