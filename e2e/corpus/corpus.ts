//! The corpus: the hand-written attempts as they are, and inside every construct of Markdown that carries text or an address.
import { addresses, elements, events, foreign, RUN, styles, templates, tricks } from "./vectors.ts";

type Carrier = (attempt: string) => string;

/** Ways for an address to become a link or a picture. */
const links: readonly Carrier[] = [
  (to) => `[tide](${to})`,
  (to) => `[tide](<${to}>)`,
  (to) => `![tide](${to})`,
  (to) => `<${to}>`,
  (to) => `[tide][x]\n\n[x]: ${to}`,
  (to) => `[![tide](${to})](${to})`,
  (to) => `<a href="${to}">tide</a>`,
  (to) => `[tide](${to} "title onmouseover=${RUN}")`,
];

/** Ways for HTML to stand in Markdown. */
const frames: readonly Carrier[] = [
  (html) => `> ${html}`,
  (html) => `- ${html}`,
  (html) => `# ${html}`,
  (html) => `**${html}**`,
  (html) => `[${html}](https://tide.example)`,
  (html) => `![${html}](https://tide.example/x.png)`,
  (html) => `\`\`${html}\`\``,
  (html) => `\`\`\`html"onload=${RUN}\n${html}\n\`\`\``,
  (html) => `~~~\n</code></pre>${html}`,
  (html) => `| a |\n| - |\n| ${html} |`,
];

/** Markdown that tries to fool its own parser. */
const markdown: readonly string[] = [
  `[a](javascript:${RUN}//[b](https://tide.example))`,
  `[a]( javascript:${RUN} )`,
  `[a](javascript:${RUN}\n)`,
  `[a](&#x6A;avascript:${RUN})`,
  `[a](https://tide.example "\\"onmouseover=${RUN} x=\\"")`,
  `[a](https://tide.example '"onmouseover="${RUN}')`,
  `[a\`](javascript:${RUN})\``,
  `\`[a\`](javascript:${RUN})`,
  `![](https://tide.example/"onerror="${RUN})`,
  `![a](x"onerror=${RUN}//)`,
  `[![](x onerror=${RUN})](javascript:${RUN})`,
  `**<img src=x onerror=${RUN}**>`,
  `<https://tide.example/"onclick="${RUN}">`,
  `https://tide.example/"onclick="${RUN}`,
  `www.tide.example"onclick="${RUN}`,
  `a@tide.example"onclick="${RUN}`,
  `\\<script>${RUN}\\</script>`,
  `<a href="https://tide.example" onclick="${RUN}">a</a>`,
  `<div markdown="1">[a](javascript:${RUN})</div>`,
  `[a]: javascript:${RUN}\n[a]`,
  `[^1]\n\n[^1]: <img src=x onerror=${RUN}>`,
  `- [x] <img src=x onerror=${RUN}>`,
  `1. <details open ontoggle=${RUN}>\n2. x`,
  `${"> ".repeat(200)}<img src=x onerror=${RUN}>`,
  `${"[".repeat(500)}a](javascript:${RUN})`,
  `${"*".repeat(600)}<img src=x onerror=${RUN}>`,
  `${"- ".repeat(100)}<script>${RUN}</script>`,
  `<b\n\n>\n\n<img src=x onerror=${RUN}>`,
  `\`\`\`javascript:${RUN}\nx\n\`\`\``,
  `    </code></pre><img src=x onerror=${RUN}>`,
  `<!-- [a](javascript:${RUN}) -->`,
  `<![CDATA[[a](javascript:${RUN})]]>`,
  `a<br onload=${RUN}>b<hr onload=${RUN}>`,
  `:img[src=x onerror=${RUN}]:`,
  `@ana<script>${RUN}</script>#general"onclick=${RUN}`,
  `<@usr_01ARZ3NDEKTSV4RRFFQ69G5FAV"onclick=${RUN}> <@usr_01ARZ3NDEKTSV4RRFFQ69G5FAV>`,
  `@channel<img src=x onerror=${RUN}> #general<img src=x onerror=${RUN}>`,
  `[#general @here](javascript:${RUN}) \\<@usr_01ARZ3NDEKTSV4RRFFQ69G5FAV>`,
  `\`\`\`html\n<script>${RUN}</script><img src=x onerror=${RUN}>\n\`\`\``,
  `\`\`\`js\n\`<img src=x onerror=${RUN}>\` // </span><script>${RUN}</script>\n\`\`\``,
];

/** Picks every nth, so that a carrier meets some of each kind without meeting all. */
function every(list: readonly string[], step: number, from: number): string[] {
  return list.filter((_, at) => at % step === from % step);
}

/** All attempts: each a text that somebody might send. None is empty and none stands twice. */
export function corpus(): string[] {
  const html = [...elements, ...events, ...foreign, ...styles];
  const carried = [
    ...addresses.flatMap((to, at) => [
      ...links.slice(0, 4).map((carry) => carry(to)),
      ...links
        .slice(4)
        .filter((_, by) => by === at % 4)
        .map((carry) => carry(to)),
    ]),
    ...frames.flatMap((carry, at) => every(html, frames.length, at).map(carry)),
  ];
  const all = [...html, ...templates, ...addresses, ...tricks, ...markdown, ...carried];
  return [...new Set(all.filter((text) => text.trim() !== ""))];
}

/** Short attempts, fit for names and topics. */
export function names(longest: number): string[] {
  const all = [...events, ...elements, ...foreign, ...templates, ...tricks, ...addresses];
  const fit = all.filter((text) => text === text.trim() && text.length <= longest);
  return fit.filter((text) => !/[\p{Cc}\p{Cf}]/u.test(text));
}
