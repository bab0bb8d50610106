//! Words about the sidebar's lines, and what one step does to them.
import { STARRED, step, stepSection } from "../live/arrangement.ts";
import type { ChannelFace, Line, Section } from "../parts/lines.ts";
import { say } from "../strings.ts";

/** A section's name. */
export const sectionName = ({ key, name }: { key: string; name?: string }): string =>
  name ?? (key === STARRED ? say.sidebar.starred : say.sidebar.channels);

/** One step of either kind of line; nothing at the end. */
export function stepped(
  sections: readonly Section[],
  line: Line,
  by: -1 | 1,
): readonly Section[] | undefined {
  if (line.kind === "hint") return undefined;
  return line.kind === "channel"
    ? step(sections, line.id, by)
    : stepSection(sections, line.key, by);
}

/** What a line's menu is called. */
export const menuName = (line: Line, face: ChannelFace | undefined): string =>
  line.kind === "section"
    ? say.sidebar.sectionMenu(sectionName(line))
    : say.sidebar.channelMenu(face?.name ?? "");

/** Whether a channel looks as it looked. */
export const sameFace = (one: ChannelFace, other: ChannelFace): boolean =>
  one.name === other.name &&
  one.isPrivate === other.isPrivate &&
  one.href === other.href &&
  one.unread === other.unread &&
  one.mentions === other.mentions &&
  one.muted === other.muted;
