//! One person's client in a test: the state, fed by the town's frames and answers.

import {
  initialState,
  needs,
  reduce,
  type Input,
  type Message,
  type Page,
  type State,
} from "../src/index.ts";
import { partsOf, stateFrom } from "../src/state/cache.ts";
import { WORKSPACE, type Town } from "./town.ts";

export class Screen {
  state: State = initialState;
  readonly #town: Town;
  readonly #me: string;
  #heardUpTo = 0;
  #told = 0;
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
    this.#heardUpTo = this.#town.seq;
    this.#told = this.#own().length;
    const held = this.state.workspaces[WORKSPACE];
    if (held === undefined) return;
    if (!this.#town.members.has(this.#me)) {
      this.apply({ type: "workspace.lost", workspaceId: WORKSPACE });
      return;
    }
    for (const frame of this.#town.subscribe(this.#me, Number(held.cursor.split("-")[1]))) {
      this.apply({ type: "frame", frame, at: 0 });
    }
    this.fulfil();
  }

  /** The page is closed and opened again over what was kept; nothing is heard meanwhile. */
  reload(): void {
    const conversations = Object.keys(this.state.timelines);
    const parts = structuredClone([...partsOf(this.state, conversations)]);
    const kept = stateFrom(new Map(parts));
    this.state = initialState;
    if (kept === null) throw new Error("what was cut can be put together");
    this.apply({ type: "cache.restored", kept });
  }

  /** Tells the server how far it has read, where the answer did not come. */
  tell(): void {
    for (const [id, { local }] of Object.entries(this.state.reads)) {
      if (local === null || local.back || !this.#town.rooms.has(id)) continue;
      const read = this.#town.desks.mark(this.#me, id, local.place);
      this.apply({ type: "read.answered", read });
    }
    for (const [id, { local }] of Object.entries(this.state.follows)) {
      if (local === null || local.back) continue;
      const follow = this.#town.desks.markThread(this.#me, id, local.place);
      this.apply({ type: "follow.answered", follow });
    }
  }

  /** Hears what happened while it was connected; what is one's own comes first, or last. */
  hear(ownFirst = false): void {
    const events = this.#town.live(this.#me, this.#heardUpTo);
    const own = this.#own()
      .slice(this.#told)
      .map(({ frame }) => frame);
    const frames = ownFirst ? [...own, ...events] : [...events, ...own];
    for (const frame of frames) this.apply({ type: "frame", frame, at: 0 });
    this.#heardUpTo = this.#town.seq;
    this.#told = this.#own().length;
  }

  #own() {
    return this.#town.desks.told.get(this.#me) ?? [];
  }

  /** Does what a driver does for each need. */
  fulfil(): void {
    for (const need of needs(this.state)) {
      const snapshot = () => this.#town.snapshot(this.#me);
      if (need.kind === "snapshot") this.connect();
      if (need.kind === "channels") this.apply({ type: "snapshot.merged", snapshot: snapshot() });
      if (need.kind === "timeline") this.#refresh(need.conversationId);
      if (need.kind === "own") {
        const personal = this.#town.desks.personal(this.#me);
        this.apply({ type: "personal.loaded", workspaceId: WORKSPACE, personal });
      }
      if (need.kind === "message") this.#look(need.messageId);
      if (need.kind === "follow") {
        const follow = this.#town.desks.follow(this.#me, need.rootId);
        this.apply({ type: "follow.answered", follow });
      }
      if (need.kind === "count") {
        const read = this.#town.desks.mark(this.#me, need.channelId, need.place);
        this.apply({ type: "read.answered", read });
      }
    }
  }

  #look(messageId: string): void {
    const { message } = { message: this.#town.message(messageId) };
    if (this.#town.sees(this.#me, message.channel_id))
      this.apply({ type: "messages.held", messages: [message] });
    else this.apply({ type: "message.hidden", messageId });
  }

  #refresh(id: string): void {
    if (this.#town.rooms.has(id)) this.open(id);
    else this.openThread(id);
  }

  /** Asks for the newest page; the answer comes when the result is called. */
  ask(channelId: string, count?: number): () => void {
    this.apply({ type: "timeline.opened", channelId, rootId: null });
    return this.#ask(channelId, () => this.#town.newest(channelId, count, this.#me));
  }

  /** Asks for a thread's newest replies. */
  askThread(rootId: string, count?: number): () => void {
    const channelId = this.#town.message(rootId).channel_id;
    this.apply({ type: "timeline.opened", channelId, rootId });
    return this.#ask(rootId, () => this.#town.newestReplies(rootId, this.#me, count));
  }

  #ask(conversationId: string, answer: () => Page): () => void {
    this.#loads += 1;
    const loadId = `load-${this.#loads}`;
    this.apply({ type: "page.requested", conversationId, loadId, place: "newest" });
    const page = answer();
    return () => this.apply({ type: "page.loaded", conversationId, loadId, page });
  }

  open(channelId: string, count?: number): void {
    this.ask(channelId, count)();
  }

  openThread(rootId: string, count?: number): void {
    this.askThread(rootId, count)();
  }

  rows(channelId: string): readonly Message[] {
    return this.state.timelines[channelId]?.rows ?? [];
  }

  bodies(channelId: string): string[] {
    return this.rows(channelId).map(({ body }) => body);
  }

  /** Puts a message of one's own into the outbox. */
  queue(channelId: string, body: string, nonce: string, rootId?: string): void {
    const order = this.state.outbox.length + 1;
    const thread = rootId === undefined ? {} : { rootId };
    this.apply({
      type: "send.queued",
      send: {
        nonce,
        workspaceId: WORKSPACE,
        channelId,
        ...thread,
        body,
        queuedAt: 0,
        order,
        status: "sending",
      },
    });
  }
}
