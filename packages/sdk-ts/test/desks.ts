//! What the town's people keep for themselves: positions, followed threads, marks, drafts, preferences.

import type {
  ChannelPreferences,
  Draft,
  Message,
  PersonalState,
  ReadState,
  SavedMark,
  ServerFrame,
  Sidebar,
  SidebarSection,
  ThreadFollow,
} from "../src/index.ts";
import { AT, WORKSPACE, type Town } from "./town.ts";

interface Place {
  seq: number;
  version: number;
  following: boolean;
}

class Desk {
  version = 0;
  readonly reads = new Map<string, Place>();
  readonly follows = new Map<string, Place>();
  readonly saved = new Map<string, SavedMark>();
  readonly drafts = new Map<string, Draft>();
  readonly preferences = new Map<string, ChannelPreferences>();
  sidebar: Sidebar = { sections: [], version: 0 };
}

export class Desks {
  /** Newest threads that the personal state names; a small number tests those that it leaves out. */
  followLimit = 500;
  /** What was told to each person's sessions. */
  readonly told = new Map<string, { readonly after: number; readonly frame: ServerFrame }[]>();
  readonly #town: Town;
  readonly #desks = new Map<string, Desk>();

  constructor(town: Town) {
    this.#town = town;
  }

  clear(userId: string): void {
    this.#desks.delete(userId);
  }

