//! Old snapshot + events = fresh snapshot, whatever happens and whoever is away meanwhile.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  canonical,
  followOf,
  initialState,
  placeOf,
  reduce,
  type Input,
  type Message,
  type State,
} from "../src/index.ts";
import { Screen } from "./screen.ts";
import { Town, WORKSPACE } from "./town.ts";

const PEOPLE = ["ana", "ben", "cem"];
const CHANNELS = ["kitchen", "plaza", "attic"];

type Move =
  | {
      readonly kind: "create" | "enter" | "leave" | "send" | "open" | "ask";
      readonly who: string;
      readonly where: string;
    }
  | { readonly kind: "edit" | "delete"; readonly where: string; readonly which: number }
  | { readonly kind: "topic" | "answerChannel"; readonly where: string }
  | { readonly kind: "guest" | "member" | "remove" | "rejoin" | "rename"; readonly who: string }
  | { readonly kind: "away" | "back" | "deliver" | "reload" }
  | Talk
  | Own;

/** What people do in threads and to messages; `which` picks one. */
type Talk = {
  readonly kind:
    | "reply"
    | "replyBoth"
    | "react"
    | "unreact"
    | "pin"
    | "unpin"
    | "title"
    | "quote"
    | "call"
    | "callAll"
    | "thread";
  readonly who: string;
  readonly where: string;
  readonly which: number;
};

/** What ben does for himself: here, in which case the answer comes late, or on another device. */
type Own = {
  readonly kind:
    | "read"
    | "readHere"
    | "unread"
    | "unreadHere"
    | "readThread"
    | "readThreadHere"
    | "unreadThread"
    | "follow"
    | "unfollow"
    | "save"
    | "unsave"
    | "draft"
    | "star"
    | "mute"
    | "arrange";
  readonly where: string;
  readonly which: number;
};

const who = fc.constantFrom(...PEOPLE);
const where = fc.constantFrom(...CHANNELS);

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom("create", "enter", "leave", "send", "send", "open", "ask"),
      who,
      where,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("edit", "delete"), where, which: fc.nat(9) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("topic", "answerChannel"), where }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom("guest", "member", "remove", "rejoin", "rename"),
      who,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom("away", "back", "deliver", "reload") }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...(["reply", "reply", "replyBoth", "react", "unreact", "pin", "unpin"] as const),
        ...(["title", "quote", "call", "callAll", "thread"] as const),
      ),
      who,
      where,
      which: fc.nat(9),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...(["read", "readHere", "unread", "unreadHere", "readThread", "readThreadHere"] as const),
        ...(["unreadThread", "follow", "unfollow", "save", "unsave", "draft"] as const),
        ...(["star", "mute", "arrange"] as const),
      ),
      where,
      which: fc.nat(9),
    }),
  },
);

/** Plays moves in the town before the eyes of ben, who is away at times and gets answers late. */
class Play {
  readonly town = new Town(...PEOPLE);
  readonly ben = new Screen(this.town, "ben");
  #away = false;
  #ownFirst = false;
  readonly #late: (() => void)[] = [];
  /** Answers about what ben keeps for himself. */
  readonly #lateOwn: (() => void)[] = [];

  constructor(followLimit = 500) {
    this.town.desks.followLimit = followLimit;
    this.town.onGuestChanged.push((who) => {
      if (who !== "ben" || this.#away) return;
      // The server ends the subscription right after the event: nothing that follows is heard.
      this.ben.hear();
      this.ben.apply({
        type: "frame",
        at: 0,
        frame: { type: "resync_required", workspace_id: WORKSPACE, reason: "access_changed" },
      });
      this.ben.fulfil();
    });
    this.#begin();
    this.ben.connect();
  }

  /** Two channels in which something has been said already: nothing is found where nothing happens. */
  #begin(): void {
    for (const [id, kind] of [
      ["kitchen", "private"],
      ["plaza", "public"],
    ] as const) {
      this.town.createChannel("ana", id, kind);
      this.town.enter(id, "ben");
      this.town.enter(id, "cem");
      const { id: rootId } = this.town.send(id, "ben", "the root");
      this.town.send(id, "ana", "a reply", { rootId });
      this.town.send(id, "cem", "more");
    }
  }

