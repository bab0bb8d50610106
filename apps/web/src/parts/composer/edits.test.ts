import { describe, expect, it } from "vitest";
import { keepEdit, takeEdit } from "./edits.ts";

const written = (text: string) => ({ text, called: new Map<string, string>() });

describe("an edit that was left", () => {
  it("is there once when its field comes back", () => {
    keepEdit("one", written("half a tho"));
    expect(takeEdit("one")?.text).toBe("half a tho");
    expect(takeEdit("one")).toBeUndefined();
  });

  it("goes when there are too many", () => {
    for (let number = 0; number <= 20; number += 1) keepEdit(`${number}`, written(`${number}`));
    expect(takeEdit("0")).toBeUndefined();
    expect(takeEdit("20")?.text).toBe("20");
  });
});
