//! The list of suggestions: what it shows while letters, answers and keys come in any order.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Completing } from "./completing.svelte.ts";
import type { Query } from "./query.ts";
import { type Suggestion, wordsOf } from "./writing.ts";

const person = (name: string): Suggestion => ({ kind: "person", id: name, name });
const names = (completing: Completing) =>
  completing.found.map((one) => (one.kind === "person" ? one.name : one.kind));

let asked: { query: Query; answer: (found: Suggestion[]) => void }[];
let here: Suggestion[];

function begin(): Completing {
  return new Completing(() => ({
    now: () => here,
    later: (query) => new Promise((answer) => void asked.push({ query, answer })),
    emoji: () => undefined,
  }));
}
beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  here = [person("Ana"), person("Ben")];
});
afterEach(() => vi.useRealTimers());

describe("the list", () => {
  it("opens at a sign and closes with it", () => {
    const list = begin();
    list.typed("hi", 2);
    expect(list.query).toBeUndefined();
    list.typed("hi @", 4);
    expect(names(list)).toEqual(["Ana", "Ben"]);
    list.typed("hi ", 3);
    expect(list.query).toBeUndefined();
    expect(names(list)).toEqual([]);
  });
  it("goes around with the arrows", () => {
    const list = begin();
    list.typed("@", 1);
    expect(list.marked).toBe(0);
    list.move(-1);
    expect(list.marked).toBe(1);
    list.move(1);
    expect(list.marked).toBe(0);
  });
  it("asks once in a pause, and takes only the answer to what stands there now", async () => {
    const list = begin();
    list.typed("@a", 2);
    list.typed("@an", 3);
    await vi.runAllTimersAsync();
    expect(asked.map(({ query }) => query.letters)).toEqual(["an"]);
    list.typed("@anx", 4);
    asked[0]?.answer([person("Late")]);
    await vi.runAllTimersAsync();
    expect(names(list)).toEqual(["Ana", "Ben"]);
    asked[1]?.answer([person("Anx")]);
    await vi.runAllTimersAsync();
    expect(names(list)).toEqual(["Anx"]);
  });
  it("keeps the chosen one marked when more comes", async () => {
    const list = begin();
    list.typed("@", 1);
    list.move(1);
    await vi.runAllTimersAsync();
    asked[0]?.answer([person("Aaron"), person("Ana"), person("Ben")]);
    await vi.runAllTimersAsync();
    expect(names(list)[list.marked]).toBe("Ben");
  });
  it("stays closed for the sign that one wanted nothing for", () => {
    const list = begin();
    list.typed("@a", 2);
    list.refuse();
    expect(list.query).toBeUndefined();
    list.typed("@an", 3);
    expect(list.query).toBeUndefined();
    list.typed("@an @", 5);
    expect(list.query?.from).toBe(4);
  });
  it("goes when the caret leaves, and opens for no caret that only passes", () => {
    const list = begin();
    list.moved("@a", 2);
    expect(list.query).toBeUndefined();
    list.typed("x @a", 4);
    list.moved("x @a", 4);
    expect(list.query?.letters).toBe("a");
    list.moved("x @a", 1);
    expect(list.query).toBeUndefined();
  });
  it("is closed while nothing was found", () => {
    here = [];
    const list = begin();
    list.typed("@zzz", 4);
    expect(list.query).toBeUndefined();
    list.move(1);
    expect(list.marked).toBe(-1);
  });
});

it("a suggestion stands in the text as one would write it", () => {
  const words = [
    person("Ana Ruiz"),
    { kind: "everyone", word: "here" },
    { kind: "channel", id: "1", name: "general", isPrivate: false },
    { kind: "emoji", emoji: "🦀", label: "crab" },
  ] satisfies Suggestion[];
  expect(words.map(wordsOf)).toEqual(["@Ana Ruiz", "@here", "#general", "🦀"]);
});
