//! What the list of a sidebar is made of.

/** A section as it is shown. */
export interface Section {
  key: string;
  /** Of a section that the person made. */
  name?: string;
  collapsed: boolean;
  /** Everything in it, in order. */
  channelIds: readonly string[];
  /** How many of them stand first because they were put there; the others follow by name. */
  placed: number;
}

/** One line of the list: a section, a channel in it, or the place to put the first one. */
export type Line =
  | { kind: "section"; key: string; name?: string; collapsed: boolean }
  | { kind: "channel"; key: string; id: string; section: string }
  | { kind: "hint"; key: string; section: string };

/** What a line shows of a channel. */
export interface ChannelFace {
  name: string;
  isPrivate: boolean;
  href: string;
  unread: boolean;
  mentions: number;
  muted: boolean;
}

/** Where something is dropped: on which line, and on which side of its middle. */
export interface Drop {
  over: Line;
  after: boolean;
}
