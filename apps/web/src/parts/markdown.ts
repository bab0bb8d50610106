//! The one Markdown renderer: a safe subset in, a sanitised document fragment out.
import DOMPurify from "dompurify";
import { Marked, type Tokens } from "marked";

const LINK = /^(?:https?:\/\/|mailto:)/i;
const TAGS = ["p", "br", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote", "a"];
const REMEMBERED = 600;

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
    code({ text }: Tokens.Code) {
      return `<pre><code>${escape(text)}\n</code></pre>\n`;
    },
    checkbox({ checked }: Tokens.Checkbox) {
      return checked ? "☑ " : "☐ ";
    },
    hr: () => "<p>———</p>\n",
  },
});

/** Turns Markdown into a fragment that holds nothing but the tags above. */
export function render(markdown: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(marked.parse(markdown, { async: false }), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", "start"],
    ALLOWED_URI_REGEXP: LINK,
    ADD_URI_SAFE_ATTR: ["start"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const anchor of fragment.querySelectorAll("a")) {
    anchor.setAttribute("rel", "noopener noreferrer nofollow");
    anchor.setAttribute("target", "_blank");
  }
  // A wide block is scrolled by keyboard too.
  for (const block of fragment.querySelectorAll("pre")) block.setAttribute("tabindex", "0");
  return fragment;
}

const remembered = new Map<string, DocumentFragment>();

/** The same with a memory: one text of one message is rendered once, however often its row is drawn. */
export function rendered(id: string, version: number, markdown: string): DocumentFragment {
  const key = `${id}:${version}`;
  let fragment = remembered.get(key);
  if (fragment === undefined) {
    fragment = render(markdown);
    remembered.set(key, fragment);
    if (remembered.size > REMEMBERED) {
      const oldest = remembered.keys().next();
      if (!oldest.done) remembered.delete(oldest.value);
    }
  }
  return fragment.cloneNode(true) as DocumentFragment;
}
