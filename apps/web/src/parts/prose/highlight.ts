//! Colours in code blocks: asked of a worker that starts with the first block, remembered, and put in when they come.
import { afterPaint } from "../painted.ts";
import type { Answer, Request } from "./highlight.worker.ts";
// oxlint-disable-next-line import/default -- with this query Vite answers the address of the built worker
import workerUrl from "./highlight.worker.ts?worker&url";
import type { Token } from "./tokens.ts";

/** Longer code is shown as it is. */
const LONGEST = 20_000;
const REMEMBERED = 200;
/** The worker is started in a pause of the page, at the latest after so long. */
const PAUSE_MS = 2_000;
/** A worker that was at work and is silent for so long hangs in a text made to hang it. */
const PATIENCE_MS = 3_000;

interface Asked {
  key: string;
  heard: (tokens: readonly Token[] | undefined) => void;
}
/** The part of Trusted Types that is used; not every browser has them. */
interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): {
    createScriptURL(url: string): URL;
  };
}

const remembered = new Map<string, readonly Token[]>();
const waiting = new Map<number, Asked>();
const hopeless = new Set<string>();
let worker: Worker | undefined;
/** It has come over the network and said so. */
let ready = false;
let address: string | URL | undefined;
let last = 0;
let starting = false;
let watchdog: ReturnType<typeof setTimeout> | undefined;

const keyOf = (language: string, code: string): string => `${language}\n${code}`;

/** The worker's address, as the page's policy wants it: this one and no other. */
function trusted(): string | URL {
  const { trustedTypes } = globalThis as { trustedTypes?: Policies };
  address ??=
    trustedTypes
      ?.createPolicy("clickclack-worker", { createScriptURL: () => workerUrl })
      .createScriptURL(workerUrl) ?? workerUrl;
  return address;
}

function watch(): void {
  clearTimeout(watchdog);
  watchdog = undefined;
  if (ready && waiting.size > 0) watchdog = setTimeout(giveUp, PATIENCE_MS);
}

function end(): void {
  worker?.terminate();
  worker = undefined;
  ready = false;
  clearTimeout(watchdog);
  watchdog = undefined;
}

/** It could not be fetched: blocks stay as they are, and the next one tries again. */
function fail(): void {
  if (ready) return; // an error at work: its block is given up in time
  end();
  waiting.clear();
}

/** The first that waits is what it hangs in; the others are asked again of a new worker. */
function giveUp(): void {
  end();
  const [stuck, ...others] = waiting.values();
  waiting.clear();
  if (stuck !== undefined) hopeless.add(stuck.key);
  for (const { key, heard } of others) ask(key, heard);
}

function hear({ data }: MessageEvent<Answer>): void {
  ready = true;
  const asked = waiting.get(data.id);
  waiting.delete(data.id);
  watch();
  if (asked === undefined) return;
  if (data.tokens === undefined) hopeless.add(asked.key);
  else remembered.set(asked.key, data.tokens);
  const [oldest] = remembered.keys();
  if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  asked.heard(data.tokens);
}

function post(id: number, key: string): void {
  const at = key.indexOf("\n");
  const request: Request = { id, language: key.slice(0, at), code: key.slice(at + 1) };
  worker?.postMessage(request, []);
}

/** Starts the worker and tells it everything that waits. */
function begin(): void {
  starting = false;
  worker = new Worker(trusted(), { type: "module" });
  worker.addEventListener("message", hear);
  worker.addEventListener("error", fail);
  for (const [id, { key }] of waiting) post(id, key);
}

/** What is read comes first: the worker is fetched when it is painted and the page has nothing to do. */
function beginSoon(): void {
  starting = true;
  afterPaint(() => {
    // Not every browser says when it rests.
    if (typeof requestIdleCallback === "undefined") begin();
    else requestIdleCallback(begin, { timeout: PAUSE_MS });
  });
}

function ask(key: string, heard: Asked["heard"]): void {
  if (typeof Worker === "undefined") return;
  const id = (last += 1);
  waiting.set(id, { key, heard });
  if (worker !== undefined) post(id, key);
  else if (!starting) beginSoon();
  if (watchdog === undefined) watch();
}

/** Puts the tokens in place of the text, when they say the same. */
function paint(code: HTMLElement, tokens: readonly Token[]): void {
  if (tokens.map(([text]) => text).join("") !== code.textContent) return;
  code.replaceChildren(
    ...tokens.map(([text, kind]) => {
      if (kind === undefined) return text;
      const span = document.createElement("span");
      span.className = `code-${kind}`;
      span.append(text);
      return span;
    }),
  );
}

/** Colours a code block: at once when it is known, else when the worker has answered. */
export function highlight(code: HTMLElement, language: string): void {
  const text = code.textContent;
  const key = keyOf(language, text);
  const known = remembered.get(key);
  if (known !== undefined) paint(code, known);
  else if (text.length <= LONGEST && !hopeless.has(key))
    ask(key, (tokens) => {
      if (tokens !== undefined && code.isConnected) paint(code, tokens);
    });
}
