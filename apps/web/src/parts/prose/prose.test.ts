//! Texts in elements: named for the reader, touched only when they change, and what highlighting may say.
import { describe, expect, it } from "vitest";
import { onlyEmoji } from "./emoji-only.ts";
import type { Naming } from "./naming.ts";
import { named, prose, type Words } from "./prose.ts";
import { tokensOf } from "./tokens.ts";

const ANA = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const BEN = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAW";
const GONE = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAX";

function readers(names: Record<string, string>, channels: readonly string[] = []): Naming {
  return {
    me: ANA,
    nameOf: (id) => names[id],
    addressOf: (name) => (channels.includes(name) ? `/w/wsp_1/c/${name}` : undefined),
  };
}
let texts = 0;
function shows(words: Partial<Words> & { body: string }, naming: Naming, node?: HTMLElement) {
  const element = node ?? document.createElement("div");
  prose(() => ({ id: `msg_${(texts += 1)}`, version: 1, ...words }), naming)(element);
  return element;
}

describe("a text", () => {
  const naming = readers({ [ANA]: "Ana Ruiz", [BEN]: "Ben" }, ["release"]);
  it("names people, and oneself more loudly", () => {
    const node = shows({ body: `<@${ANA}> and <@${BEN}>` }, naming);
    expect(node.textContent?.trim()).toBe("@Ana Ruiz and @Ben");
    const mine = [...node.querySelectorAll(".mention.mine")].map((one) => one.textContent);
    expect(mine).toEqual(["@Ana Ruiz"]);
  });
  it("names who is gone as the message knew them, and nobody's id", () => {
    const body = `thanks <@${GONE}>`;
    const people = [{ id: GONE, name: "Gil" }];
    expect(shows({ body, people }, naming).textContent?.trim()).toBe("thanks @Gil");
    expect(shows({ body }, naming).textContent?.trim()).toBe("thanks @someone");
  });
  it("leads to channels that one sees, and says nothing of the others", () => {
    const node = shows({ body: "#release or #secret" }, naming);
    const links = [...node.querySelectorAll("a")].map((one) => one.getAttribute("href"));
    expect(links).toEqual(["/w/wsp_1/c/release"]);
    expect(node.textContent?.trim()).toBe("#release or #secret");
  });
  it("is left alone while it says the same, and follows a new name", () => {
    const words = { id: "msg_same", version: 3, body: `**hi** <@${BEN}>` };
    const node = shows(words, naming);
    const before = node.firstChild;
    shows(words, readers({ [BEN]: "Ben" }), node);
    expect(node.firstChild).toBe(before);
    shows(words, readers({ [BEN]: "Benedict" }), node);
    expect(node.textContent?.trim()).toBe("hi @Benedict");
    shows({ ...words, version: 4, body: "other" }, naming, node);
    expect(node.textContent?.trim()).toBe("other");
  });
  it("as plain words says names too, but not in code", () => {
    const body = `<@${ANA}>, <@${GONE}>, <@${GONE}>: \`<@${BEN}>\``;
    expect(named(body, naming)).toBe(`@Ana Ruiz, @someone, @someone: \`<@${BEN}>\``);
  });
  it("of emoji alone is large", () => {
    expect(shows({ body: "🦀 🦀" }, naming).classList.contains("jumbo")).toBe(true);
    expect(shows({ body: "🦀 yes" }, naming).classList.contains("jumbo")).toBe(false);
  });
});

it("emoji alone are emoji, whatever they are made of", () => {
  for (const text of ["🦀", "👍🏽", "👩‍👩‍👧‍👦", "🇩🇪🇫🇷", "❤️", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", " 🦀\n🦞 ", "🏳️‍🌈"])
    expect([text, onlyEmoji(text)]).toEqual([text, true]);
  for (const text of [
    "",
    " ",
    "1",
    "#",
    "a🦀",
    "🦀.",
    "🦀".repeat(13),
    "🏽x",
    "\u200D",
    "🦀".repeat(500),
  ])
    expect([text, onlyEmoji(text)]).toEqual([text, false]);
});

describe("highlighted code", () => {
  it("is stretches of text in a few kinds", () => {
    expect(
      tokensOf(
        '<span class="hljs-keyword">let</span> a = <span class="hljs-string">&quot;b&quot;</span>;',
      ),
    ).toEqual([["let", "keyword"], [" a = "], ['"b"', "string"], [";"]]);
  });
  it("takes the look of what is around it where it has none", () => {
    expect(
      tokensOf('<span class="hljs-string">a<span class="hljs-subst">b</span>c</span>'),
    ).toEqual([["abc", "string"]]);
    expect(tokensOf('<span class="hljs-title function_">f</span>')).toEqual([["f", "name"]]);
  });
  it("is nothing but text, whatever comes", () => {
    const text = tokensOf("&lt;script&gt;<b>x</b></span></span>&#x27;&nbsp;")
      .map(([words]) => words)
      .join("");
    expect(text).toContain("<script>");
    expect(tokensOf("")).toEqual([]);
  });
});
