//! One person's client in a test: the state, fed by the town's frames and answers.

import { initialState, needs, reduce, type Input, type Message, type State } from "../src/index.ts";
import { WORKSPACE, type Town } from "./town.ts";

export class Screen {
  state: State = initialState;
  readonly #town: Town;
  readonly #me: string;
  #heardUpTo = 0;
  #loads = 0;

  constructor(town: Town, me: string) {
    this.#town = town;
    this.#me = me;
    this.apply({ type: "account.loaded", account: town.account(me) });
  }

  apply(...inputs: Input[]): void {
    for (const input of inputs) this.state = reduce(this.state, input);
  }

  /** Takes a snapshot and subscribes. */
  connect(): void {
    this.apply({ type: "snapshot.loaded", snapshot: this.#town.snapshot(this.#me) });
    this.resume();
  }

  /** Subscribes again from its cursor, as after a lost connection, and fetches what is missing. */
  resume(): void {
    const held = this.state.workspaces[WORKSPACE];
    if (held === undefined) return;
    if (!this.#town.members.has(this.#me)) {
      this.apply({ type: "workspace.lost", workspaceId: WORKSPACE });
      return;
    }
    for (const frame of this.#town.subscribe(this.#me, Number(held.cursor.split("-")[1]))) {
      this.apply({ type: "frame", frame, at: 0 });
    }
    this.#heardUpTo = this.#town.seq;
    this.fulfil();
  }

  /** Hears what happened while it was connected. */
  hear(): void {
    for (const frame of this.#town.live(this.#me, this.#heardUpTo)) {
      this.apply({ type: "frame", frame, at: 0 });
    }
    this.#heardUpTo = this.#town.seq;
  }

  /** Does what a driver does for each need. */
  fulfil(): void {
    for (const need of needs(this.state)) {
      const snapshot = () => this.#town.snapshot(this.#me);
      if (need.kind === "snapshot") this.connect();
      if (need.kind === "channels") this.apply({ type: "snapshot.merged", snapshot: snapshot() });
      if (need.kind === "timeline") this.open(need.channelId);
    }
  }

  /** Asks for the newest page; the answer comes when the result is called. */
  ask(channelId: string, count?: number): () => void {
    this.#loads += 1;
    const loadId = `load-${this.#loads}`;
    this.apply({ type: "page.requested", channelId, loadId, place: "newest" });
    const page = this.#town.newest(channelId, count);
    return () => this.apply({ type: "page.loaded", channelId, loadId, page });
  }

  open(channelId: string, count?: number): void {
    this.ask(channelId, count)();
  }

  rows(channelId: string): readonly Message[] {
    return this.state.timelines[channelId]?.rows ?? [];
  }

  bodies(channelId: string): string[] {
    return this.rows(channelId).map(({ body }) => body);
  }

  /** Puts a message of one's own into the outbox. */
  queue(channelId: string, body: string, nonce: string): void {
    this.apply({
      type: "send.queued",
      send: { nonce, workspaceId: WORKSPACE, channelId, body, queuedAt: 0, status: "sending" },
    });
  }
}
