//! Keys pressed where one types: input methods, and letters on every layout.

/** Whether a key belongs to an input method that is still composing; it must not act then. */
export function composing(event: KeyboardEvent): boolean {
  // 229 is what browsers report for keys that an input method swallowed, Safari also for the key that ends it.
  return event.isComposing || event.keyCode === 229;
}

/** The Latin letter of a key: the one printed on it, or on other layouts the one of its place. */
export function letterOf({ key, code }: Pick<KeyboardEvent, "key" | "code">): string {
  if (/^[\x21-\x7e]$/.test(key)) return key.toLowerCase();
  return /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : "";
}