  personal(userId: string): PersonalState {
    const desk = this.#desk(userId);
    const seen = <T extends { readonly channel_id: string }>(entries: Iterable<T>) =>
      [...entries].filter(({ channel_id }) => this.#town.sees(userId, channel_id));
    const follows = seen([...desk.follows.keys()].map((id) => this.follow(userId, id)));
    return {
      version: desk.version,
      reads: seen([...desk.reads.keys()].map((id) => this.read(userId, id))),
      follows: follows.slice(Math.max(0, follows.length - this.followLimit)),
      follows_complete: follows.length <= this.followLimit,
      saved: seen(desk.saved.values()).filter(
        ({ saved, message_id }) => saved && this.#town.message(message_id).deleted_at === undefined,
      ),
      drafts: seen(desk.drafts.values()).filter(({ body }) => body !== ""),
      channel_preferences: seen(desk.preferences.values()),
      sidebar: desk.sidebar,
    };
  }

  read(userId: string, channelId: string): ReadState {
    const { seq = 0, version = 0 } = this.#desk(userId).reads.get(channelId) ?? {};
    const { people, messages } = this.#town.room(channelId);
    const counts = this.#count(userId, people.has(userId) ? messages.slice(seq) : []);
    return { channel_id: channelId, read_seq: seq, version, ...counts, as_of: this.#town.cursor() };
  }

  follow(userId: string, rootId: string): ThreadFollow {
    const place = this.#desk(userId).follows.get(rootId);
    const { seq = 0, version = 0, following = false } = place ?? {};
    const replies = following ? (this.#town.threads.get(rootId)?.replies ?? []) : [];
    const after = replies.slice(seq).map((id) => this.#town.message(id));
    return {
      root_id: rootId,
      channel_id: this.#town.message(rootId).channel_id,
      following,
      read_seq: seq,
      version,
      ...this.#count(userId, after),
      as_of: this.#town.cursor(),
    };
  }

  #count(userId: string, messages: readonly Message[]) {
    const unread = messages.filter(
      ({ author, deleted_at }) => author.id !== userId && deleted_at === undefined,
    );
    const calling = unread.filter(
      ({ mentions }) =>
        mentions?.called.includes(userId) === true || mentions?.everyone !== undefined,
    );
    return { unread: Math.min(100, unread.length), mentions: Math.min(100, calling.length) };
  }

  mark(userId: string, channelId: string, seq: number): ReadState {
    const held = this.#desk(userId).reads.get(channelId)?.seq ?? 0;
    const newest = this.#town.room(channelId).channel.last_seq;
    const to = Math.min(seq, newest);
    return to > held ? this.#place(userId, channelId, to) : this.read(userId, channelId);
  }

  unmark(userId: string, channelId: string, seq: number): ReadState {
    const held = this.#desk(userId).reads.get(channelId)?.seq ?? 0;
    return seq - 1 < held ? this.#place(userId, channelId, seq - 1) : this.read(userId, channelId);
  }

  markThread(userId: string, rootId: string, seq: number): ThreadFollow {
    const held = this.#desk(userId).follows.get(rootId);
    const last = this.#town.threads.get(rootId)?.replies.length ?? 0;
    const to = Math.min(seq, last);
    if (held === undefined || !held.following || to <= held.seq) return this.follow(userId, rootId);
    return this.#follows(userId, rootId, true, to);
  }

  unmarkThread(userId: string, rootId: string, seq: number): ThreadFollow {
    const held = this.#desk(userId).follows.get(rootId);
    const last = this.#town.threads.get(rootId)?.replies.length ?? 0;
    const to = Math.min(held?.seq ?? last, seq - 1);
    return this.#follows(userId, rootId, true, to);
  }

  setFollow(userId: string, rootId: string, on: boolean): ThreadFollow {
    const held = this.#desk(userId).follows.get(rootId);
    if ((held?.following ?? false) === on) return this.follow(userId, rootId);
    const last = this.#town.threads.get(rootId)?.replies.length ?? 0;
    return this.#follows(userId, rootId, on, on ? last : (held?.seq ?? 0));
  }

  save(userId: string, messageId: string, on: boolean): SavedMark {
    const desk = this.#desk(userId);
    const { channel_id } = this.#town.message(messageId);
    const mark = { message_id: messageId, channel_id, saved: on, version: this.#step(desk) };
    desk.saved.set(messageId, mark);
    this.#tell(userId, { type: "saved.updated", workspace_id: WORKSPACE, saved: mark });
    return mark;
  }

  draft(userId: string, channelId: string, rootId: string | undefined, body: string): Draft {
    const desk = this.#desk(userId);
    const thread = rootId === undefined ? {} : { thread_root_id: rootId };
    const version = this.#step(desk);
    const draft = { channel_id: channelId, ...thread, body, updated_at: AT, version };
    desk.drafts.set(rootId ?? channelId, draft);
    this.#tell(userId, { type: "draft.updated", workspace_id: WORKSPACE, draft });
    return draft;
  }

  prefer(
    userId: string,
    channelId: string,
    change: { readonly starred?: boolean; readonly muted?: boolean },
  ): ChannelPreferences {
    const desk = this.#desk(userId);
    const { starred = false, muted = false } = desk.preferences.get(channelId) ?? {};
    const version = this.#step(desk);
    const channel = { channel_id: channelId, starred, muted, ...change, version };
    desk.preferences.set(channelId, channel);
    this.#tell(userId, { type: "preferences.updated", workspace_id: WORKSPACE, channel });
    return channel;
  }

  arrange(userId: string, sections: SidebarSection[]): Sidebar {
    const desk = this.#desk(userId);
    const sidebar = (desk.sidebar = { sections, version: this.#step(desk) });
    this.#tell(userId, { type: "preferences.updated", workspace_id: WORKSPACE, sidebar });
    return sidebar;
  }

  /** Whoever comes into a channel has read what was there before. */
  entered(userId: string, channelId: string): void {
    this.#place(userId, channelId, this.#town.room(channelId).channel.last_seq);
  }

  /** Sending moves the author's own positions, and makes those follow whom a reply concerns. */
  sent(message: Message): void {
    const { channel_id, author, seq, thread_root_id: rootId, thread_seq, mentions } = message;
    if (seq !== undefined && this.#town.room(channel_id).people.has(author.id))
      this.#place(author.id, channel_id, seq);
    if (rootId === undefined || thread_seq === undefined) return;
    this.#follows(author.id, rootId, true, thread_seq);
    for (const called of mentions?.called ?? []) {
      const held = this.#desk(called).follows.get(rootId);
      this.#follows(called, rootId, true, held?.following ? held.seq : thread_seq - 1);
    }
    const root = this.#town.message(rootId).author.id;
    const known = this.#desk(root).follows.has(rootId) || !this.#town.members.has(root);
    if (!known) this.#follows(root, rootId, true, thread_seq - 1);
  }

  #place(userId: string, channelId: string, seq: number): ReadState {
    const desk = this.#desk(userId);
    desk.reads.set(channelId, { seq, version: this.#step(desk), following: false });
    const read = this.read(userId, channelId);
    this.#tell(userId, { type: "read.updated", workspace_id: WORKSPACE, read });
    return read;
  }

  #follows(userId: string, rootId: string, following: boolean, seq: number): ThreadFollow {
    const desk = this.#desk(userId);
    desk.follows.set(rootId, { seq, version: this.#step(desk), following });
    const follow = this.follow(userId, rootId);
    if (this.#town.sees(userId, follow.channel_id))
      this.#tell(userId, { type: "follow.updated", workspace_id: WORKSPACE, follow });
    return follow;
  }

  #step(desk: Desk): number {
    desk.version += 1;
    return desk.version;
  }

  #desk(userId: string): Desk {
    const held = this.#desks.get(userId) ?? new Desk();
    this.#desks.set(userId, held);
    return held;
  }

  #tell(userId: string, frame: ServerFrame): void {
    const told = this.told.get(userId) ?? [];
    told.push({ after: this.#town.seq, frame });
    this.told.set(userId, told);
  }
}
