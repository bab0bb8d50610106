//! A tiny model of the server: several people, channels, a log, and what each person may see.

import type {
  Account,
  Channel,
  Event,
  Member,
  Message,
  MessagePage,
  Page,
  Role,
  ServerFrame,
  Snapshot,
  ThreadSummary,
  User,
} from "../src/index.ts";
import { Desks } from "./desks.ts";

export const AT = "2026-11-20T09:46:00.000Z";
export const WORKSPACE = "wsp_1";

type Body = Pick<Event, "type" | "payload">;

interface Entry {
  readonly seq: number;
  readonly channelId?: string;
  /** The body as it was told live. */
  readonly live: Event;
  /** Who heard it live. */
  readonly heard: ReadonlySet<string>;
  /** The body as a replay tells it: with things as they are now. */
  readonly replay: () => Event;
  /** Whose access it changes: this person hears it always. */
  readonly concerns?: string;
}

interface Room {
  channel: Channel;
  /** Since which place of the channel somebody is in it. */
  readonly people: Map<string, number>;
  /** What is shown in the channel, as it is now. */
  readonly messages: readonly Message[];
}

interface Thread {
  readonly channelId: string;
  readonly replies: string[];
  title: string;
  locked: boolean;
  version: number;
}

/** What somebody sends, besides the text. */
export interface Send {
  readonly nonce?: string;
  readonly rootId?: string;
  readonly alsoInChannel?: boolean;
  readonly quoteOf?: string;
}

export class Town {
  epoch = "k1";
  seq = 0;
  readonly users = new Map<string, User>();
  readonly members = new Map<string, Member>();
  readonly rooms = new Map<string, Room>();
  readonly log: Entry[] = [];
  /** People whose guest role changed: their subscriptions end with resync_required. */
  readonly onGuestChanged: ((userId: string) => void)[] = [];
  /** Who keeps what for themselves. */
  readonly desks = new Desks(this);
  readonly threads = new Map<string, Thread>();
  readonly #stored = new Map<string, Message>();
  readonly #shown = new Map<string, string[]>();
  readonly #nonces = new Map<string, string>();

  constructor(...people: string[]) {
    for (const [index, id] of people.entries()) {
      this.users.set(id, { id, name: id, kind: "human", deactivated: false });
      this.join(id, index === 0 ? "owner" : "member");
    }
  }

  account(id: string): Account {
    const { name, kind, deactivated } = this.#user(id);
    return {
      id,
      name,
      kind,
      deactivated,
      is_administrator: false,
      may_create_workspaces: true,
      created_at: AT,
    };
  }

  cursor(seq = this.seq): string {
    return `${this.epoch}-${seq}`;
  }

  join(id: string, role: Role): void {
    const seq = this.seq + 1;
    this.members.set(id, {
      workspace_id: WORKSPACE,
      user: this.#user(id),
      role,
      joined_at: AT,
      version: seq,
    });
    this.#memberEvent("member.joined", id);
  }

  setRole(id: string, role: Role): void {
    const held = this.#member(id);
    this.members.set(id, { ...held, role, version: this.seq + 1 });
    this.#memberEvent("member.updated", id);
    if ((held.role === "guest") !== (role === "guest")) {
      for (const listener of this.onGuestChanged) listener(id);
    }
  }

