//! Where an account's state and unsent messages outlive the page, and how its tabs find each other.

import type { UserId } from "../shapes.ts";
import type { Parts } from "../state/cache.ts";
import type { Pending } from "../state/state.ts";

/** One account's database in this browser. */
export interface Database {
  /** The parts whose names are chosen, all of one moment. */
  read(choose: (name: string) => boolean): Promise<Parts>;
  /** Changes parts in one transaction; `replace` forgets all others. */
  write(changes: Changes): Promise<void>;
  sends(): Promise<Pending[]>;
  putSend(send: Pending): Promise<void>;
  deleteSend(nonce: string): Promise<void>;
  close(): void;
}

export interface Changes {
  readonly put: ReadonlyMap<string, unknown>;
  readonly remove: readonly string[];
  readonly replace: boolean;
}

/** The databases of a browser, one for each account, shared by its tabs. */
export interface Databases {
  /** Rejects when it cannot be read, or does not open in good time. */
  open(userId: UserId): Promise<Database>;
  /** Erases everything of an account. */
  erase(userId: UserId): Promise<void>;
  /**
   * Calls `lead` when this tab is the one of its account that sends and writes; the answer passes
   * that on. `alone` is false where nobody can say: then every tab sends for itself and none keeps
   * a cache.
   */
  lead(userId: UserId, lead: (alone: boolean) => void): () => void;
  /** Hears what other tabs of the account say. */
  join(userId: UserId, hear: (word: unknown) => void): Tabs;
}

/** The other tabs of an account. */
export interface Tabs {
  say(word: unknown): void;
  leave(): void;
}

/** Forgets everything with the page. Pages that share it are as tabs of one browser. */
export function memoryDatabases(): Databases {
  const shelves = new Map<UserId, Shelf>();
  const leaders = new Map<UserId, ((alone: boolean) => void)[]>();
  const tabs = new Map<UserId, Set<(word: unknown) => void>>();
  return {
    open: async (userId) => openShelf(entry(shelves, userId, newShelf)),
    erase: async (userId) => void shelves.delete(userId),
    lead(userId, lead) {
      const waiting = entry(leaders, userId, () => []);
      waiting.push(lead);
      if (waiting[0] === lead) lead(true);
      return () => {
        const at = waiting.indexOf(lead);
        if (at >= 0) waiting.splice(at, 1);
        if (at === 0) waiting[0]?.(true);
      };
    },
    join(userId, hear) {
      const others = entry(tabs, userId, () => new Set<(word: unknown) => void>());
      others.add(hear);
      return {
        say(word) {
          for (const other of others) if (other !== hear) other(structuredClone(word));
        },
        leave: () => void others.delete(hear),
      };
    },
  };
}

interface Shelf {
  readonly parts: Map<string, unknown>;
  readonly sends: Map<string, Pending>;
}

const newShelf = (): Shelf => ({ parts: new Map(), sends: new Map() });

function entry<V>(table: Map<UserId, V>, userId: UserId, make: () => V): V {
  const held = table.get(userId) ?? make();
  table.set(userId, held);
  return held;
}

function openShelf({ parts, sends }: Shelf): Database {
  return {
    read: async (choose) =>
      new Map(
        [...parts]
          .filter(([name]) => choose(name))
          .map(([name, part]) => [name, structuredClone(part)]),
      ),
    async write({ put, remove, replace }) {
      if (replace) parts.clear();
      for (const name of remove) parts.delete(name);
      for (const [name, part] of put) parts.set(name, structuredClone(part));
    },
    sends: async () => [...sends.values()],
    putSend: async (send) => void sends.set(send.nonce, send),
    deleteSend: async (nonce) => void sends.delete(nonce),
    close: () => undefined,
  };
}
