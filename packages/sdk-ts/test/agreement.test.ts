//! Old snapshot + events = fresh snapshot, whatever happens and whoever is away meanwhile.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { canonical, initialState, reduce, type State } from "../src/index.ts";
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
  | { readonly kind: "away" | "back" | "deliver" };

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
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("away", "back", "deliver") }) },
);

/** Plays moves in the town before the eyes of ben, who is away at times and gets answers late. */
class Play {
  readonly town = new Town(...PEOPLE);
  readonly ben = new Screen(this.town, "ben");
  #away = false;
  readonly #late: (() => void)[] = [];

  constructor() {
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
    this.ben.connect();
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
    this.ben.hear();
    this.ben.fulfil();
  }

  #deliver(): void {
    for (const answer of this.#late.splice(0)) answer();
    this.ben.fulfil();
  }

  #comeBack(): void {
    if (this.#away) this.ben.resume();
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
      case "guest":
      case "member":
        if (this.town.members.has(next.who) && next.who !== "ana")
          this.town.setRole(next.who, next.kind);
        return;
      case "remove":
        if (this.town.members.has(next.who) && next.who !== "ana") this.town.removeMember(next.who);
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
    if (!("who" in next) || !this.town.members.has(next.who)) return;
    if (next.kind === "enter") this.town.enter(where, next.who);
    if (next.kind === "leave") this.town.leave(where, next.who);
    if (next.kind === "send") this.town.send(where, next.who, `said ${this.town.seq}`);
  }
}

/** What ben would see who came just now. */
function freshState(town: Town): State {
  const begun = reduce(initialState, { type: "account.loaded", account: town.account("ben") });
  return town.members.has("ben")
    ? reduce(begun, { type: "snapshot.loaded", snapshot: town.snapshot("ben") })
    : begun;
}

describe("old snapshot + events", () => {
  it("is a fresh snapshot", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 80 }), (moves) => {
        const play = new Play();
        play.run(moves);
        const { town, ben } = play;
        expect(canonical(ben.state, WORKSPACE)).toEqual(canonical(freshState(town), WORKSPACE));
        const seen = new Set(town.visible("ben").map(({ channel }) => channel.id));
        expect(Object.keys(ben.state.timelines).filter((id) => !seen.has(id))).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it("leaves every shown message as the server has it, in one unbroken stretch", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 80 }), (moves) => {
        const play = new Play();
        play.run(moves);
        for (const [id, { rows, loaded, hasNewer }] of Object.entries(play.ben.state.timelines)) {
          const { messages } = play.town.room(id);
          const first = rows[0]?.seq ?? messages.length + 1;
          const shown = messages.slice(first - 1, first - 1 + rows.length);
          const plain = (list: typeof rows) =>
            list.map(({ id: message, seq, body, version }) => ({ message, seq, body, version }));
          expect(plain(rows)).toEqual(plain(shown));
          expect(hasNewer).toBe(loaded && first - 1 + rows.length < messages.length);
        }
      }),
      { numRuns: 1500 },
    );
  });
});