  run(moves: readonly Move[]): void {
    for (const next of moves) {
      this.#play(next);
      if (!this.#away) this.#listen();
    }
    this.#deliver();
    this.#comeBack();
  }

  #listen(): void {
    // What is one's own may overtake the events, or be overtaken.
    this.#ownFirst = !this.#ownFirst;
    this.ben.hear(this.#ownFirst);
    this.ben.fulfil();
  }

  #deliver(): void {
    for (const answer of [...this.#late.splice(0), ...this.#lateOwn.splice(0)]) answer();
    this.ben.fulfil();
  }

  /** Answers to the page before come no more. */
  #reload(): void {
    this.#late.length = this.#lateOwn.length = 0;
    this.ben.reload();
    this.#away = true;
  }

  #comeBack(): void {
    if (this.#away) {
      this.ben.resume();
      this.ben.tell();
    }
    this.#away = false;
    if (this.town.members.has("ben") && this.ben.state.workspaces[WORKSPACE] === undefined)
      this.ben.connect();
    this.ben.fulfil();
  }

  #play(next: Move): void {
    switch (next.kind) {
      case "away":
        this.#away = true;
        return;
      case "back":
        return this.#comeBack();
      case "deliver":
        return this.#deliver();
      case "reload":
        return this.#reload();
      case "guest":
      case "member":
        if (this.town.members.has(next.who) && next.who !== "ana")
          this.town.setRole(next.who, next.kind);
        return;
      case "remove":
        if (this.town.members.has(next.who) && next.who !== "ana") this.town.removeMember(next.who);
        // What one keeps goes with the membership, and so do the answers about it.
        // Pages tell how one follows, so those under way are left out as well.
        if (next.who === "ben") this.#late.length = this.#lateOwn.length = 0;
        return;
      case "rejoin":
        if (!this.town.members.has(next.who)) this.town.join(next.who, "member");
        return;
      case "rename":
        if (this.town.members.has(next.who))
          this.town.rename(next.who, `${next.who} ${this.town.seq}`);
        return;
      default:
        return this.#playIn(next);
    }
  }

  #playIn(next: Extract<Move, { where: string }>): void {
    const { where } = next;
    if (!this.town.rooms.has(where)) {
      if (next.kind === "create" && this.town.members.has(next.who)) {
        this.town.createChannel(next.who, where, where === "plaza" ? "public" : "private");
      }
      return;
    }
    const { messages, channel } = this.town.room(where);
    const benSees = this.town.sees("ben", where);
    const seq = "which" in next ? (next.which % Math.max(messages.length, 1)) + 1 : 0;
    if (next.kind === "edit" && messages[seq - 1]?.body)
      this.town.edit(where, seq, `edited ${this.town.seq}`);
    if (next.kind === "delete" && messages.length > 0) this.town.delete(where, seq);
    if (next.kind === "topic") this.town.setTopic(where, `topic ${this.town.seq}`);
    if (next.kind === "answerChannel" && benSees) {
      this.#late.push(() => this.ben.apply({ type: "channel.answered", channel }));
    }
    if (next.kind === "open" && benSees) this.ben.open(where);
    if (next.kind === "ask" && benSees) this.#late.push(this.ben.ask(where, 3));
    if (next.kind === "edit" || next.kind === "delete") return;
    if (isOwn(next)) return this.#playOwn(next, channel.last_seq, benSees);
    if (!("who" in next) || !this.town.members.has(next.who)) return;
    if ("which" in next) return this.#playTalk(next, benSees);
    if (next.kind === "enter") this.town.enter(where, next.who);
    if (next.kind === "leave") this.town.leave(where, next.who);
    if (next.kind === "send" && this.town.sees(next.who, where))
      this.town.send(where, next.who, `said ${this.town.seq}`);
  }

  #playTalk({ kind, who, where, which }: Talk, benSees: boolean): void {
    const { town } = this;
    const { messages } = town.room(where);
    const roots = messages.filter(isRoot);
    const root = roots[which % Math.max(roots.length, 1)];
    const all = [...messages, ...this.#replies(where)];
    const any = all[which % Math.max(all.length, 1)];
    // What somebody quotes may stand in a channel that others do not see.
    const quotable = town.visible(who).flatMap((room) => room.messages);
    if (!town.sees(who, where)) return;
    const quoted = quotable[which % Math.max(quotable.length, 1)];
    const text = `said ${town.seq}`;
    if (kind === "call") town.send(where, who, `@ben ${text}`);
    if (kind === "callAll") town.send(where, who, `@channel ${text}`);
    if (any === undefined) return;
    if (kind === "react") town.react(any.id, who, which % 2 ? "🦀" : "🦞", true);
    if (kind === "unreact") town.react(any.id, who, which % 2 ? "🦀" : "🦞", false);
    if (kind === "quote" && quoted?.deleted_at === undefined && quoted !== undefined)
      town.send(where, who, text, { quoteOf: quoted.id });
    if (kind === "pin" && any.deleted_at === undefined) town.pin(any.id, who, true);
    if (kind === "unpin") town.pin(any.id, who, false);
    if (root === undefined) return;
    const rootId = root.id;
    const calling = which % 3 === 0 ? `@ben ${text}` : which % 3 === 1 ? `@channel ${text}` : text;
    if (kind === "reply") town.send(where, who, calling, { rootId });
    if (kind === "replyBoth") town.send(where, who, calling, { rootId, alsoInChannel: true });
    if (kind === "title") town.setTitle(rootId, `title ${town.seq}`);
    if (kind === "thread" && benSees) this.#late.push(this.ben.askThread(rootId, 3));
  }

  #replies(where: string): Message[] {
    return [...this.town.threads.values()]
      .filter(({ channelId }) => channelId === where)
      .flatMap(({ replies }) => replies.map((id) => this.town.message(id)));
  }

  #playOwn({ kind, where, which }: Own, last: number, benSees: boolean): void {
    const { town, ben } = this;
    const { desks } = town;
    if (!benSees) return;
    const place = (which % Math.max(last, 1)) + 1;
    const here = (conversationId: string, back: boolean, answer: OwnAnswer, to = place) => {
      const asked = { place: back ? to - 1 : to, back };
      ben.apply({ type: "read.marked", conversationId, ...asked });
      this.#lateOwn.push(() => ben.apply({ ...answer, asked }));
    };
    if (kind === "read") desks.mark("ben", where, place);
    if (kind === "unread") desks.unmark("ben", where, place);
    // What one does here reaches the server at once; only its answer may take long.
    if (kind === "readHere" && last > 0)
      here(where, false, { type: "read.answered", read: desks.mark("ben", where, place) });
    if (kind === "unreadHere" && last > 0)
      here(where, true, {
        type: "read.answered",
        read: desks.unmark("ben", where, place),
      });
    if (kind === "draft")
      desks.draft("ben", where, undefined, which % 2 ? `draft ${town.seq}` : "");
    if (kind === "star") desks.prefer("ben", where, { starred: which % 2 === 0 });
    if (kind === "mute") desks.prefer("ben", where, { muted: which % 2 === 0 });
    if (kind === "arrange")
      desks.arrange("ben", [{ key: "channels", collapsed: which % 2 === 0, channel_ids: [where] }]);
    const all = [...town.room(where).messages, ...this.#replies(where)];
    const any = all[which % Math.max(all.length, 1)];
    const there = any !== undefined && any.deleted_at === undefined;
    if (there && (kind === "save" || kind === "unsave")) desks.save("ben", any.id, kind === "save");
    const roots = town.room(where).messages.filter(({ id }) => town.threads.has(id));
    const root = roots[which % Math.max(roots.length, 1)];
    if (root === undefined) return;
    if (kind === "follow" || kind === "unfollow")
      desks.setFollow("ben", root.id, kind === "follow");
    if (kind === "readThread") desks.markThread("ben", root.id, place);
    if (kind === "unreadThread") desks.unmarkThread("ben", root.id, place);
    if (kind === "readThreadHere") {
      const { length } = town.threads.get(root.id)?.replies ?? [];
      const to = (which % Math.max(length, 1)) + 1;
      const follow = desks.markThread("ben", root.id, to);
      if (follow.following && length > 0)
        here(root.id, false, { type: "follow.answered", follow }, to);
    }
  }
}

