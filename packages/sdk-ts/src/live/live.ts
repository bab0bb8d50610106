//! The one object that a page holds: the state of an account, and everything that one does.

import type {
  ChannelId,
  ConversationId,
  Event,
  Member,
  Message,
  MessageId,
  Schemas,
  SidebarSection,
  User,
  UserId,
  WorkspaceId,
} from "../shapes.ts";
import type { AnswerInput } from "../state/input.ts";
import { channelOf, currentMessage, reactionsOf, workspaceOf } from "../state/selectors.ts";
import type { State } from "../state/state.ts";
import { type LiveOptions, type StartOptions, Wiring } from "./wiring.ts";

export type { LiveOptions, StartOptions } from "./wiring.ts";

/** What goes with a message. */
export interface SendOptions {
  readonly quoteOf?: MessageId;
}

export interface ReplyOptions extends SendOptions {
  /** Shows it in the channel too. */
  readonly alsoInChannel?: boolean;
}

export function createLive(options: LiveOptions): Live {
  return new Live(options);
}

export class Live {
  readonly #wiring: Wiring;

  constructor(options: LiveOptions) {
    this.#wiring = new Wiring(options);
  }

  /** Immutable: a new object after every change, whose unchanged parts keep their identity. */
  get state(): State {
    return this.#wiring.store.state;
  }

  /** Calls after every change, and says whether the socket brought it; the answer ends it. */
  subscribe(listener: (state: State, told: boolean) => void): () => void {
    return this.#wiring.store.subscribe(listener);
  }

  /** Calls once for every event applied; the answer ends it. */
  onEvent(listener: (event: Event) => void): () => void {
    return this.#wiring.store.onEvent(listener);
  }

  /**
   * Shows what this browser kept of the account, or loads the account with its workspaces; then goes
   * live. Without anything kept it rejects where the network fails.
   */
  start(options: StartOptions = {}): Promise<void> {
    return this.#wiring.start(options);
  }

  /** Ends socket and timers. What is kept and what is unsent stays. */
  stop(): void {
    this.#wiring.stop();
  }

  /** Ends the session on the server and erases everything of the account here. */
  signOut(): Promise<void> {
    return this.#wiring.signOut();
  }

  /** The network may be back, or the page is looked at again: try everything that waits. */
  nudge(): void {
    this.#wiring.nudge();
  }

  /** Takes a workspace in that one has just created or joined. */
  addWorkspace(workspaceId: WorkspaceId): Promise<void> {
    return this.#wiring.addWorkspace(workspaceId);
  }

  /** Makes sure that a channel's timeline is loaded, at its end or around a message. */
  openChannel(channelId: ChannelId, at: "newest" | number = "newest"): Promise<void> {
    this.#wiring.home.opened(channelId);
    return this.#wiring.loader.open(channelId, null, at);
  }

  /** The channel has left the screen. What one returns to soon stays at hand. */
  closeChannel(channelId: ChannelId): void {
    this.#wiring.store.dispatch({ type: "timeline.closed", conversationId: channelId });
  }

  /** Makes sure that a thread is loaded with its root, at its end or around a reply. */
  openThread(
    channelId: ChannelId,
    rootId: MessageId,
    at: "newest" | number = "newest",
  ): Promise<void> {
    this.#wiring.home.opened(rootId);
    return this.#wiring.loader.open(channelId, rootId, at);
  }

  /** The thread has left the screen. */
  closeThread(rootId: MessageId): void {
    this.#wiring.store.dispatch({ type: "timeline.closed", conversationId: rootId });
  }

  loadOlder(id: ConversationId): Promise<void> {
    return this.#wiring.loader.load(id, "older");
  }

  loadNewer(id: ConversationId): Promise<void> {
    return this.#wiring.loader.load(id, "newer");
  }

  loadNewest(id: ConversationId): Promise<void> {
    return this.#wiring.loader.load(id, "newest");
  }

  loadAround(id: ConversationId, place: number): Promise<void> {
    return this.#wiring.loader.load(id, "around", place);
  }

  /** Brings the directory, or the people whose names match, into the state. */
  loadMembers(workspaceId: WorkspaceId, query?: string): Promise<void> {
    return this.#wiring.loader.members(workspaceId, query);
  }

  /** The first of the people whom the server finds by a name; the state learns of them too. */
  searchMembers(workspaceId: WorkspaceId, query: string): Promise<Member[]> {
    return this.#wiring.loader.lookups.members(workspaceId, query);
  }

  /** Brings one person into the state; null when the server knows nobody by this id. */
  loadUser(workspaceId: WorkspaceId, userId: UserId): Promise<User | null> {
    return this.#wiring.loader.lookups.user(workspaceId, userId);
  }

  /** Finds a message that a link names and holds it; null when one may not see it. */
  resolveMessage(messageId: MessageId): Promise<Message | null> {
    return this.#wiring.loader.lookups.resolve(messageId);
  }

  /** Holds messages that came from a list, so that events keep them current. */
  holdMessages(messages: readonly Message[]): void {
    this.#wiring.store.dispatch({ type: "messages.held", messages });
  }

  /** Sends a message: it shows at once, leaves in order, and survives a reload. */
  send(channelId: ChannelId, body: string, options: SendOptions = {}): string {
    return this.#send(channelId, undefined, body, options);
  }

  /** Sends a reply, as `send`. */
  reply(channelId: ChannelId, rootId: MessageId, body: string, options: ReplyOptions = {}): string {
    return this.#send(channelId, rootId, body, options);
  }

