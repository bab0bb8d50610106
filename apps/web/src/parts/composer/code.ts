//! Where code stands in a text that is being written: nothing is completed, named or continued in there.

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/** A stretch of code, marks included. */
export interface Stretch {
  from: number;
  to: number;
}

interface Fence {
  mark: string;
  from: number;
}

/** The fence that a line opens or closes. */
function turn(line: string, open: Fence | undefined, from: number): Fence | undefined {
  const [, mark, rest = ""] = FENCE.exec(line) ?? [];
  if (mark === undefined) return open;
  if (open === undefined) return mark[0] === "`" && rest.includes("`") ? undefined : { mark, from };
  const closes = mark[0] === open.mark[0] && mark.length >= open.mark.length && rest.trim() === "";
  return closes ? undefined : open;
}

/** Whether a place is inside of a fenced block: behind its opening line, before its closing one. */
export function inFence(text: string, at: number): boolean {
  let open: Fence | undefined;
  for (const line of text.slice(0, at).split("\n")) open = turn(line, open, 0);
  return open !== undefined;
}

/** Code within lines: what stands between two runs of as many backticks. */
function spans(text: string, from: number, to: number, into: Stretch[]): void {
  const runs = [...text.slice(from, to).matchAll(/`+/g)];
  for (let at = 0; at < runs.length; at += 1) {
    const opening = runs[at];
    const end = runs.findIndex((run, later) => later > at && run[0].length === opening?.[0].length);
    const closing = runs[end];
    if (opening === undefined || closing === undefined) continue;
    into.push({
      from: from + opening.index,
      to: from + closing.index + closing[0].length,
    });
    at = end;
  }
}

/** All code of a text, in order; a fence without an end goes to the end. */
export function codeIn(text: string): Stretch[] {
  const found: Stretch[] = [];
  if (!/[`~]/.test(text)) return found;
  let open: Fence | undefined;
  let plain = 0;
  let at = 0;
  for (const line of text.split("\n")) {
    const next = turn(line, open, at);
    const end = at + line.length;
    if (open === undefined && next !== undefined) spans(text, plain, at, found);
    if (open !== undefined && next === undefined) {
      found.push({ from: open.from, to: end });
      plain = end;
    }
    open = next;
    at = end + 1;
  }
  if (open === undefined) spans(text, plain, text.length, found);
  else found.push({ from: open.from, to: text.length });
  return found;
}

/** Whether a place is inside of code, finished or only begun. */
export function inCode(text: string, at: number): boolean {
  if (inFence(text, at)) return true;
  if (codeIn(text).some(({ from, to }) => from < at && at < to)) return true;
  // An odd backtick in the line before the caret is code that is being written.
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  const written = codeIn(line).reduceRight(
    (left, { from, to }) => left.slice(0, from) + left.slice(to),
    line,
  );
  return written.includes("`");
}
