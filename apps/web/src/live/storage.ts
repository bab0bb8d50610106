//! What this browser remembers besides the account's own database: the look, and where one was.

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