  /** Sends a failed message again. */
  retry(nonce: string): void {
    const pending = this.state.outbox.find((held) => held.nonce === nonce);
    if (pending?.failure?.code === "nonce_conflict" && channelOf(this.state, pending.channelId)) {
      // The old nonce stands for something else for ever: only a new one can succeed.
      this.discard(nonce);
      this.#send(pending.channelId, pending.rootId, pending.body, pending);
    } else {
      this.#wiring.store.dispatch({ type: "send.retried", nonce, order: this.#nextOrder() });
    }
  }

  /** Forgets a failed message. */
  discard(nonce: string): void {
    this.#wiring.store.dispatch({ type: "send.discarded", nonce });
  }

  /** Changes one's own message; refused when it was changed elsewhere in the meantime. */
  async edit(message: Message, body: string): Promise<void> {
    const { version } = currentMessage(this.state, message);
    const { client, dispatch } = this.#wiring.shared;
    const edited = await client.messages.edit(message.id, { body, version });
    dispatch({ type: "message.answered", message: edited });
  }

  async delete(message: Message): Promise<void> {
    const { client, dispatch } = this.#wiring.shared;
    const deleted = await client.messages.delete(message.id);
    dispatch({ type: "message.answered", message: deleted });
  }

  /** Reacts, or takes it back: the other of what is shown. */
  toggleReaction(message: Message, emoji: string): Promise<void> {
    const current = currentMessage(this.state, message);
    const mine = reactionsOf(this.state, current).some((held) => held.emoji === emoji && held.mine);
    return this.react(message, emoji, !mine);
  }

  react(message: Message, emoji: string, on: boolean): Promise<void> {
    return this.#wiring.marks.react(message, emoji, on);
  }

  pinMessage(message: Message, on: boolean): Promise<void> {
    return this.#wiring.marks.pin(message, on);
  }

  saveMessage(message: Message, on: boolean): Promise<void> {
    return this.#wiring.marks.save(message, on);
  }

  followThread(rootId: MessageId, following: boolean): Promise<void> {
    return this.#wiring.marks.follow(rootId, following);
  }

  /** Gives a thread a title, locks it or opens it again. */
  updateThread(rootId: MessageId, change: Schemas["UpdateThread"]): Promise<void> {
    return this.#wiring.marks.updateThread(rootId, change);
  }

  /** Stars or mutes a channel for oneself. */
  setChannelPreferences(
    channelId: ChannelId,
    change: Schemas["UpdateChannelPreferences"],
  ): Promise<void> {
    return this.#wiring.marks.prefer(channelId, change);
  }

  arrangeSidebar(workspaceId: WorkspaceId, sections: readonly SidebarSection[]): Promise<void> {
    return this.#wiring.marks.arrange(workspaceId, sections);
  }

  /** Everything up to here has been read; without `seq`, everything. */
  markRead(channelId: ChannelId, seq?: number): void {
    this.#wiring.reader.mark(channelId, seq);
  }

  /** Everything from here on is unread again. */
  markUnread(channelId: ChannelId, seq: number): Promise<void> {
    return this.#wiring.reader.unmark(channelId, seq);
  }

  markThreadRead(rootId: MessageId, threadSeq?: number): void {
    this.#wiring.reader.mark(rootId, threadSeq);
  }

  /** Everything from this reply on is unread again; one follows the thread then. */
  markThreadUnread(rootId: MessageId, threadSeq: number): Promise<void> {
    return this.#wiring.reader.unmark(rootId, threadSeq);
  }

  /** Everything in the workspace's channels and in the threads that one follows has been read. */
  markAllRead(workspaceId: WorkspaceId): void {
    this.#wiring.reader.markAll(workspaceId);
  }

  /** Keeps what one has begun to write, here and, a moment later, on the server. */
  setDraft(channelId: ChannelId, rootId: MessageId | null, body: string): void {
    this.#wiring.drafts.set(channelId, rootId, body);
  }

  /** Call on every key press, and with false when the text is cleared. */
  typing(channelId: ChannelId, active: boolean, rootId?: MessageId): void {
    this.#wiring.typing.set(channelId, active, rootId);
  }

  presence(state: "active" | "idle"): void {
    this.#wiring.realtime.presence(state);
  }

  /** Puts an answer of the server into the state. */
  apply(input: AnswerInput): void {
    this.#wiring.store.dispatch(input);
  }

  #send(
    channelId: ChannelId,
    rootId: MessageId | undefined,
    body: string,
    { quoteOf, alsoInChannel }: ReplyOptions,
  ): string {
    const workspace = workspaceOf(this.state, channelId)?.workspace;
    if (workspace === undefined) throw new RangeError("messages are sent to channels one may see");
    const { platform, dispatch } = this.#wiring.shared;
    const nonce = platform.randomUUID();
    this.typing(channelId, false, rootId);
    dispatch({
      type: "send.queued",
      send: {
        nonce,
        workspaceId: workspace.id,
        channelId,
        ...(rootId === undefined ? {} : { rootId }),
        ...(rootId !== undefined && alsoInChannel === true ? { alsoInChannel } : {}),
        ...(quoteOf === undefined ? {} : { quoteOf }),
        body,
        queuedAt: platform.clock(),
        order: this.#nextOrder(),
        status: "sending",
      },
    });
    return nonce;
  }

  /** Behind everything that waits, in whatever tab it was typed. */
  #nextOrder(): number {
    const last = this.state.outbox.reduce((newest, { order }) => Math.max(newest, order), 0);
    return Math.max(this.#wiring.shared.platform.clock(), last + 1);
  }
}
