//! A finger that stays, one that moves, and one that is a mouse.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { longPress } from "./long-press.ts";

function pointer(type: string, more: Record<string, unknown>): Event {
  // jsdom has no pointer events; a mouse event with the fields that are read is one.
  const { pointerType = "touch", isPrimary = true, ...rest } = more;
  const event = new MouseEvent(type, { bubbles: true, cancelable: true, ...rest });
  return Object.assign(event, { pointerType, isPrimary });
}

describe("longPress", () => {
  const held = vi.fn<(at: { x: number; y: number }) => void>();
  let node: HTMLElement;
  let stop: () => void;
  beforeEach(() => {
    vi.useFakeTimers();
    held.mockReset();
    node = document.createElement("a");
    document.body.replaceChildren(node);
    stop = longPress(held)(node);
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it("is told once, and lifting the finger does nothing else", () => {
    const lifted = vi.fn<() => void>();
    node.addEventListener("pointerup", lifted);
    node.dispatchEvent(pointer("pointerdown", { clientX: 5, clientY: 6 }));
    vi.advanceTimersByTime(449);
    expect(held).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(held).toHaveBeenCalledExactlyOnceWith({ x: 5, y: 6 });
    node.dispatchEvent(pointer("pointerup", {}));
    expect(lifted).not.toHaveBeenCalled();
    const first = pointer("click", {});
    node.dispatchEvent(first);
    expect(first.defaultPrevented).toBe(true);
    const second = pointer("click", {});
    node.dispatchEvent(second);
    expect(second.defaultPrevented).toBe(false);
  });
  it("leaves the next touch alone, also when no click came", () => {
    const lifted = vi.fn<() => void>();
    node.addEventListener("pointerup", lifted);
    node.dispatchEvent(pointer("pointerdown", {}));
    vi.advanceTimersByTime(450);
    node.dispatchEvent(pointer("pointerup", {}));
    node.dispatchEvent(pointer("pointerdown", {}));
    node.dispatchEvent(pointer("pointerup", {}));
    expect(lifted).toHaveBeenCalledOnce();
  });
  it.each([
    ["moves", "pointermove", { clientX: 11 }],
    ["leaves", "pointerup", {}],
    ["scrolls", "pointercancel", {}],
  ])("is not told when the finger %s", (_, type, more) => {
    node.dispatchEvent(pointer("pointerdown", {}));
    node.dispatchEvent(pointer(type, more));
    vi.advanceTimersByTime(1000);
    expect(held).not.toHaveBeenCalled();
  });
  it("lets a finger tremble", () => {
    node.dispatchEvent(pointer("pointerdown", {}));
    node.dispatchEvent(pointer("pointermove", { clientX: 6, clientY: 6 }));
    vi.advanceTimersByTime(450);
    expect(held).toHaveBeenCalledOnce();
  });
  it("is for fingers alone", () => {
    node.dispatchEvent(pointer("pointerdown", { pointerType: "mouse" }));
    node.dispatchEvent(pointer("pointerdown", { isPrimary: false }));
    vi.advanceTimersByTime(1000);
    expect(held).not.toHaveBeenCalled();
  });
});
