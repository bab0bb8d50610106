//! What highlighting says of a piece of code: stretches of text in one of a few kinds. No markup crosses.

/** The kinds that look different. */
export const KINDS = ["keyword", "string", "comment", "name", "added", "removed"] as const;
export type TokenKind = (typeof KINDS)[number];

/** A stretch of code; without a kind it looks like the rest. */
export type Token = readonly [text: string, kind?: TokenKind];

/** Highlight.js' scopes by what they start with. */
const SCOPES: Record<string, TokenKind> = {
  keyword: "keyword",
  number: "keyword",
  literal: "keyword",
  operator: "keyword",
  symbol: "keyword",
  "selector-tag": "keyword",
  tag: "keyword",
  name: "keyword",
  string: "string",
  regexp: "string",
  char: "string",
  attr: "string",
  attribute: "string",
  type: "string",
  built_in: "string",
  "template-variable": "string",
  comment: "comment",
  doctag: "comment",
  meta: "comment",
  quote: "comment",
  title: "name",
  section: "name",
  "selector-class": "name",
  "selector-id": "name",
  addition: "added",
  deletion: "removed",
};
const PART = /<span class="([^"]*)">|(<\/span>)|&(amp|lt|gt|quot|#x27);|([^<&]+)/g;
const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };

const kindOf = (classes: string): TokenKind | undefined =>
  SCOPES[classes.split(" ")[0]?.replace("hljs-", "") ?? ""];

/** Reads the HTML that highlight.js makes: spans, five entities and text. An inner scope without a look has its parent's. */
export function tokensOf(html: string): Token[] {
  const tokens: Token[] = [];
  const open: (TokenKind | undefined)[] = [];
  for (const [, classes, closing, entity, words] of html.matchAll(PART)) {
    if (classes !== undefined) open.push(kindOf(classes) ?? open.at(-1));
    else if (closing !== undefined) open.pop();
    else {
      const text = words ?? ENTITIES[entity ?? ""] ?? "";
      const kind = open.at(-1);
      const last = tokens.at(-1);
      if (last !== undefined && last[1] === kind)
        tokens[tokens.length - 1] = kind ? [last[0] + text, kind] : [last[0] + text];
      else tokens.push(kind ? [text, kind] : [text]);
    }
  }
  return tokens;
}
