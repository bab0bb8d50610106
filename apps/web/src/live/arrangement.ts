//! A person's own order of a sidebar: its sections, what is in which, and what moving does to them.
import type { Schemas } from "@clickclack/sdk";
import type { Drop, Line, Section } from "../parts/lines.ts";

/** How the account keeps a section. */
export type KeptSection = Schemas["SidebarSection"];

/** The sections that are always there. */
export const STARRED = "starred";
export const CHANNELS = "channels";
/** As the server bounds it. */
const MOST_PLACED = 1000;
export const MOST_SECTIONS = 50;

/** Whether the person made it. */
export const isOwn = (key: string): boolean => key !== STARRED && key !== CHANNELS;

/** What is asked about a channel: its id, and whether it is starred. In order of names. */
export interface Placeable {
  id: string;
  starred: boolean;
}

/** Puts channels into their sections. What nobody placed stands in the last section by name. */
export function arrange(
  kept: readonly KeptSection[],
  channels: readonly Placeable[],
): readonly Section[] {
  const starred = new Map(channels.map((channel) => [channel.id, channel.starred]));
  const keys = [...new Set([...kept.map(({ key }) => key), STARRED, CHANNELS])];
  const byKey = new Map(kept.map((section) => [section.key, section]));
  const taken = new Set<string>();
  const placedIn = new Map<string, string[]>();
  for (const key of keys) {
    const placed: string[] = [];
    for (const id of byKey.get(key)?.channel_ids ?? []) {
      // A star wins over a section: whoever takes it away finds the channel where it was.
      if (!starred.has(id) || (starred.get(id) === true) !== (key === STARRED)) continue;
      if (taken.has(id)) continue;
      taken.add(id);
      placed.push(id);
    }
    placedIn.set(key, placed);
  }
  const rest = channels.filter(({ id }) => !taken.has(id));
  return keys.map((key) => {
    const placed = placedIn.get(key) ?? [];
    const others = isOwn(key)
      ? []
      : rest.filter((channel) => channel.starred === (key === STARRED)).map(({ id }) => id);
    const section = byKey.get(key);
    return {
      key,
      ...(section?.name === undefined ? {} : { name: section.name }),
      collapsed: section?.collapsed ?? false,
      channelIds: [...placed, ...others],
      placed: placed.length,
    };
  });
}

/** The lines of the list. A collapsed section still shows what asks for attention. */
export function linesOf(sections: readonly Section[], asks: (id: string) => boolean): Line[] {
  return sections.flatMap((section): Line[] => {
    const { key, name, collapsed, channelIds } = section;
    if (key === STARRED && channelIds.length === 0) return [];
    const shown = collapsed ? channelIds.filter(asks) : channelIds;
    const head: Line = {
      kind: "section",
      key,
      ...(name === undefined ? {} : { name }),
      collapsed,
    };
    if (isOwn(key) && channelIds.length === 0 && !collapsed)
      return [head, { kind: "hint", key: `${key}/hint`, section: key }];
    return [head, ...shown.map((id): Line => ({ kind: "channel", key: id, id, section: key }))];
  });
}

/** Whether two lists show the same, so that the one on the screen can stay. */
export function sameLines(some: readonly Line[], others: readonly Line[]): boolean {
  return (
    some.length === others.length &&
    some.every((line, index) => {
      const other = others[index];
      if (other === undefined || line.key !== other.key || line.kind !== other.kind) return false;
      if (line.kind !== "section" || other.kind !== "section") return true;
      return line.name === other.name && line.collapsed === other.collapsed;
    })
  );
}

/** The channels in the order in which they are shown, also those that a collapsed section hides. */
export const inOrder = (sections: readonly Section[]): string[] =>
  sections.flatMap(({ channelIds }) => channelIds);

/** Sections as the account keeps them. `before` holds what they were: a starred channel's section is not forgotten. */
export function keep(
  sections: readonly Section[],
  before: readonly KeptSection[] = [],
): KeptSection[] {
  const starred = new Set(sections.find(({ key }) => key === STARRED)?.channelIds);
  const old = new Map(before.map(({ key, channel_ids }) => [key, channel_ids]));
  return sections.map(({ key, name, collapsed, channelIds, placed }) => {
    const put = channelIds.slice(0, placed);
    const waiting = key === STARRED ? [] : (old.get(key) ?? []).filter((id) => starred.has(id));
    return {
      key,
      ...(name === undefined ? {} : { name }),
      collapsed,
      channel_ids: [...put, ...waiting].slice(0, MOST_PLACED),
    };
  });
}

