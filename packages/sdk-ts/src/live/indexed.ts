//! Databases in the browser: IndexedDB for what is kept, a Web Lock for who leads, a channel between tabs.

import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from "idb";

import type { UserId } from "../shapes.ts";
import type { Pending } from "../state/state.ts";
import type { Database, Databases } from "./database.ts";

const VERSION = 1;
/** A database that does not open within this time is done without. */
const PATIENCE_MS = 1_000;

interface Schema extends DBSchema {
  parts: { key: string; value: unknown };
  /** By nonce. */
  sends: { key: string; value: Pending };
}

const nameOf = (userId: UserId): string => `clickclack-${userId}`;

/** The browser's own; null where it keeps nothing. */
export function indexedDatabases(): Databases | null {
  if (typeof indexedDB === "undefined") return null;
  return { open, erase, lead, join };
}

async function open(userId: UserId): Promise<Database> {
  let late = false;
  const opening = openDB<Schema>(nameOf(userId), VERSION, {
    upgrade(database) {
      for (const store of database.objectStoreNames) database.deleteObjectStore(store);
      database.createObjectStore("parts");
      database.createObjectStore("sends", { keyPath: "nonce" });
    },
    // Another tab erases it, or opens a newer version: it must not have to wait.
    blocking: (_, __, event) => (event.target as IDBDatabase).close(),
  });
  void opening.then((database) => late && database.close()).catch(() => undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late = true;
      reject(new Error("The local database did not open."));
    }, PATIENCE_MS);
  });
  try {
    return asDatabase(await Promise.race([opening, patience]));
  } finally {
    clearTimeout(timer);
  }
}

function asDatabase(database: IDBPDatabase<Schema>): Database {
  return {
    async read(choose) {
      const { store } = database.transaction("parts");
      const names = (await store.getAllKeys()).filter(choose);
      const parts = await Promise.all(names.map((name) => store.get(name)));
      return new Map(names.map((name, index) => [name, parts[index]]));
    },
    async write({ put, remove, replace }) {
      const transaction = database.transaction("parts", "readwrite");
      const { store } = transaction;
      const writes: Promise<unknown>[] = replace ? [store.clear()] : [];
      for (const name of remove) writes.push(store.delete(name));
      for (const [name, part] of put) writes.push(store.put(part, name));
      await Promise.all([...writes, transaction.done]);
    },
    sends: () => database.getAll("sends"),
    putSend: async (send) => void (await database.put("sends", send)),
    deleteSend: (nonce) => database.delete("sends", nonce),
    close: () => database.close(),
  };
}

/** Emptied first: tabs that are slow to let go of it must not keep anything. */
async function erase(userId: UserId): Promise<void> {
  const database = await openDB<Schema>(nameOf(userId));
  const stores = [...database.objectStoreNames];
  if (stores.length > 0) {
    const transaction = database.transaction(stores, "readwrite");
    const clears = stores.map((store) => transaction.objectStore(store).clear());
    await Promise.all([...clears, transaction.done]);
  }
  database.close();
  await new Promise<void>((resolve, reject) => {
    deleteDB(nameOf(userId), { blocked: () => resolve() }).then(resolve, reject);
  });
}

function lead(userId: UserId, begin: (alone: boolean) => void): () => void {
  // Pages that came over plain http have no locks.
  const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
  if (locks === undefined) {
    begin(false);
    return () => undefined;
  }
  const waiting = new AbortController();
  let pass: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (pass = resolve));
  locks
    .request(nameOf(userId), { signal: waiting.signal }, () => {
      begin(true);
      return held;
    })
    .catch(() => undefined);
  return () => {
    waiting.abort();
    pass();
  };
}

function join(userId: UserId, hear: (word: unknown) => void) {
  const channel = new BroadcastChannel(nameOf(userId));
  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => hear(data));
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origin
    say: (word: unknown) => channel.postMessage(word),
    leave: () => channel.close(),
  };
}
