//! The Markdown subset: what it shows, and what it never lets through.
import { describe, expect, it } from "vitest";
import { render, rendered } from "./markdown.ts";

function html(markdown: string): string {
  const holder = document.createElement("div");
  holder.append(render(markdown));
  return holder.innerHTML.trim();
}

describe("the subset", () => {
  it("knows emphasis, strong, strike and code", () => {
    expect(html("a *b* **c** ~~d~~ `e`")).toBe(
      "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e</code></p>",
    );
  });
  it("keeps a fenced block as it is", () => {
    expect(html("```js\nif (a < b) {}\n```")).toBe(
      '<pre tabindex="0"><code>if (a &lt; b) {}\n</code></pre>',
    );
  });
  it("breaks lines where the writer did", () => {
    expect(html("a\nb")).toBe("<p>a<br>b</p>");
  });
  it("knows lists and quotes", () => {
    expect(html("- a\n- b")).toContain("<li>a</li>");
    expect(html("3. c")).toContain('<ol start="3">');
    expect(html("> said")).toContain("<blockquote>");
  });
  it("flattens headings", () => {
    expect(html("# Big")).toBe("<p><strong>Big</strong></p>");
  });
  it("opens links apart, without a way back", () => {
    expect(html("[x](https://a.example/?q=1&r=2)")).toBe(
      '<p><a href="https://a.example/?q=1&amp;r=2" rel="noopener noreferrer nofollow" target="_blank">x</a></p>',
    );
  });
  it("shows a picture as a link", () => {
    const shown = html("![a cat](https://a.example/cat.png)");
    expect(shown).not.toContain("<img");
    expect(shown).toContain(">a cat</a>");
  });
  it("shows HTML as text", () => {
    expect(html("<b>x</b>")).toBe("<p>&lt;b&gt;x&lt;/b&gt;</p>");
  });
});

describe("what never gets through", () => {
  const attacks = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](  javascript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    '[x](https://a.example "onmouseover=alert(1)")',
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](https://a.example)',
    "<a href='https://a.example' onclick='alert(1)'>x</a>",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "`</code><img src=x onerror=alert(1)>`",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<form action=https://a.example><button>x</button></form>",
    "<style>*{display:none}</style>",
    "[x]: javascript:alert(1)\n[x]",
    "\u0001javascript:alert(1)",
  ];
  const allowed = new Set([
    "A",
    "BLOCKQUOTE",
    "BR",
    "CODE",
    "DEL",
    "EM",
    "LI",
    "OL",
    "P",
    "PRE",
    "STRONG",
    "UL",
  ]);
  const attributes = new Set(["href", "start", "rel", "target", "tabindex"]);

  it.each(attacks)("%s", (attack) => {
    for (const element of render(attack).querySelectorAll("*")) {
      expect(allowed).toContain(element.tagName);
      for (const { name } of element.attributes) expect(attributes).toContain(name);
      expect(element.getAttribute("href") ?? "https://").toMatch(/^(https?:\/\/|mailto:)/i);
    }
  });
});

it("remembers a message's text by its version", () => {
  const text = (version: number, body: string) =>
    rendered("msg_1", version, body).textContent?.trim();
  expect(text(1, "old")).toBe("old");
  expect(text(1, "never read")).toBe("old");
  expect(text(2, "new")).toBe("new");
  expect(text(1, "never read")).toBe("old");
});