type OwnAnswer = Extract<Input, { type: "read.answered" | "follow.answered" }>;

function isOwn(next: Move): next is Own {
  return "which" in next && !("who" in next) && next.kind !== "edit" && next.kind !== "delete";
}

function isRoot(message: Message): boolean {
  return message.thread_root_id === undefined && message.deleted_at === undefined;
}

/** What ben would see who came just now. */
function freshState(town: Town): State {
  const begun = reduce(initialState, { type: "account.loaded", account: town.account("ben") });
  return town.members.has("ben")
    ? reduce(begun, { type: "snapshot.loaded", snapshot: town.snapshot("ben") })
    : begun;
}

describe("old snapshot + events", { timeout: 60_000 }, () => {
  it("is a fresh snapshot", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 80, size: "max" }), (moves) => {
        const play = new Play();
        play.run(moves);
        const { town, ben } = play;
        expect(canonical(ben.state, WORKSPACE)).toEqual(canonical(freshState(town), WORKSPACE));
        const seen = new Set(town.visible("ben").map(({ channel }) => channel.id));
        const open = Object.values(ben.state.timelines);
        expect(open.filter(({ channelId }) => !seen.has(channelId))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("is a fresh snapshot also where it does not name all threads", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 80, size: "max" }), (moves) => {
        const play = new Play(1);
        play.run(moves);
        const { town, ben } = play;
        for (const [rootId, { base }] of Object.entries(ben.state.follows)) {
          const { following, read_seq, unread, mentions } = town.desks.follow("ben", rootId);
          const known = followOf(ben.state, rootId);
          if (!town.sees("ben", base.channel_id)) continue;
          expect(known).toEqual({ following, readSeq: read_seq, unread, mentions });
        }
      }),
      { numRuns: 300 },
    );
  });

  it("leaves every shown message as the server has it, in one unbroken stretch", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 100, size: "max" }), (moves) => {
        const play = new Play();
        play.run(moves);
        const { town, ben } = play;
        for (const [id, timeline] of Object.entries(ben.state.timelines)) {
          const { rows, loaded, hasNewer, rootId } = timeline;
          const messages =
            rootId === null
              ? town.room(id).messages
              : (town.threads.get(id)?.replies ?? []).map((reply) => town.message(reply));
          const begin = rows[0] === undefined ? messages.length : placeOf(rows[0], id) - 1;
          const shown = messages.slice(begin, begin + rows.length);
          expect(rows.map(plain)).toEqual(shown.map(plain));
          expect(hasNewer).toBe(loaded && begin + rows.length < messages.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("leaves what is held beside the timelines as the server has it", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 100, size: "max" }), (moves) => {
        const play = new Play();
        play.run(moves);
        const { town, ben } = play;
        expect(ben.state.wantedMessages).toEqual([]);
        const ids = Object.keys(ben.state.messages);
        const there = (id: string) => {
          const message = town.message(id);
          return town.sees("ben", message.channel_id) ? message : null;
        };
        const bodies = (find: (id: string) => Message | null | undefined) =>
          ids.map((id) => find(id)?.body ?? null);
        expect(bodies((id) => ben.state.messages[id])).toEqual(bodies(there));
        const roots = ids.filter((id) => ben.state.timelines[id] !== undefined);
        const whole = (find: (id: string) => Message | null | undefined) =>
          roots.map((id) => find(id) ?? null).map((root) => root && plain(root));
        expect(whole((id) => ben.state.messages[id])).toEqual(whole(there));
      }),
      { numRuns: 300 },
    );
  });
});

/** A message without what names of people change. */
function plain({ id, seq, thread_seq, body, version, pin, reactions, thread }: Message) {
  const { items = [] } = reactions ?? {};
  const { title, reply_count, last_seq } = thread ?? {};
  return { id, seq, thread_seq, body, version, pin, items, title, reply_count, last_seq };
}
