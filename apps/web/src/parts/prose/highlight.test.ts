//! Colours that come from elsewhere: remembered, put in when they fit, and never waited for.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Answer, Request } from "./highlight.worker.ts";

/** A worker that answers when the test says so. */
class Puppet extends EventTarget {
  static all: Puppet[] = [];
  asked: Request[] = [];
  ended = false;
  constructor() {
    super();
    Puppet.all.push(this);
  }
  postMessage(request: Request): void {
    this.asked.push(request);
  }
  terminate(): void {
    this.ended = true;
  }
  arrives(): void {
    const data = { id: 0, tokens: undefined } satisfies Answer;
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
  answers(tokens: Answer["tokens"], at = this.asked.length - 1): void {
    const data = { id: this.asked[at]?.id ?? -1, tokens } satisfies Answer;
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}
let highlight: (code: HTMLElement, language: string) => void;
/** Past the paint and into the pause in which a worker is started. */
const rest = (): void => void vi.advanceTimersByTime(100);

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("Worker", Puppet);
  Puppet.all = [];
  vi.resetModules();
  ({ highlight } = await import("./highlight.ts"));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function block(text: string): HTMLElement {
  const code = document.createElement("code");
  code.append(text);
  document.body.append(code);
  return code;
}

it("asks once, and knows it the next time at once", () => {
  const first = block("let a");
  highlight(first, "js");
  expect(Puppet.all).toHaveLength(0);
  rest();
  expect(first.innerHTML).toBe("let a");
  Puppet.all[0]?.answers([["let", "keyword"], [" a"]]);
  expect(first.innerHTML).toBe('<span class="code-keyword">let</span> a');
  const second = block("let a");
  highlight(second, "js");
  expect(second.innerHTML).toBe(first.innerHTML);
  expect(Puppet.all[0]?.asked).toHaveLength(1);
});

it("leaves a block alone that is gone or would say something else", () => {
  const gone = block("x");
  highlight(gone, "js");
  rest();
  gone.remove();
  Puppet.all[0]?.answers([["x", "name"]]);
  expect(gone.innerHTML).toBe("x");
  const other = block("y");
  highlight(other, "js");
  Puppet.all[0]?.answers([["<b>z</b>", "name"]]);
  expect(other.innerHTML).toBe("y");
});

it("does not ask for an unknown language again, nor for what is too long", () => {
  highlight(block("x"), "nonsense");
  rest();
  Puppet.all[0]?.answers(undefined);
  highlight(block("x"), "nonsense");
  highlight(block("x".repeat(30_000)), "js");
  expect(Puppet.all[0]?.asked).toHaveLength(1);
});

it("gives up on a text that it hangs in, and asks for the others anew", () => {
  const bad = block("bad");
  const good = block("good");
  highlight(bad, "js");
  highlight(good, "js");
  // As long as it is on its way nobody hangs.
  vi.advanceTimersByTime(60_000);
  Puppet.all[0]?.arrives();
  vi.advanceTimersByTime(10_000);
  const [first, second] = Puppet.all;
  expect(first?.ended).toBe(true);
  expect(second?.asked.map(({ code }) => code)).toEqual(["good"]);
  second?.answers([["good", "name"]]);
  expect(good.innerHTML).toBe('<span class="code-name">good</span>');
  highlight(bad, "js");
  expect(second?.asked).toHaveLength(1);
  expect(bad.innerHTML).toBe("bad");
  vi.advanceTimersByTime(60_000);
  expect(second?.ended).toBe(false);
});

it("tries again with the next block when the worker could not be fetched", () => {
  highlight(block("a"), "js");
  rest();
  Puppet.all[0]?.dispatchEvent(new Event("error"));
  expect(Puppet.all[0]?.ended).toBe(true);
  const next = block("b");
  highlight(next, "js");
  rest();
  Puppet.all[1]?.answers([["b", "name"]]);
  expect(next.innerHTML).toBe('<span class="code-name">b</span>');
});
