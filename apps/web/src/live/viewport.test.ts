//! A keyboard that covers the page, and what only looks like one.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { followKeyboard } from "./viewport.ts";

class View extends EventTarget {
  height = 800;
  scale = 1;
  become(height: number, scale = 1): void {
    Object.assign(this, { height, scale });
    this.dispatchEvent(new Event("resize"));
  }
}

describe("followKeyboard", () => {
  const height = (): string => document.documentElement.style.getPropertyValue("--page-height");
  let view: View;
  let stop: () => void;
  beforeEach(() => {
    view = new View();
    vi.stubGlobal("visualViewport", view);
    vi.stubGlobal("innerHeight", 800);
    vi.stubGlobal("scrollTo", vi.fn<() => void>());
    stop = followKeyboard();
  });
  afterEach(() => {
    stop();
    vi.unstubAllGlobals();
  });

  it("leaves the page what the keyboard leaves, and gives it back", () => {
    view.become(460);
    expect(height()).toBe("460px");
    expect(window.scrollTo).toHaveBeenCalledExactlyOnceWith(0, 0);
    view.become(800);
    expect(height()).toBe("");
  });
  it.each([
    ["a tool bar", 720, 1],
    ["somebody who looks closer", 400, 2],
  ])("does not take %s for a keyboard", (_, tall, scale) => {
    view.become(tall, scale);
    expect(height()).toBe("");
  });
  it("ends with its caller", () => {
    view.become(460);
    stop();
    expect(height()).toBe("");
    view.become(300);
    expect(height()).toBe("");
  });
  it("asks nothing of a browser that cannot say", () => {
    vi.stubGlobal("visualViewport", null);
    expect(() => followKeyboard()()).not.toThrow();
  });
});
