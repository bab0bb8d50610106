//! Names and signs in a text: what is code, what is completed, whom a name stands for, what a few letters find.
import { describe, expect, it } from "vitest";
import { codeIn, inCode, inFence } from "./code.ts";
import { call, decode, encode } from "./mentions.ts";
import { queryAt, shortcodeAt } from "./query.ts";
import { nearest } from "./rank.ts";

const ANA = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const ANNE = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAW";
const names: Record<string, string> = { [ANA]: "Ana Ruiz", [ANNE]: "Ana" };
const nameOf = (id: string): string | undefined => names[id];

describe("code", () => {
  it("is found in lines and in fences, finished or not", () => {
    const stretches = (text: string) => codeIn(text).map(({ from, to }) => text.slice(from, to));
    expect(stretches("a `b` c")).toEqual(["`b`"]);
    expect(stretches("a ``b ` c`` d")).toEqual(["``b ` c``"]);
    expect(stretches("a `b c")).toEqual([]);
    expect(stretches("x\n```js\ny `z`\n```\n`q`")).toEqual(["```js\ny `z`\n```", "`q`"]);
    expect(stretches("~~~\n```\n")).toEqual(["~~~\n```\n"]);
    expect(stretches("```a`b")).toEqual([]);
    expect(stretches("````\n```\n````\nx")).toEqual(["````\n```\n````"]);
    expect(stretches("")).toEqual([]);
  });
  it("holds a caret or does not", () => {
    expect(inFence("```\na", 5)).toBe(true);
    expect(inFence("```\na\n```", 9)).toBe(false);
    expect(inFence("```\na\n```", 3)).toBe(true);
    expect(inCode("a `b` c", 3)).toBe(true);
    expect(inCode("a `b` c", 6)).toBe(false);
    expect(inCode("a `b", 4)).toBe(true);
    expect(inCode("a `b`", 5)).toBe(false);
    expect(inCode("a `b\nc", 6)).toBe(false);
  });
});

describe("names", () => {
  it("are read as people say them, and sent as whom they mean", () => {
    const body = `hi <@${ANA}>, and <@${ANNE}>!`;
    const written = decode(body, nameOf);
    expect(written.text).toBe("hi @Ana Ruiz, and @Ana!");
    expect(encode(written)).toBe(body);
  });
  it("of nobody known stay as they were sent", () => {
    const body = "hi <@usr_01ARZ3NDEKTSV4RRFFQ69G5FAX>";
    expect(encode(decode(body, nameOf))).toBe(body);
    expect(decode(body, nameOf).text).toBe(body);
  });
  it("in code are no names", () => {
    const body = `\`<@${ANA}>\` and <@${ANA}>`;
    const written = decode(body, nameOf);
    expect(written.text).toBe(`\`<@${ANA}>\` and @Ana Ruiz`);
    expect(encode({ ...written, text: "`@Ana Ruiz` and @Ana Ruiz" })).toBe(
      `\`@Ana Ruiz\` and <@${ANA}>`,
    );
  });
  it("hold as whole words, the longest first, in any case", () => {
    const { called } = decode(`<@${ANA}><@${ANNE}>`, nameOf);
    const sent = (text: string) => encode({ text, called });
    expect(sent("@ana ruiz")).toBe(`<@${ANA}>`);
    expect(sent("@Ana R")).toBe(`<@${ANNE}> R`);
    expect(sent("@Anabel")).toBe("@Anabel");
    expect(sent("mail@Ana")).toBe("mail@Ana");
    expect(sent("@@Ana @")).toBe("@@Ana @");
    expect(sent("https://a.example/@Ana \\@Ana a.@Ana")).toBe(
      "https://a.example/@Ana \\@Ana a.@Ana",
    );
  });
  it("stand for one person: a second of the same name is written exactly", () => {
    const twin = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAZ";
    const first = call(new Map(), { id: ANA, name: "Ana Ruiz" });
    expect(first.words).toBe("@Ana Ruiz");
    const second = call(first.called, { id: twin, name: "ana ruiz" });
    expect(second.words).toBe(`<@${twin}>`);
    expect(call(second.called, { id: ANA, name: "Ana Ruiz" }).words).toBe("@Ana Ruiz");
    const both = decode(`<@${ANA}> <@${twin}>`, () => "Same");
    expect(both.text).toBe(`@Same <@${twin}>`);
    expect(encode(both)).toBe(`<@${ANA}> <@${twin}>`);
  });
});

describe("what is completed", () => {
  const at = (drawn: string) => {
    const caret = drawn.indexOf("¦");
    const found = queryAt(drawn.replace("¦", ""), caret);
    return found && [found.kind, found.letters, found.from];
  };
  it("stands right before the caret", () => {
    expect(at("@¦")).toEqual(["person", "", 0]);
    expect(at("hi @an¦")).toEqual(["person", "an", 3]);
    expect(at("hi @ana ru¦ there")).toEqual(["person", "ana ru", 3]);
    expect(at("(#rel¦")).toEqual(["channel", "rel", 1]);
    expect(at("a :cr¦")).toEqual(["emoji", "cr", 2]);
    expect(at("@zoë-m¦")).toEqual(["person", "zoë-m", 0]);
    expect(at("@a #b¦")).toEqual(["channel", "b", 3]);
  });
  it("is nothing anywhere else", () => {
    for (const drawn of [
      "¦",
      "ana@ex¦",
      "10:30¦",
      "a :c¦",
      "a :)¦",
      "# head¦",
      "`@an¦",
      "```\n@an¦",
      "@an\nb¦",
      "@¦".padStart(3, "x"),
      `@${"x".repeat(60)}¦`,
      "https://a.example/#fr¦",
      "@one two three four five six¦",
    ])
      expect([drawn, at(drawn)]).toEqual([drawn, undefined]);
  });
});

it("a short name between colons is finished, outside of code and words", () => {
  const name = (text: string) => shortcodeAt(text, text.length)?.name;
  expect(name("a :crab:")).toBe("crab");
  expect(name(":+1:")).toBe("+1");
  for (const text of [":", "::", ":a:", "10:30:", "x:crab:", "`:crab:", ":crab: ", ": crab:"])
    expect([text, name(text)]).toEqual([text, undefined]);
});

it("few letters find the nearest", () => {
  const people = ["Ben Okafor", "Ana Ruiz", "Zoë Anand", "Dana", "Ruth An"];
  const found = (letters: string) => nearest(letters, people, (name) => [name], 3);
  expect(found("an")).toEqual(["Ana Ruiz", "Zoë Anand", "Ruth An"]);
  expect(found("ANA RUIZ")).toEqual(["Ana Ruiz"]);
  expect(found("zoe")).toEqual(["Zoë Anand"]);
  expect(found("bo")).toEqual(["Ben Okafor"]);
  expect(found("dna")).toEqual(["Dana"]);
  expect(found("qq")).toEqual([]);
  expect(found("")).toEqual(["Ben Okafor", "Ana Ruiz", "Zoë Anand"]);
});
