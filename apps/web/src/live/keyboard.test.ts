//! Keys on every layout, on a Mac and elsewhere.
import { describe, expect, test } from "vitest";
import { capsOf, isComposing, isField, isPressed, labelOf, type Pressed } from "./keyboard.ts";

const press = (
  key: string,
  code: string,
  ...held: ("ctrl" | "meta" | "alt" | "shift")[]
): Pressed => ({
  key,
  code,
  ctrlKey: held.includes("ctrl"),
  metaKey: held.includes("meta"),
  altKey: held.includes("alt"),
  shiftKey: held.includes("shift"),
});

describe("pressing", () => {
  const cases: [string, Pressed, boolean][] = [
    ["Mod+K", press("k", "KeyK", "ctrl"), true],
    ["Mod+K", press("K", "KeyK", "ctrl"), true], // Caps Lock
    ["Mod+K", press("K", "KeyK", "ctrl", "shift"), false],
    ["Mod+K", press("k", "KeyK", "ctrl", "alt"), false], // AltGr
    ["Mod+K", press("k", "KeyK", "meta"), false],
    ["Mod+K", press("k", "KeyK"), false],
    ["Mod+K", press("л", "KeyK", "ctrl"), true], // Cyrillic
    ["Mod+K", press("t", "KeyK", "ctrl"), false], // Dvorak: the printed letter counts
    ["Mod+K", press("k", "KeyV", "ctrl"), true],
    ["Mod+Shift+A", press("A", "KeyA", "ctrl", "shift"), true],
    ["Mod+Shift+A", press("a", "KeyA", "ctrl"), false],
    ["Mod+/", press("/", "Slash", "ctrl"), true],
    ["Mod+/", press("/", "Digit7", "ctrl", "shift"), true], // German
    ["Mod+/", press("-", "Slash", "ctrl"), false], // German: that zooms out
    ["Mod+/", press(".", "Slash", "ctrl"), true], // Cyrillic
    ["Mod+/", press(".", "Period", "ctrl"), false],
    ["Alt+ArrowUp", press("ArrowUp", "ArrowUp", "alt"), true],
    ["Alt+ArrowUp", press("ArrowUp", "ArrowUp", "alt", "shift"), false],
    ["Alt+Shift+ArrowUp", press("ArrowUp", "ArrowUp", "alt", "shift"), true],
    ["+", press("+", "Equal", "shift"), true],
    ["+", press("+", "NumpadAdd"), true],
    ["+", press("=", "Equal"), false],
    ["E", press("e", "KeyE"), true],
    ["E", press("E", "KeyE", "shift"), false],
    ["E", press("у", "KeyE"), true],
    ["Escape", press("Escape", "Escape"), true],
    ["Escape", press("Process", "Escape"), false],
    ["E", press("Dead", "KeyE"), false],
    ["E", press("Unidentified", ""), false],
  ];
  test.each(cases)("%s by %o: %s", (keys, event, is) => {
    expect(isPressed(keys, event, false)).toBe(is);
  });

  test("a Mac has ⌘, and Ctrl is something else there", () => {
    expect(isPressed("Mod+K", press("k", "KeyK", "meta"), true)).toBe(true);
    expect(isPressed("Mod+K", press("k", "KeyK", "ctrl"), true)).toBe(false);
  });
});

test("keys are shown as they are printed", () => {
  expect(capsOf("Mod+Shift+A", false)).toEqual(["Ctrl", "Shift", "A"]);
  expect(capsOf("Alt+ArrowUp", false)).toEqual(["Alt", "↑"]);
  expect(labelOf("Mod+K", true)).toBe("⌘ K");
  expect(labelOf("Alt+Shift+ArrowDown", true)).toBe("⌥ ⇧ ↓");
  expect(labelOf("+", false)).toBe("+");
  expect(labelOf("Escape", true)).toBe("Esc");
});

test("fields of text are told from buttons", () => {
  const make = (html: string): Element | null => {
    document.body.innerHTML = html;
    return document.body.firstElementChild;
  };
  for (const html of [
    "<textarea></textarea>",
    "<input>",
    "<input type=search>",
    "<select></select>",
  ]) {
    expect(isField(make(html))).toBe(true);
  }
  for (const html of ["<button></button>", "<input type=checkbox>", "<div tabindex=0></div>"]) {
    expect(isField(make(html))).toBe(false);
  }
  expect(isField(null)).toBe(false);
  expect(isField(document)).toBe(false);
});

test("an input method's keys are its own", () => {
  const key = (init: KeyboardEventInit & { keyCode?: number }): KeyboardEvent =>
    new KeyboardEvent("keydown", init);
  expect(isComposing(key({ key: "Enter", isComposing: true }))).toBe(true);
  expect(isComposing(key({ key: "Enter", keyCode: 229 }))).toBe(true);
  expect(isComposing(key({ key: "Enter", keyCode: 13 }))).toBe(false);
});
