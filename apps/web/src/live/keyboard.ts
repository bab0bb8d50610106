//! Keys as they are written down, pressed and shown: on every layout, on a Mac and elsewhere.
import { say } from "../strings.ts";

/**
 * Keys that act together, as in `Mod+Shift+A`, `Alt+ArrowUp`, `Escape` or `E`. `Mod` is ⌘ on a Mac
 * and Ctrl elsewhere.
 */
export type Keys = string;

/** What of a keyboard event matters. */
export type Pressed = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey"
>;

/** Whether this machine has a ⌘ key. */
export const isMac = /Mac|iPhone|iPad|iPod/.test(navigator.platform);

interface Parts {
  mod: boolean;
  alt: boolean;
  shift: boolean;
  key: string;
}

const known = new Map<Keys, Parts>();

function partsOf(keys: Keys): Parts {
  let parts = known.get(keys);
  if (parts === undefined) {
    // The last key may be "+" itself.
    const cut = keys.slice(0, -1).lastIndexOf("+");
    const held = cut < 0 ? [] : keys.slice(0, cut).split("+");
    parts = {
      mod: held.includes("Mod"),
      alt: held.includes("Alt"),
      shift: held.includes("Shift"),
      key: keys.slice(cut + 1),
    };
    known.set(keys, parts);
  }
  return parts;
}

const isLatin = (key: string): boolean => /^[\x21-\x7e]$/.test(key);

/** Letters go by what is printed on the key; where that is no Latin letter, by its place. */
function isKey(wanted: string, { key, code }: Pressed): boolean {
  if (wanted.length > 1) return key === wanted;
  if (/^[A-Z]$/.test(wanted)) {
    if (isLatin(key)) return key.toUpperCase() === wanted;
    return [...key].length === 1 && code === `Key${wanted}`;
  }
  // On Cyrillic layouts the key of the slash gives a dot.
  return key === wanted || (wanted === "/" && code === "Slash" && key === ".");
}

/** Whether these keys, and no other modifier, are what was pressed. */
export function isPressed(keys: Keys, event: Pressed, mac = isMac): boolean {
  const { mod, alt, shift, key } = partsOf(keys);
  const [held, other] = mac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (held !== mod || other || event.altKey !== alt || !isKey(key, event)) return false;
  // Some layouts need Shift to type a sign at all.
  const isSign = key.length === 1 && !/[A-Z]/.test(key);
  return isSign || event.shiftKey === shift;
}

/** Whether keys have a modifier that text does not need: they act also while one writes. */
export function hasModifier(keys: Keys): boolean {
  const { mod, alt } = partsOf(keys);
  return mod || alt;
}

/** The keys one by one, as they are printed: `["Ctrl", "K"]`, `["⌘", "K"]`. */
export function capsOf(keys: Keys, mac = isMac): string[] {
  const { mod, alt, shift, key } = partsOf(keys);
  const { caps } = say.keyboard;
  return [
    mod ? (mac ? "⌘" : caps.ctrl) : "",
    alt ? (mac ? "⌥" : caps.alt) : "",
    shift ? (mac ? "⇧" : caps.shift) : "",
    caps.named[key] ?? key,
  ].filter(Boolean);
}

/** The keys in a line: `Ctrl K`, `⌘ K`. */
export const labelOf = (keys: Keys, mac = isMac): string => capsOf(keys, mac).join(" ");

/** Whether the key belongs to an input method that is composing a character. */
export function isComposing({ isComposing, keyCode }: KeyboardEvent): boolean {
  // Safari ends the composition before the key that ended it; the code tells.
  return isComposing || keyCode === 229;
}

/** Where text is written: a field of text, an editable element. */
export function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) {
    return !["button", "checkbox", "radio", "range", "submit"].includes(target.type);
  }
  return target.isContentEditable || target.matches("textarea, select");
}
