//! A text of a message in an element: rendered once, named for the reader, coloured when its code is known.
import type { Attachment } from "svelte/attachments";
import { say } from "../../strings.ts";
import { render } from "../markdown.ts";
import { said } from "../composer/mentions.ts";
import { onlyEmoji } from "./emoji-only.ts";
import { highlight } from "./highlight.ts";
import type { Naming } from "./naming.ts";

const REMEMBERED = 1000;
/** How long a copied block says so. */
const SAID_MS = 1500;

/** People that a message brings along: those whom the reader's directory may not know. */
type People = readonly { readonly id: string; readonly name: string }[];

/** A text, and what tells it from its other versions. */
export interface Words {
  id: string;
  version: number;
  body: string;
  people?: People | undefined;
}

interface Rendered {
  body: string;
  fragment: DocumentFragment;
  /** Whether anything in it is named for the reader. */
  names: boolean;
  code: boolean;
  jumbo: boolean;
}

const remembered = new Map<string, Rendered>();
/** What an element shows, so that nothing is touched when it would show the same. */
const shown = new WeakMap<HTMLElement, string>();

/** One text of one message is rendered once, however often its row is drawn. */
function rendered({ id, version, body }: Words): Rendered {
  const key = `${id}:${version}`;
  let known = remembered.get(key);
  if (known === undefined || known.body !== body) {
    const fragment = render(body);
    known = {
      body,
      fragment,
      names: fragment.querySelector("[data-user], [data-channel]") !== null,
      code: fragment.querySelector("[data-language]") !== null,
      jumbo: onlyEmoji(body),
    };
    remembered.set(key, known);
    const [oldest] = remembered.keys();
    if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  }
  return known;
}

function personName(id: string, naming: Naming, people: People | undefined): string | undefined {
  return naming.nameOf(id) ?? people?.find((person) => person.id === id)?.name;
}

/** Says whom and what the signs stand for; answers it as one word to compare. */
function fill(fragment: DocumentFragment, words: Words, naming: Naming): string {
  const filled: string[] = [];
  for (const node of fragment.querySelectorAll<HTMLElement>("[data-user]")) {
    const id = node.dataset["user"] ?? "";
    const name = `@${personName(id, naming, words.people) ?? say.prose.someone}`;
    node.textContent = name;
    node.classList.toggle("mine", id === naming.me);
    filled.push(name);
  }
  for (const node of fragment.querySelectorAll<HTMLElement>("[data-channel]")) {
    const address = naming.addressOf(node.dataset["channel"] ?? "");
    filled.push(address ?? "");
    if (address === undefined) {
      node.replaceWith(...node.childNodes);
      continue;
    }
    const anchor = document.createElement("a");
    anchor.className = "channel-name";
    anchor.setAttribute("href", address);
    anchor.append(...node.childNodes);
    node.replaceWith(anchor);
  }
  return filled.join("\n");
}

function show(node: HTMLElement, words: Words, naming: Naming): void {
  const known = rendered(words);
  const fragment = known.fragment.cloneNode(true) as DocumentFragment;
  const filled = known.names ? fill(fragment, words, naming) : "";
  const now = `${words.id}:${words.version}:${known.body}\n${filled}`;
  if (shown.get(node) === now) return;
  shown.set(node, now);
  node.classList.toggle("jumbo", known.jumbo);
  node.replaceChildren(fragment);
  if (!known.code) return;
  for (const block of node.querySelectorAll<HTMLElement>("[data-language]")) {
    const code = block.querySelector("code");
    if (code !== null) highlight(code, block.dataset["language"] ?? "");
  }
}

/** Copies what stands in an element; on plain http the browser has no clipboard but a selection's. */
async function copyOf(code: Element): Promise<boolean> {
  const text = (code.textContent ?? "").replace(/\n$/, "");
  if (navigator.clipboard !== undefined) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  getSelection()?.selectAllChildren(code);
  return document.execCommand("copy");
}

/** The button of a code block: its code goes to the clipboard, and it says so for a moment. */
async function copyCode(event: MouseEvent): Promise<void> {
  const button = event.target instanceof Element ? event.target.closest(".code-copy") : null;
  const code = button?.parentElement?.querySelector("code");
  if (!button || !code || !(await copyOf(code))) return;
  button.classList.add("done");
  button.setAttribute("aria-label", say.copied);
  setTimeout(() => {
    button.classList.remove("done");
    button.setAttribute("aria-label", say.prose.copyCode);
  }, SAID_MS);
}

/** Shows a text in an element, and keeps it true while what it names changes. */
export function prose(words: () => Words, naming: Naming): Attachment<HTMLElement> {
  return (node) => {
    show(node, words(), naming);
    const clicked = (event: MouseEvent): void => void copyCode(event);
    node.addEventListener("click", clicked);
    return () => node.removeEventListener("click", clicked);
  };
}

/** A text with its names said, as plain text: for the clipboard, previews, and ears. */
export function named(body: string, naming: Naming, people?: People): string {
  return said(body, (id) => personName(id, naming, people) ?? say.prose.someone);
}
