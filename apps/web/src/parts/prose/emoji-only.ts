//! Messages that are nothing but a few emoji are drawn large.

const MOST = 12;
const LONGEST = 200;
const EMOJI =
  /^(?:\p{RI}{2}|[0-9#*]\uFE0F?\u20E3|(?:\p{Emoji_Presentation}|\p{Extended_Pictographic})(?:\p{EMod}|\uFE0F)?[\u{E0020}-\u{E007F}]*(?:\u200D(?:\p{Emoji_Presentation}|\p{Extended_Pictographic})(?:\p{EMod}|\uFE0F)?)*)/u;

/** Whether a text consists of one to a dozen emoji and blanks. */
export function onlyEmoji(text: string): boolean {
  if (text.length > LONGEST) return false;
  let rest = text.trim();
  let count = 0;
  while (rest !== "") {
    const found = EMOJI.exec(rest)?.[0];
    if (found === undefined || (count += 1) > MOST) return false;
    rest = rest.slice(found.length).trimStart();
  }
  return count > 0;
}
