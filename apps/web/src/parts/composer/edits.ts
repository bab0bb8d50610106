//! Edits whose field went out of sight before they were saved: they are there when it comes back.

import type { Written } from "./mentions.ts";

/** More than that nobody leaves half done. */
const MOST = 20;

const begun = new Map<string, Written>();

/** What was being written in a message's place, if its field went away with it. */
export function takeEdit(messageId: string): Written | undefined {
  const written = begun.get(messageId);
  begun.delete(messageId);
  return written;
}

/** Keeps an edit that was neither saved nor given up. */
export function keepEdit(messageId: string, written: Written): void {
  begun.delete(messageId);
  begun.set(messageId, written);
  const [oldest] = begun.keys();
  if (begun.size > MOST && oldest !== undefined) begun.delete(oldest);
}
