//! The Markdown subset: what it shows, and what it never lets through.
import { describe, expect, it } from "vitest";
import { render } from "./markdown.ts";

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
      '<div class="code-block" data-language="js"><pre tabindex="0"><code>if (a &lt; b) {}\n</code></pre>' +
        '<button type="button" class="code-copy" aria-label="Copy code" title="Copy code"></button></div>',
    );
    expect(html('```"><b>\nx\n```')).not.toContain("data-language");
  });
  it("breaks lines where the writer did", () => {
    expect(html("a\nb")).toBe("<p>a<br>b</p>");
  });
  it("knows lists and quotes", () => {
    expect(html("- a\n- b")).toContain("<li>a</li>");
    expect(html("3. c")).toContain('<ol start="3">');
    expect(html("> said")).toContain("<blockquote>");
  });
  it("reads entities, and escapes by backslashes", () => {
    expect(html("&copy; &lt;b&gt; \\*x\\* \\<b>")).toBe("<p>© &lt;b&gt; *x* &lt;b&gt;</p>");
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

describe("signs", () => {
  const ana = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAV";
  const found = (markdown: string) =>
    [...render(markdown).querySelectorAll<HTMLElement>("[data-user], [data-channel], .mine")].map(
      ({ dataset, textContent }) => dataset["user"] ?? dataset["channel"] ?? textContent,
    );
  it("are found in words of every kind", () => {
    expect(found(`hi <@${ana}>, **<@${ana}>**!`)).toEqual([ana, ana]);
    expect(found("@channel look, @here too")).toEqual(["@channel", "@here"]);
    expect(found("see #release and (#design-critique).")).toEqual(["release", "design-critique"]);
    expect(found("#one.two. #a_b")).toEqual(["one.two", "a_b"]);
    expect(found("#größe")).toEqual(["größe"]);
    expect(found('**a**@here, "@channel"- and @here-')).toEqual(["@here", "@channel", "@here"]);
    expect(found(`[<@${ana}> @here](https://a.example)`)).toEqual([ana, "@here"]);
  });
  it("are not found in code, links, and the middle of words", () => {
    for (const markdown of [
      `\`<@${ana}>\` and \`@here\``,
      "```\n@channel #release\n```",
      "[#release](https://a.example)",
      `\\@here \\#release \\<@${ana}> a.@here a:@channel a=#release @channel-wide @here--x`,
      "https://a.example/#release",
      "a@channel.example @channels x#release ##release #Release &#35;",
      "<@usr_short> <@usr_01ARZ3NDEKTSV4RRFFQ69G5FAI> <@chn_01ARZ3NDEKTSV4RRFFQ69G5FAV>",
      "@Channel",
    ])
      expect([markdown, found(markdown)]).toEqual([markdown, []]);
  });
  it("leave the words around them as they are", () => {
    const holder = document.createElement("div");
    holder.append(render("one @here two #three, four"));
    expect(holder.textContent?.trim()).toBe("one @here two #three, four");
  });
});

it("links of the page itself stay on the page, all others go apart", () => {
  const target = (href: string) =>
    render(`[x](${href})`).querySelector("a")?.getAttribute("target") ?? null;
  expect(target(`${location.origin}/w/wsp_1/c/chn_1/m/msg_1`)).toBeNull();
  expect(target(`${location.origin}/api/me`)).toBe("_blank");
  expect(target("https://elsewhere.example/w/wsp_1/c/chn_1")).toBe("_blank");
});

it("plain words are shown the same without the parser", () => {
  const parsed = (text: string): string => {
    const holder = document.createElement("div");
    holder.append(render(`${text}\n\n*x*`));
    holder.lastElementChild?.remove();
    return holder.innerHTML.trim();
  };
  const pieces = [
    "a",
    "Ben",
    " ",
    "\n",
    "\n\n",
    "\n\n\n",
    "🦀",
    "1",
    ".",
    ")",
    "-",
    "+",
    "#",
    ":",
    "!",
  ];
  pieces.push(
    "'",
    '"',
    "(",
    "=",
    "é",
    "\u00A0",
    "@",
    "http",
    "//",
    "www.",
    "%",
    "^",
    "\u2028",
    "$",
  );
  let seed = 7;
  const next = (most: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * most);
  };
  for (let round = 0; round < 150; round += 1) {
    let text = "w";
    for (let piece = 0; piece < 12; piece += 1) text += pieces[next(pieces.length)] ?? "";
    text = text.trim();
    expect([text, html(text)]).toEqual([text, parsed(text)]);
  }
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
    "BUTTON",
    "CODE",
    "DEL",
    "DIV",
    "EM",
    "LI",
    "OL",
    "P",
    "PRE",
    "SPAN",
    "STRONG",
    "UL",
  ]);
  const attributes = new Set(
    // The latter are of what is built after the sanitiser.
    "href start rel target tabindex class type title aria-label data-user data-channel data-language".split(
      " ",
    ),
  );

  it.each(attacks)("%s", (attack) => {
    for (const element of render(attack).querySelectorAll("*")) {
      expect(allowed).toContain(element.tagName);
      for (const { name } of element.attributes) expect(attributes).toContain(name);
      expect(element.getAttribute("href") ?? "https://").toMatch(/^(https?:\/\/|mailto:)/i);
    }
  });
});
