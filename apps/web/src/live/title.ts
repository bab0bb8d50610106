//! What the tab says: where one is, and how often one is called, in words and on its icon.
import { ARMS, CLAWS, LIMBS, SHELL } from "../crab.ts";

/** The separator of the title's parts. */
const DOT = " · ";
/** Counts are kept up to here. */
const MANY = 100;
/** An icon shows one figure. */
const MOST_FIGURES = 9;
/** A picture on its own has no tokens: a coral that stands out from light and dark tabs alike. */
const CORAL = "#e2553a";
const EYES = "#182429";

/** `(3) #release · Tidepool`. */
export function titleOf(mentions: number, ...parts: readonly (string | undefined)[]): string {
  const words = parts.filter(Boolean).join(DOT);
  if (mentions === 0) return words;
  return `(${mentions >= MANY ? "99+" : mentions}) ${words}`;
}

/** The crab as a picture of its own, with a figure in its corner while one is called. */
export function iconOf(mentions: number): string {
  const crab =
    `<path fill="${CORAL}" stroke="none" d="${SHELL}${CLAWS.join("")}"/><path d="${LIMBS}${ARMS.join("")}"/>` +
    `<path fill="${EYES}" stroke="none" d="M13 17.8a1.2 1.2 0 1 0 .01 0ZM19 17.8a1.2 1.2 0 1 0 .01 0Z"/>`;
  const figure = mentions > MOST_FIGURES ? "9+" : String(mentions);
  const badge =
    mentions === 0
      ? ""
      : `<circle cx="22.5" cy="22.5" r="9" fill="${EYES}" stroke="#fff" stroke-width="1.5"/>` +
        `<text x="22.5" y="27" fill="#fff" stroke="none" font-family="system-ui,sans-serif" font-size="${figure.length > 1 ? 11 : 13}" font-weight="700" text-anchor="middle">${figure}</text>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="${CORAL}" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round">` +
    `${crab}${badge}</svg>`
  );
}

/** Puts the icon on the tab; without mentions the one that the page came with. */
export function wearIcon(mentions: number): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link === null) return;
  const plain = (link.dataset["plain"] ??= link.href);
  const address =
    mentions === 0 ? plain : `data:image/svg+xml,${encodeURIComponent(iconOf(mentions))}`;
  if (link.href !== address) link.href = address;
}
