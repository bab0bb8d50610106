//! From one conversation to the next.
import { expect, test } from "vitest";
import { nextOf } from "./commands-keyed.ts";

const all = (): boolean => true;
const order = ["a", "b", "c"];

test("one goes up and down, and round at the ends", () => {
  expect(nextOf(order, "a", 1, all)).toBe("b");
  expect(nextOf(order, "c", 1, all)).toBe("a");
  expect(nextOf(order, "a", -1, all)).toBe("c");
});

test("from elsewhere the way begins at the end that one comes from", () => {
  expect(nextOf(order, undefined, 1, all)).toBe("a");
  expect(nextOf(order, undefined, -1, all)).toBe("c");
  expect(nextOf(order, "left", -1, all)).toBe("c");
});

test("what is not wanted is passed over; where nothing is, one stays", () => {
  expect(nextOf(order, "a", 1, (id) => id === "c")).toBe("c");
  expect(nextOf(order, "b", -1, (id) => id === "c")).toBe("c");
  expect(nextOf(order, "b", 1, () => false)).toBeUndefined();
  expect(nextOf(order, "b", 1, (id) => id === "b")).toBeUndefined();
  expect(nextOf(["a"], "a", 1, all)).toBeUndefined();
  expect(nextOf([], undefined, -1, all)).toBeUndefined();
});
