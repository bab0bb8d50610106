//! The one Markdown renderer: a safe subset in, a sanitised document fragment out.
import DOMPurify from "dompurify";
import { Marked, type Tokens } from "marked";
import { decorate } from "./prose/decorate.ts";

const LINK = /^(?:https?:\/\/|mailto:)/i;
const LANGUAGE = /^[a-z0-9+#._-]{1,20}$/;
const TAGS = ["p", "br", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote", "a"];

/** No Markdown makes an emphasis of nothing. */
const PART = "<em></em>";

const escapes: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);

/** A link to where one may go; anything else stays the words it was. */
function link(href: string, words: string): string {
  return LINK.test(href) ? `<a href="${escape(href)}">${words}</a>` : words;
}

/** The languages of the code blocks of the text that is being parsed: beside the HTML, not in it. */
let languages: string[] = [];

// What the subset leaves out is shown as it was typed: HTML and tables are text, headings are bold lines,
// a picture is a link to it.
const marked = new Marked({
  gfm: true,
  breaks: true,
  tokenizer: {
    html: () => undefined,
    tag: () => undefined,
    table: () => undefined,
    def: () => undefined,
  },
  renderer: {
    heading({ tokens }: Tokens.Heading) {
      return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>\n`;
    },
    link({ href, tokens }: Tokens.Link) {
      return link(href, this.parser.parseInline(tokens));
    },
    image({ href, text }: Tokens.Image) {
      return link(href, escape(text || href));
    },
    code({ text, lang = "" }: Tokens.Code) {
      const language = lang.split(/\s/, 1)[0]?.toLowerCase() ?? "";
      languages.push(LANGUAGE.test(language) ? language : "");
      return `<pre><code>${escape(text)}\n</code></pre>\n`;
    },
    text(token: Tokens.Text | Tokens.Escape) {
      // Behind a backslash a sign is a letter: what parts it here is taken out again below, but the
      // two nodes that are left hold no sign.
      return token.type === "escape" ? `${escape(token.text)}${PART}` : false;
    },
    checkbox({ checked }: Tokens.Checkbox) {
      return checked ? "☑ " : "☐ ";
    },
    hr: () => "<p>———</p>\n",
  },
});

/** Anything in a text that Markdown might read as more than words. */
const MARKED = /[\\`*_~[\]<>&|\t\r\0]|:\/\/|www\.|\S@\S|^[^\S\n]|[^\S\n]$|^(?:[-+=#]|\d+[.)])/im;

/** Most messages are words in lines: they need no parser, and nothing in them can be unsafe. */
function plain(text: string): DocumentFragment | undefined {
  if (MARKED.test(text)) return undefined;
  const fragment = document.createDocumentFragment();
  for (const paragraph of text.split(/\n{2,}/)) {
    if (paragraph === "") continue;
    const node = document.createElement("p");
    for (const [at, line] of paragraph.split("\n").entries()) {
      if (at > 0) node.append(document.createElement("br"));
      node.append(line);
    }
    fragment.append(node, "\n");
  }
  return fragment;
}

/** By the parser, and then through the sanitiser. */
function parsed(markdown: string): DocumentFragment {
  return DOMPurify.sanitize(marked.parse(markdown, { async: false }), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", "start"],
    ALLOWED_URI_REGEXP: LINK,
    ADD_URI_SAFE_ATTR: ["start"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}

/** Turns Markdown into a fragment that holds nothing but the tags above and what `decorate` builds. */
export function render(markdown: string): DocumentFragment {
  languages = [];
  const fragment = plain(markdown) ?? parsed(markdown);
  for (const part of fragment.querySelectorAll("em:empty")) part.remove();
  decorate(fragment, languages);
  return fragment;
}
