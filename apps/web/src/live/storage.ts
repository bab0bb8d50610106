//! What this browser remembers: unsent messages, drafts, the look, and where one was.
import type { OutboxStorage, StoredSend } from "@clickclack/sdk";
import { clear, createStore, del, set, values } from "idb-keyval";

/** Unsent messages in IndexedDB, so that a reload neither loses nor doubles them. */
export function outboxStorage(): OutboxStorage {
  if (typeof indexedDB === "undefined") return memoryOutbox();
  const store = createStore("clickclack", "outbox");
  return {
    list: () => values<StoredSend>(store),
    put: (send) => set(send.nonce, send, store),
    delete: (nonce) => del(nonce, store),
    clear: () => clear(store),
  };
}

/** Where the browser keeps nothing, unsent messages live as long as the page. */
function memoryOutbox(): OutboxStorage {
  const sends = new Map<string, StoredSend>();
  return {
    list: async () => [...sends.values()],
    put: async (send) => void sends.set(send.nonce, send),
    delete: async (nonce) => void sends.delete(nonce),
    clear: async () => sends.clear(),
  };
}

/** Reads a remembered word; a browser that refuses remembers nothing. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Remembers a word, or forgets it. */
export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // A full or forbidden store costs the memory, never the work at hand.
  }
}

/** Forgets everything that begins like this. */
export function forgetAll(prefix: string): void {
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(prefix)) localStorage.removeItem(key);
  } catch {
    // As above.
  }
}
