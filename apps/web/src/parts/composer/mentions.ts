//! Names as one reads them and as they are sent: `@Ana Ruiz` on the screen, `<@usr_…>` on the wire.
import { codeIn, type Stretch } from "./code.ts";

const NAMED = /<@(usr_[0-9A-HJKMNP-TV-Z]{26})>/g;
const WORD = /[\p{L}\p{N}_]/u;
/** Behind these an `@` names nobody, as the server has it: in addresses, and where it is escaped. */
const JOINS = /[\p{L}\p{N}_@/.:=\\]/u;

/** Whom the names in a text stand for: names in lower case to ids. A name stands for one person. */
export type Called = ReadonlyMap<string, string>;

/** A text as it is written, and whom its names stand for. */
export interface Written {
  text: string;
  called: Called;
}

const key = (name: string): string => name.toLowerCase();
const within = (code: readonly Stretch[], at: number): boolean =>
  code.some(({ from, to }) => from <= at && at < to);

/** A text of the wire as one edits it. A name that stands for somebody else already stays as sent. */
export function decode(body: string, nameOf: (id: string) => string | undefined): Written {
  const called = new Map<string, string>();
  if (!body.includes("<@")) return { text: body, called };
  const code = codeIn(body);
  const text = body.replaceAll(NAMED, (all, id: string, at: number) => {
    const name = nameOf(id);
    if (name === undefined || within(code, at)) return all;
    const before = called.get(key(name));
    if (before !== undefined && before !== id) return all;
    called.set(key(name), id);
    return `@${name}`;
  });
  return { text, called };
}

/** A text of the wire as one reads it, names of unknown people too. */
export function said(body: string, nameOf: (id: string) => string): string {
  if (!body.includes("<@")) return body;
  const code = codeIn(body);
  return body.replaceAll(NAMED, (all, id: string, at: number) =>
    within(code, at) ? all : `@${nameOf(id)}`,
  );
}

/** A written text as it is sent. Names that nobody chose are left for the server to resolve. */
export function encode({ text, called }: Written): string {
  if (called.size === 0 || !text.includes("@")) return text;
  const code = codeIn(text);
  const names = [...called.keys()].toSorted((a, b) => b.length - a.length);
  let sent = "";
  let done = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    if (at < done || within(code, at) || JOINS.test(text[at - 1] ?? "")) continue;
    const name = names.find((one) => {
      const rest = text.slice(at + 1, at + 1 + one.length);
      return key(rest) === one && !WORD.test(text[at + 1 + one.length] ?? "");
    });
    const id = name === undefined ? undefined : called.get(name);
    if (name === undefined || id === undefined) continue;
    sent += `${text.slice(done, at)}<@${id}>`;
    done = at + 1 + name.length;
  }
  return sent + text.slice(done);
}

/** Adds a person; when the name stands for somebody else, only the wire's form is exact. */
export function call(
  called: Called,
  person: { id: string; name: string },
): { called: Called; words: string } {
  const other = called.get(key(person.name));
  if (other !== undefined && other !== person.id) return { called, words: `<@${person.id}>` };
  return { called: new Map(called).set(key(person.name), person.id), words: `@${person.name}` };
}
