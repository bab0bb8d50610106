//! Where one has been lately.
import { beforeEach, expect, test } from "vitest";
import { recent, visited } from "./recent.ts";

beforeEach(() => localStorage.clear());

test("the newest comes first, each once, not without end", () => {
  for (const channel of ["a", "b", "a", "a"]) visited("ana", channel);
  expect(recent("ana")).toEqual(["a", "b"]);
  for (let count = 0; count < 100; count += 1) visited("ana", `c${count}`);
  expect(recent("ana")).toHaveLength(30);
  expect(recent("ana")[0]).toBe("c99");
});

test("another account has been elsewhere, and nobody nowhere", () => {
  visited("ana", "a");
  visited("", "b");
  expect(recent("ben")).toEqual([]);
  expect(recent("")).toEqual([]);
});
