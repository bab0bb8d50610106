//! The tab's words and its icon.
import { afterEach, describe, expect, it } from "vitest";
import { iconOf, titleOf, wearIcon } from "./title.ts";

describe("titleOf", () => {
  it.each([
    [0, ["#release", "Tidepool"], "#release · Tidepool"],
    [3, ["#release", "Tidepool"], "(3) #release · Tidepool"],
    [99, ["Threads", "Tidepool"], "(99) Threads · Tidepool"],
    [100, [undefined, "ClickClack"], "(99+) ClickClack"],
    [0, ["", "ClickClack"], "ClickClack"],
  ])("%i %j", (mentions, parts, title) => {
    expect(titleOf(mentions, ...parts)).toBe(title);
  });
});

describe("the icon", () => {
  afterEach(() => document.head.replaceChildren());

  it("is the file that the page comes with while nobody calls", async () => {
    await expect(iconOf(0)).toMatchFileSnapshot("../../public/favicon.svg");
  });
  it("has one figure", () => {
    expect(iconOf(3)).toContain(">3</text>");
    expect(iconOf(10)).toContain(">9+</text>");
    expect(iconOf(0)).not.toContain("text");
  });
  it("is put on and taken off", () => {
    document.head.innerHTML = '<link rel="icon" href="/favicon.svg">';
    const link = document.querySelector("link");
    const plain = link?.href;
    wearIcon(2);
    expect(decodeURIComponent(link?.href ?? "")).toContain(">2</text>");
    wearIcon(0);
    expect(link?.href).toBe(plain);
  });
  it("needs no tab", () => {
    expect(() => wearIcon(1)).not.toThrow();
  });
});
