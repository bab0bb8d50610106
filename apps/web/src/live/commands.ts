//! The commands of the page: their shape, and the keys that belong to them. What they do stands in routes/commands.ts.
import { hasModifier, isComposing, isField, isPressed, type Keys, labelOf } from "./keyboard.ts";

/** Something that one can ask for, by its keys or by its words. */
export interface Command {
  readonly id: string;
  /** Where the palette lists it; without, its keys alone lead to it. */
  readonly group?: "go" | "do";
  readonly words: string;
  /** Other words by which it is found. */
  readonly also?: string;
  readonly keys?: Keys;
  readonly run: () => void;
}

/** The keys of the page, by command. */
export const KEYS = {
  palette: "Mod+K",
  shortcuts: "Mod+/",
  previous: "Alt+ArrowUp",
  next: "Alt+ArrowDown",
  previousUnread: "Alt+Shift+ArrowUp",
  nextUnread: "Alt+Shift+ArrowDown",
  unreads: "Mod+Shift+A",
  escape: "Escape",
} as const satisfies Record<string, Keys>;
/** A command that has keys. */
export type KeyedId = keyof typeof KEYS;
const KEYED = Object.keys(KEYS) as KeyedId[];

/** A command's keys as they are printed: `Ctrl K`. */
export const keysOf = (id: KeyedId): string => labelOf(KEYS[id]);

/** What lies over the page and has the keys to itself. */
const LAYERS = '[role="dialog"], [role="alertdialog"], [role="menu"]';

/** Whether the keys that were pressed may act, wherever the focus is. */
function mayAct(event: KeyboardEvent, id: KeyedId): boolean {
  if (!isField(event.target) || hasModifier(KEYS[id])) return true;
  // Esc leaves the place where one writes; in other fields it is theirs.
  return id === "escape" && event.target instanceof HTMLTextAreaElement;
}

/**
 * Hears the keys of the page and runs what belongs to them; the answer ends it. Whoever takes a key
 * for something nearer prevents its default.
 */
export function hearKeys(run: (id: KeyedId) => boolean): () => void {
  let heard: { event: KeyboardEvent; id: KeyedId } | undefined;
  // On the way down nothing has closed yet: what lies on top then has the key.
  const look = (event: KeyboardEvent): void => {
    heard = undefined;
    const id = KEYED.find((one) => isPressed(KEYS[one], event));
    if (id === undefined || isComposing(event) || !mayAct(event, id)) return;
    if (document.querySelector(LAYERS) === null) heard = { event, id };
  };
  const act = (event: KeyboardEvent): void => {
    if (heard?.event !== event || event.defaultPrevented) return;
    if (run(heard.id)) event.preventDefault();
  };
  window.addEventListener("keydown", look, { capture: true });
  window.addEventListener("keydown", act);
  return () => {
    window.removeEventListener("keydown", look, { capture: true });
    window.removeEventListener("keydown", act);
  };
}
