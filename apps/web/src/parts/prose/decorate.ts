//! What texts get beyond Markdown: names, channels, own links and code blocks. Built as nodes, after the sanitiser.
import { say } from "../../strings.ts";

/** Names, calls and channels, where the server finds them: the sign of the latter two begins a word. */
const SIGNS =
  /<@(usr_[0-9A-HJKMNP-TV-Z]{26})>|(?<![\p{L}\p{N}_@#&/.:=])(?:@(channel|here)(?!-*[\p{L}\p{N}_])|#([\p{Ll}\p{Lo}\p{N}_][\p{L}\p{N}\p{M}_.-]*)(?![\p{L}\p{N}_]))/gu;
const OWN_PAGE = /^\/w\//;

/** What a sign in a text becomes; its words are filled in for the reader later. */
function chip(user: string | undefined, call: string | undefined): HTMLElement {
  const node = document.createElement("span");
  node.className = "mention";
  if (user !== undefined) node.dataset["user"] = user;
  else node.append(`@${call ?? ""}`);
  if (call !== undefined) node.classList.add("mine");
  return node;
}

function place(name: string): HTMLElement {
  const node = document.createElement("span");
  node.dataset["channel"] = name;
  node.append(`#${name}`);
  return node;
}

function signs(text: Text): void {
  const words = text.data;
  if (!/[@#]/.test(words)) return;
  const linked = text.parentElement?.closest("a") instanceof HTMLAnchorElement;
  const pieces: (string | HTMLElement)[] = [];
  let done = 0;
  for (const found of words.matchAll(SIGNS)) {
    const [all, user, call, channel] = found;
    if (channel !== undefined && linked) continue; // a link holds no other
    pieces.push(words.slice(done, found.index));
    done = found.index + all.length;
    if (channel === undefined) pieces.push(chip(user, call));
    else {
      // A full stop ends the sentence, not the name.
      const name = channel.replace(/[.-]+$/, "");
      pieces.push(place(name), channel.slice(name.length));
    }
  }
  if (done > 0) text.replaceWith(...pieces, words.slice(done));
}

function link(anchor: HTMLAnchorElement): void {
  const own = anchor.origin === location.origin && OWN_PAGE.test(anchor.pathname);
  if (own) return; // the router opens it in place
  anchor.setAttribute("rel", "noopener noreferrer nofollow");
  anchor.setAttribute("target", "_blank");
}

function block(pre: HTMLElement, language: string): void {
  // A wide block is scrolled by keyboard too.
  pre.setAttribute("tabindex", "0");
  const frame = document.createElement("div");
  frame.className = "code-block";
  if (language !== "") frame.dataset["language"] = language;
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "code-copy";
  copy.setAttribute("aria-label", say.prose.copyCode);
  copy.title = say.prose.copyCode;
  pre.replaceWith(frame);
  frame.append(pre, copy);
}

/** Completes a sanitised text in place. `languages` are those of its code blocks, in order. */
export function decorate(fragment: DocumentFragment, languages: readonly string[]): void {
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest("code") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const texts: Text[] = [];
  while (walker.nextNode()) if (walker.currentNode instanceof Text) texts.push(walker.currentNode);
  texts.forEach(signs);
  for (const anchor of fragment.querySelectorAll("a")) link(anchor);
  const blocks = fragment.querySelectorAll("pre");
  for (const [at, pre] of blocks.entries()) block(pre, languages[at] ?? "");
}
