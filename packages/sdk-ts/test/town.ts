//! A tiny model of the server: several people, channels, a log, and what each person may see.

import type {
  Account,
  Channel,
  Event,
  Member,
  Message,
  MessagePage,
  Role,
  ServerFrame,
  Snapshot,
  User,
} from "../src/index.ts";

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
  readonly people: Set<string>;
  readonly messages: Message[];
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
  readonly #nonces = new Map<string, Message>();

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
    for (const room of this.rooms.values()) {
      room.messages.forEach((message, index) => {
        if (message.author.id === id) room.messages[index] = { ...message, author: user };
      });
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
    this.rooms.set(id, { channel, people: new Set([by]), messages: [] });
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
    const { people } = this.room(id);
    if (people.has(userId)) return;
    people.add(userId);
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

  send(id: string, author: string, body: string, nonce = `${author}-${this.seq}-nonce`): Message {
    const sent = this.#nonces.get(nonce);
    if (sent !== undefined) return this.room(id).messages[sent.seq - 1] ?? sent;
    const room = this.room(id);
    const seq = room.messages.length + 1;
    const message: Message = {
      id: `msg_${id}_${seq}`,
      workspace_id: WORKSPACE,
      channel_id: id,
      seq,
      author: this.#user(author),
      body,
      nonce,
      revision: 1,
      created_at: AT,
      version: this.seq + 1,
    };
    this.#nonces.set(nonce, message);
    room.messages.push(message);
    room.channel = { ...room.channel, last_seq: seq };
    this.#messageEvent("message.created", id, seq);
    return message;
  }

  edit(id: string, seq: number, body: string): Message {
    return this.#change(id, seq, "message.updated", { body, edited_at: AT });
  }

  delete(id: string, seq: number): Message {
    return this.#change(id, seq, "message.deleted", { body: "", deleted_at: AT });
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
      personal: { version: 0, reads: [] },
      presence: [],
    };
  }

  page(id: string, first: number, last: number): MessagePage {
    const { messages } = this.room(id);
    return {
      messages: messages.slice(Math.max(first, 1) - 1, last),
      has_older: first > 1 && messages.length > 0,
      has_newer: last < messages.length,
      as_of: this.cursor(),
    };
  }

  newest(id: string, count = 50): MessagePage {
    const { length } = this.room(id).messages;
    return this.page(id, length - count + 1, length);
  }

  /** What a socket says that was open at the time: events after a sequence, as they happened. */
  live(userId: string, after: number): ServerFrame[] {
    return this.log
      .filter(({ seq, heard }) => seq > after && heard.has(userId))
      .map(({ live }) => ({ type: "event", event: live }));
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
        personal: { version: 0, reads: [] },
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
    seq: number,
    type: "message.updated" | "message.deleted",
    change: Partial<Message>,
  ): Message {
    const { messages } = this.room(id);
    const held = messages[seq - 1];
    if (held === undefined) throw new Error(`no message ${seq} in ${id}`);
    const changed = { ...held, ...change, revision: held.revision + 1, version: this.seq + 1 };
    messages[seq - 1] = changed;
    this.#messageEvent(type, id, seq);
    return changed;
  }

  #messageEvent(
    type: "message.created" | "message.updated" | "message.deleted",
    id: string,
    seq: number,
  ) {
    this.#emit(
      () => {
        const message = this.room(id).messages[seq - 1];
        if (message === undefined) throw new Error("a message of the log exists");
        return { type, payload: { message } };
      },
      { channelId: id, heard: this.#audience(id) },
    );
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