  rename(id: string, name: string): void {
    const user = { ...this.#user(id), name };
    this.users.set(id, user);
    for (const message of this.#stored.values()) {
      if (message.author.id === id) this.#stored.set(message.id, { ...message, author: user });
    }
    const held = this.members.get(id);
    if (held === undefined) return;
    this.members.set(id, { ...held, user, version: this.seq + 1 });
    this.#memberEvent("member.updated", id);
  }

  removeMember(id: string): void {
    const heard = new Set(this.members.keys());
    this.members.delete(id);
    for (const { people } of this.rooms.values()) people.delete(id);
    this.desks.clear(id);
    this.#emit(() => ({ type: "member.removed", payload: { user_id: id } }), {
      heard,
      concerns: id,
    });
  }

  createChannel(by: string, id: string, kind: "public" | "private"): Channel {
    const channel: Channel = {
      id,
      workspace_id: WORKSPACE,
      kind,
      name: id,
      topic: "",
      created_by: by,
      created_at: AT,
      last_seq: 0,
      version: this.seq + 1,
    };
    this.#shown.set(id, []);
    const shown = () => (this.#shown.get(id) ?? []).map((held) => this.message(held));
    this.rooms.set(id, {
      channel,
      people: new Map([[by, 0]]),
      get messages() {
        return shown();
      },
    });
    this.#channelEvent("channel.created", id);
    this.#memberAdded(id, by);
    return channel;
  }

  setTopic(id: string, topic: string): Channel {
    const room = this.room(id);
    room.channel = { ...room.channel, topic, version: this.seq + 1 };
    this.#channelEvent("channel.updated", id);
    return room.channel;
  }

  enter(id: string, userId: string): void {
    const { people, channel } = this.room(id);
    if (people.has(userId)) return;
    people.set(userId, channel.last_seq);
    this.#memberAdded(id, userId);
  }

  leave(id: string, userId: string): void {
    const { people } = this.room(id);
    if (!people.has(userId)) return;
    const heard = this.#audience(id);
    people.delete(userId);
    this.#emit(
      () => ({ type: "channel.member_removed", payload: { channel_id: id, user_id: userId } }),
      { channelId: id, heard, concerns: userId },
    );
  }

  send(id: string, author: string, body: string, how: string | Send = {}): Message {
    const send = typeof how === "string" ? { nonce: how } : how;
    const { nonce = `${author}-${this.seq}-nonce`, rootId, quoteOf } = send;
    const sent = this.#nonces.get(nonce);
    if (sent !== undefined) return this.message(sent);
    const room = this.room(id);
    const thread = rootId === undefined ? undefined : this.#thread(id, rootId);
    const shown = this.#shown.get(id) ?? [];
    const inChannel = thread === undefined || send.alsoInChannel === true;
    const threadSeq = (thread?.replies.length ?? 0) + 1;
    const message: Message = {
      id: thread === undefined ? `msg_${id}_${shown.length + 1}` : `${rootId}_${threadSeq}`,
      workspace_id: WORKSPACE,
      channel_id: id,
      ...(inChannel ? { seq: shown.length + 1 } : {}),
      ...(rootId === undefined ? {} : { thread_root_id: rootId, thread_seq: threadSeq }),
      ...(quoteOf === undefined ? {} : { quote_of: quoteOf }),
      ...this.#mentions(id, author, body),
      author: this.#user(author),
      body,
      nonce,
      revision: 1,
      created_at: AT,
      version: this.seq + 1,
    };
    this.#nonces.set(nonce, message.id);
    this.#stored.set(message.id, message);
    if (inChannel) {
      shown.push(message.id);
      room.channel = { ...room.channel, last_seq: shown.length };
    }
    thread?.replies.push(message.id);
    if (thread !== undefined) thread.version = this.seq + 1;
    if (rootId === undefined) this.#messageEvent("message.created", message.id);
    else this.#replied(message.id, rootId);
    this.desks.sent(message);
    return this.message(message.id);
  }

  /** Whom a text names by @, and whether it calls everybody. */
  #mentions(id: string, author: string, body: string): Pick<Message, "mentions"> {
    const people = [...this.users.values()].filter(
      (user) => body.includes(`@${user.id}`) && this.sees(user.id, id),
    );
    const everyone = body.includes("@channel") ? { everyone: "channel" as const } : {};
    if (people.length === 0 && everyone.everyone === undefined) return {};
    const called = people.map((user) => user.id).filter((user) => user !== author);
    return { mentions: { people, called, ...everyone } };
  }

  #thread(channelId: string, rootId: string): Thread {
    const held = this.threads.get(rootId);
    if (held !== undefined) return held;
    const begun = { channelId, replies: [], title: "", locked: false, version: 0 };
    this.threads.set(rootId, begun);
    return begun;
  }

  /** A message as it is now. */
  message(id: string): Message {
    const message = this.#stored.get(id);
    if (message === undefined) throw new Error(`no message ${id}`);
    const thread = this.summary(id);
    return thread === undefined ? message : { ...message, thread };
  }

  has(id: string): boolean {
    return this.#stored.has(id);
  }

  summary(rootId: string): ThreadSummary | undefined {
    const thread = this.threads.get(rootId);
    if (thread === undefined) return undefined;
    const there = thread.replies
      .map((id) => this.message(id))
      .filter(({ deleted_at }) => deleted_at === undefined);
    const repliers = [...new Set(there.toReversed().map(({ author }) => author.id))];
    return {
      root_id: rootId,
      channel_id: thread.channelId,
      ...(thread.title === "" ? {} : { title: thread.title }),
      locked: thread.locked,
      reply_count: there.length,
      last_seq: thread.replies.length,
      ...(thread.replies.length === 0 ? {} : { last_reply_at: AT }),
      repliers: repliers.slice(0, 5).map((id) => this.#user(id)),
      version: thread.version,
    };
  }

  setTitle(rootId: string, title: string): void {
    const thread = this.#thread(this.message(rootId).channel_id, rootId);
    thread.title = title;
    thread.version = this.seq + 1;
    this.#threadEvent(rootId);
  }

  react(id: string, userId: string, emoji: string, on: boolean): void {
    const message = this.#stored.get(id);
    if (message === undefined || message.deleted_at !== undefined) return;
    const items = message.reactions?.items ?? [];
    const held = items.find((item) => item.emoji === emoji)?.user_ids ?? [];
    if (held.includes(userId) === on) return;
    const user_ids = on ? [...held, userId] : held.filter((other) => other !== userId);
    const others = items.filter((item) => item.emoji !== emoji);
    const item = { emoji, user_ids };
    const changed =
      held.length === 0 ? [...items, item] : items.map((old) => (old.emoji === emoji ? item : old));
    const version = this.seq + 1;
    this.#stored.set(id, {
      ...message,
      reactions: { items: user_ids.length === 0 ? others : changed, version },
    });
    const type = on ? "reaction.added" : "reaction.removed";
    const payload = { message_id: id, emoji, user: this.#user(userId) };
    const { channel_id: channelId } = message;
    this.#emit(() => ({ type, payload }), { channelId, heard: this.#audience(channelId) });
  }

  pin(id: string, userId: string, on: boolean): Message {
    const message = this.#stored.get(id);
    if (message === undefined || (message.pin !== undefined) === on) return this.message(id);
    const { pin: _, ...rest } = message;
    const pinned = on ? { ...rest, pin: { user_id: userId, created_at: AT } } : rest;
    this.#stored.set(id, { ...pinned, version: this.seq + 1 });
    this.#messageEvent(on ? "pin.added" : "pin.removed", id);
    return this.message(id);
  }

  edit(id: string, seq: number, body: string): Message {
    return this.editMessage(this.#at(id, seq), body);
  }

  editMessage(id: string, body: string): Message {
    const { channel_id, author, mentions } = this.message(id);
    const people = this.#mentions(channel_id, author.id, body).mentions?.people ?? [];
    const kept = mentions && (mentions.called.length > 0 || mentions.everyone !== undefined);
    const named = people.length > 0 || kept;
    return this.#change(id, "message.updated", {
      body,
      edited_at: AT,
      ...(named ? { mentions: { called: [], ...mentions, people } } : {}),
    });
  }

  delete(id: string, seq: number): Message {
    return this.deleteMessage(this.#at(id, seq));
  }

  deleteMessage(id: string): Message {
    const message = this.message(id);
    if (message.deleted_at !== undefined) return message;
    const { quote_of: _, pin: __, reactions: ___, thread: ____, mentions, ...rest } = message;
    this.#stored.set(id, { ...rest, ...(mentions && { mentions: { ...mentions, people: [] } }) });
    const deleted = this.#change(id, "message.deleted", { body: "", deleted_at: AT });
    const { thread_root_id: rootId } = message;
    const thread = rootId === undefined ? undefined : this.threads.get(rootId);
    if (rootId !== undefined && thread !== undefined) {
      thread.version = this.seq + 1;
      this.#threadEvent(rootId);
    }
    return deleted;
  }

  #at(id: string, seq: number): string {
    const found = this.#shown.get(id)?.[seq - 1];
    if (found === undefined) throw new Error(`no message ${seq} in ${id}`);
    return found;
  }

  sees(userId: string, channelId: string): boolean {
    const member = this.members.get(userId);
    const { channel, people } = this.room(channelId);
    if (member === undefined) return false;
    return people.has(userId) || (channel.kind === "public" && member.role !== "guest");
  }

  room(id: string): Room {
    const room = this.rooms.get(id);
    if (room === undefined) throw new Error(`the town has no channel ${id}`);
    return room;
  }

  visible(userId: string): Room[] {
    return [...this.rooms.values()].filter(({ channel }) => this.sees(userId, channel.id));
  }

  snapshot(userId: string): Snapshot {
    const rooms = this.visible(userId);
    return {
      as_of: this.cursor(),
      workspace: { id: WORKSPACE, name: "Tidepool", created_at: AT, version: 0 },
      me: this.#member(userId),
      members: [...this.members.values()],
      members_complete: true,
      channels: rooms.map(({ channel }) => channel),
      joined_channel_ids: rooms
        .filter(({ people }) => people.has(userId))
        .map(({ channel }) => channel.id),
      personal: this.desks.personal(userId),
      presence: [],
    };
  }

  page(id: string, first: number, last: number, userId?: string): Page {
    return this.#stretch(this.room(id).messages, first, last, userId);
  }

  threadPage(rootId: string, userId: string, first: number, last: number): Page {
    const replies = this.threads.get(rootId)?.replies ?? [];
    const messages = replies.map((reply) => this.message(reply));
    return {
      ...this.#stretch(messages, first, last, userId),
      root: this.message(rootId),
      follow: this.desks.follow(userId, rootId),
    };
  }

  newestReplies(rootId: string, userId: string, count = 50): Page {
    const { length } = this.threads.get(rootId)?.replies ?? [];
    return this.threadPage(rootId, userId, length - count + 1, length);
  }

  #stretch(all: readonly Message[], first: number, last: number, userId?: string): MessagePage {
    const messages = all.slice(Math.max(first, 1) - 1, last);
    const quoted = messages
      .flatMap(({ quote_of }) => (quote_of === undefined ? [] : [this.message(quote_of)]))
      .filter(({ channel_id }) => userId !== undefined && this.sees(userId, channel_id));
    return {
      messages,
      has_older: first > 1 && all.length > 0,
      has_newer: last < all.length,
      quoted,
      as_of: this.cursor(),
    };
  }

  newest(id: string, count = 50, userId?: string): MessagePage {
    const { length } = this.room(id).messages;
    return this.page(id, length - count + 1, length, userId);
  }

  /** What a socket says that was open at the time: events after a sequence, as they happened. */
  live(userId: string, after: number): ServerFrame[] {
    return this.log
      .filter(({ seq, heard }) => seq > after && heard.has(userId))
      .map(({ live }): ServerFrame => ({ type: "event", event: live }));
  }

  /** What a socket answers to a subscription. */
  subscribe(userId: string, after: number): ServerFrame[] {
    const events = this.log.filter(({ seq, channelId, concerns, live }) => {
      if (seq <= after) return false;
      if (concerns === userId)
        return live.type !== "channel.member_added" || this.#mayReplay(userId, channelId);
      return this.#mayReplay(userId, channelId);
    });
    return [
      {
        type: "subscribed",
        workspace_id: WORKSPACE,
        cursor: this.cursor(after),
        channel_ids: this.visible(userId).map(({ channel }) => channel.id),
        personal: this.desks.personal(userId),
        presence: [],
      },
      ...events.map(({ replay }): ServerFrame => ({ type: "event", event: replay() })),
      { type: "caught_up", workspace_id: WORKSPACE, cursor: this.cursor() },
    ];
  }

  #mayReplay(userId: string, channelId: string | undefined): boolean {
    return channelId === undefined || this.sees(userId, channelId);
  }

  #change(
    id: string,
    type: "message.updated" | "message.deleted",
    change: Partial<Message>,
  ): Message {
    const held = this.#stored.get(id);
    if (held === undefined) throw new Error(`no message ${id}`);
    const changed = { ...held, ...change, revision: held.revision + 1, version: this.seq + 1 };
    this.#stored.set(id, changed);
    this.#messageEvent(type, id);
    return this.message(id);
  }

  #messageEvent(
    type: "message.created" | "message.updated" | "message.deleted" | "pin.added" | "pin.removed",
    id: string,
  ): void {
    const { channel_id: channelId } = this.message(id);
    this.#emit(() => ({ type, payload: { message: this.message(id) } }) as Body, {
      channelId,
      heard: this.#audience(channelId),
    });
  }

  #replied(id: string, rootId: string): void {
    const { channel_id: channelId } = this.message(id);
    const payload = () => ({ message: this.message(id), thread: this.#summaryOf(rootId) });
    this.#emit(() => ({ type: "thread.reply_created", payload: payload() }), {
      channelId,
      heard: this.#audience(channelId),
    });
  }

  #threadEvent(rootId: string): void {
    const { channel_id: channelId } = this.message(rootId);
    this.#emit(
      () => ({ type: "thread.state_updated", payload: { thread: this.#summaryOf(rootId) } }),
      { channelId, heard: this.#audience(channelId) },
    );
  }

  #summaryOf(rootId: string): ThreadSummary {
    const summary = this.summary(rootId);
    if (summary === undefined) throw new Error("a thread of the log exists");
    return summary;
  }

  #channelEvent(type: "channel.created" | "channel.updated", id: string): void {
    const body = () => ({ type, payload: { channel: this.room(id).channel } });
    this.#emit(body, { channelId: id, heard: this.#audience(id) });
  }

  #memberAdded(id: string, userId: string): void {
    this.#emit(
      () => ({
        type: "channel.member_added",
        payload: { channel: this.room(id).channel, user: this.#user(userId) },
      }),
      { channelId: id, heard: this.#audience(id), concerns: userId },
    );
    this.desks.entered(userId, id);
  }

  #memberEvent(type: "member.joined" | "member.updated", id: string): void {
    let last = this.#member(id);
    this.#emit(
      () => {
        last = this.members.get(id) ?? last;
        return { type, payload: { member: last } };
      },
      { heard: new Set(this.members.keys()) },
    );
  }

  #audience(id: string): Set<string> {
    return new Set([...this.members.keys()].filter((userId) => this.sees(userId, id)));
  }

  #emit(
    body: () => Body,
    entry: { heard: ReadonlySet<string>; channelId?: string; concerns?: string },
  ): void {
    this.seq += 1;
    const seq = this.seq;
    const event = () =>
      ({
        id: `evt_${seq}`,
        cursor: this.cursor(seq),
        workspace_id: WORKSPACE,
        ...(entry.channelId === undefined ? {} : { channel_id: entry.channelId }),
        created_at: AT,
        ...body(),
      }) as Event;
    this.log.push({ seq, live: event(), replay: event, ...entry });
  }

  #user(id: string): User {
    const user = this.users.get(id);
    if (user === undefined) throw new Error(`the town knows no ${id}`);
    return user;
  }

  #member(id: string): Member {
    const member = this.members.get(id);
    if (member === undefined) throw new Error(`${id} is no member`);
    return member;
  }
}
