//! A list that comes in pages: what is here, whether more is there, and what went wrong.
import { explain } from "../../live/explain.ts";

/** One page of a list. */
export interface Page<T> {
  items: T[];
  next_cursor?: string;
}

/** Loads page after page. A newer `restart` wins over answers that are still on their way. */
export function paged<T>(fetchPage: (cursor: string | undefined) => Promise<Page<T>>) {
  let items = $state.raw<T[]>([]);
  let next = $state<string>();
  let failure = $state("");
  let loaded = $state(false);
  let run = 0;

  async function load(cursor: string | undefined): Promise<void> {
    const mine = (run += 1);
    failure = "";
    try {
      const page = await fetchPage(cursor);
      if (mine !== run) return;
      items = cursor === undefined ? page.items : [...items, ...page.items];
      next = page.next_cursor;
      loaded = true;
    } catch (error) {
      if (mine === run) failure = explain(error);
    }
  }
  return {
    get items(): readonly T[] {
      return items;
    },
    get hasMore(): boolean {
      return next !== undefined;
    },
    get failure(): string {
      return failure;
    },
    get loaded(): boolean {
      return loaded;
    },
    restart: () => load(undefined),
    more: () => load(next),
    /** Puts another list in place, after a change that is known already. */
    change(make: (items: readonly T[]) => T[]): void {
      items = make(items);
    },
  };
}
