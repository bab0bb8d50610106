//! Which keys reach the page's commands, and which are somebody else's.
import { afterEach, beforeEach, expect, test } from "vitest";
import { hearKeys, type KeyedId, keysOf } from "./commands.ts";

let ran: KeyedId[] = [];
let unhear: () => void = () => undefined;

beforeEach(() => {
  ran = [];
  document.body.innerHTML = "<textarea></textarea><input><button></button>";
  unhear = hearKeys((id) => {
    ran.push(id);
    return id !== "next";
  });
});
afterEach(() => unhear());

function press(on: string, init: KeyboardEventInit): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init });
  document.querySelector(on)?.dispatchEvent(event);
  return event;
}
const palette = { key: "k", code: "KeyK", ctrlKey: true };

test("a command runs from anywhere, also while one writes", () => {
  expect(press("body", palette).defaultPrevented).toBe(true);
  press("textarea", palette);
  press("button", { key: "ArrowUp", code: "ArrowUp", altKey: true, shiftKey: true });
  expect(ran).toEqual(["palette", "palette", "previousUnread"]);
});

test("what could not run leaves the key to the browser", () => {
  expect(press("body", { key: "ArrowDown", altKey: true }).defaultPrevented).toBe(false);
  expect(ran).toEqual(["next"]);
});

test("Esc acts where one writes, not in other fields", () => {
  press("textarea", { key: "Escape" });
  press("button", { key: "Escape" });
  press("input", { key: "Escape" });
  expect(ran).toEqual(["escape", "escape"]);
});

test("nothing runs behind a dialog or a menu, also when that very key closes it", () => {
  for (const role of ["dialog", "alertdialog", "menu"]) {
    document.body.insertAdjacentHTML("beforeend", `<div role="${role}"><button></button></div>`);
    const layer = document.querySelector(`[role="${role}"]`);
    layer?.addEventListener("keydown", () => layer.remove());
    press(`[role="${role}"]`, { key: "Escape" });
    expect(layer?.isConnected).toBe(false);
  }
  expect(ran).toEqual([]);
});

test("a key that was taken by something nearer, or belongs to an input method, does nothing", () => {
  document.querySelector("button")?.addEventListener("keydown", (event) => event.preventDefault());
  press("button", palette);
  press("textarea", { ...palette, isComposing: true });
  press("textarea", { ...palette, altKey: true });
  unhear();
  press("body", palette);
  expect(ran).toEqual([]);
});

test("commands name their keys", () => {
  expect(keysOf("palette")).toBe("Ctrl K");
  expect(keysOf("unreads")).toBe("Ctrl Shift A");
});
