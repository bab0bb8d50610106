//! How wide the panes are, in this browser.
import { recall, remember } from "./storage.ts";

/** What can be made wider. */
export type Sized = "sidebar" | "pane";

/** In pixels: as it is at first, and how far it goes. */
export const BOUNDS = {
  sidebar: { usual: 256, least: 200, most: 420 },
  pane: { usual: 400, least: 320, most: 760 },
} as const satisfies Record<Sized, { usual: number; least: number; most: number }>;

const key = (name: Sized): string => `clickclack:width:${name}`;

/** A width within its bounds; the usual one for what is none. */
export function bounded(name: Sized, width: number): number {
  const { usual, least, most } = BOUNDS[name];
  return Number.isFinite(width) ? Math.round(Math.min(most, Math.max(least, width))) : usual;
}

function kept(name: Sized): number {
  const word = recall(key(name));
  return bounded(name, word === null || word.trim() === "" ? Number.NaN : Number(word));
}

const widths = $state<Record<Sized, number>>({ sidebar: kept("sidebar"), pane: kept("pane") });

/** The widths, and how they change. */
export const panes = {
  width: (name: Sized): number => widths[name],
  resize(name: Sized, width: number): void {
    widths[name] = bounded(name, width);
  },
  /** Remembers what it is now: not at every pixel of a drag. */
  keep(name: Sized): void {
    remember(key(name), widths[name] === BOUNDS[name].usual ? null : String(widths[name]));
  },
};