function change(
  sections: readonly Section[],
  key: string,
  make: (section: Section) => Section,
): readonly Section[] {
  return sections.map((section) => (section.key === key ? make(section) : section));
}

function without(section: Section, id: string): Section {
  const at = section.channelIds.indexOf(id);
  if (at < 0) return section;
  return {
    ...section,
    channelIds: section.channelIds.toSpliced(at, 1),
    placed: at < section.placed ? section.placed - 1 : section.placed,
  };
}

/** Puts a channel into a section, before the channel that stands at `index` without it. */
export function place(
  sections: readonly Section[],
  id: string,
  to: string,
  index: number,
): readonly Section[] {
  if (!sections.some(({ key }) => key === to)) return sections;
  const lifted = sections.map((section) => without(section, id));
  return change(lifted, to, (section) => {
    const at = Math.max(0, Math.min(index, section.channelIds.length));
    return {
      ...section,
      channelIds: section.channelIds.toSpliced(at, 0, id),
      // What stands before it has to stay before it.
      placed: Math.max(section.placed, at) + 1,
    };
  });
}

/** One step up or down, over the edge into the next section that the person may fill. */
export function step(
  sections: readonly Section[],
  id: string,
  by: -1 | 1,
): readonly Section[] | undefined {
  const at = sections.findIndex(({ channelIds }) => channelIds.includes(id));
  const section = sections[at];
  if (section === undefined) return undefined;
  const index = section.channelIds.indexOf(id) + by;
  if (index >= 0 && index < section.channelIds.length)
    return place(sections, id, section.key, index);
  if (section.key === STARRED) return undefined;
  const others = by < 0 ? sections.slice(0, at).toReversed() : sections.slice(at + 1);
  const next = others.find(({ key }) => key !== STARRED);
  return next && place(sections, id, next.key, by < 0 ? next.channelIds.length : 0);
}

/** Puts a section before another, or last. */
export function placeSection(
  sections: readonly Section[],
  key: string,
  before: string | undefined,
): readonly Section[] {
  const moved = sections.find((section) => section.key === key);
  if (moved === undefined || key === before) return sections;
  const rest = sections.filter((section) => section.key !== key);
  const at = rest.findIndex((section) => section.key === before);
  return rest.toSpliced(at < 0 ? rest.length : at, 0, moved);
}

/** One step up or down for a section, over what is shown: an empty starred section is not. */
export function stepSection(
  sections: readonly Section[],
  key: string,
  by: -1 | 1,
): readonly Section[] | undefined {
  const shown = sections.filter(
    (section) => section.key !== STARRED || section.channelIds.length > 0,
  );
  const at = shown.findIndex((section) => section.key === key);
  if (at < 0 || shown[at + by] === undefined) return undefined;
  return placeSection(sections, key, by < 0 ? shown[at - 1]?.key : shown[at + 2]?.key);
}

/** What dropping a line somewhere leads to; nothing where it stays as it is. */
export function dropped(
  sections: readonly Section[],
  line: Line,
  { over, after }: Drop,
): readonly Section[] | undefined {
  if (line.kind === "hint" || line.key === over.key) return undefined;
  const target = over.kind === "section" ? over.key : over.section;
  if (line.kind === "section") {
    const at = sections.findIndex(({ key }) => key === target);
    const before = after || over.kind !== "section" ? sections[at + 1]?.key : target;
    return line.key === target ? undefined : placeSection(sections, line.key, before);
  }
  if (over.kind !== "channel") return place(sections, line.id, target, 0);
  const others = sections.find(({ key }) => key === target)?.channelIds ?? [];
  const at = others.filter((id) => id !== line.id).indexOf(over.id);
  return place(sections, line.id, target, at + (after ? 1 : 0));
}

/** Opens or closes a section. */
export const toggle = (sections: readonly Section[], key: string): readonly Section[] =>
  change(sections, key, (section) => ({ ...section, collapsed: !section.collapsed }));

/** Gives a section another name. */
export const rename = (sections: readonly Section[], key: string, name: string) =>
  change(sections, key, (section) => ({ ...section, name }));

/** Makes an empty section above the one that holds what nobody placed. */
export function add(sections: readonly Section[], key: string, name: string): readonly Section[] {
  const made: Section = { key, name, collapsed: false, channelIds: [], placed: 0 };
  const at = sections.findIndex((section) => section.key === CHANNELS);
  return sections.toSpliced(at < 0 ? sections.length : at, 0, made);
}

/** Takes a section away; what was in it stands by its name again. */
export function remove(sections: readonly Section[], key: string): readonly Section[] {
  return isOwn(key) ? sections.filter((section) => section.key !== key) : sections;
}
