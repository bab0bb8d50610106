//! Opening, reading and closing a conversation's history.

import { position } from "../cursor.ts";
import type { Channel, ChannelId, MessageId } from "../shapes.ts";
import type { Page, TimelineInput } from "./input.ts";
import { learnUsers, mergeChannel, mergeMessage, omit, put } from "./merge.ts";
import { findRow, hold, wantQuotes, withTimeline } from "./messages.ts";
import { applyNote } from "./notes.ts";
import { settle } from "./outbox.ts";
import { hearFollow } from "./personal.ts";
import type { State, Timeline, WorkspaceState } from "./state.ts";
import * as timeline from "./timeline.ts";
import { hereOf, inWorkspace, workspaceOf } from "./workspaces.ts";

export function applyTimeline(state: State, input: TimelineInput): State {
  if (input.type === "timeline.opened") return open(state, input.channelId, input.rootId);
  const { conversationId } = input;
  const held = state.timelines[conversationId];
  const workspace = held && workspaceOf(state, held.channelId);
  if (held === undefined || workspace === undefined) return state;
  switch (input.type) {
    case "page.requested": {
      const load = { place: input.place, since: workspace.cursor };
      const requested = timeline.request(held, input.loadId, load);
      return withTimeline(state, conversationId, requested);
    }
    case "page.loaded":
      return receivePage(state, workspace, held, input);
    case "page.failed": {
      const failed = timeline.fail(held, input.loadId, input.reason);
      return withTimeline(state, conversationId, failed);
    }
    case "timeline.closed": {
      const kept = timeline.close(held);
      if (kept !== null) return withTimeline(state, conversationId, kept);
      return { ...state, timelines: omit(state.timelines, conversationId) };
    }
    case "timeline.dropped":
      return { ...state, timelines: omit(state.timelines, conversationId) };
  }
}

/** On the screen, though nothing may be known yet. A thread's root is shown at once where it is known. */
function open(state: State, channelId: ChannelId, rootId: MessageId | null): State {
  const channel = workspaceOf(state, channelId)?.channels[channelId];
  if (channel === undefined) return state;
  const id = rootId ?? channelId;
  const held = state.timelines[id];
  if (held !== undefined)
    return held.open ? state : withTimeline(state, id, { ...held, open: true });
  const root = rootId === null ? undefined : findRow(state, rootId, channelId);
  const last = rootId === null ? channel.last_seq : (root?.thread?.last_seq ?? 0);
  const opened = withTimeline(state, id, timeline.emptyTimeline(channelId, rootId, last));
  return root === undefined ? opened : hold(opened, root, true);
}

function receivePage(
  state: State,
  workspace: WorkspaceState,
  held: Timeline,
  { loadId, page }: Extract<TimelineInput, { type: "page.loaded" }>,
): State {
  const load = held.loads[loadId];
  const channel = workspace.channels[held.channelId];
  if (load === undefined || channel === undefined) return state;
  const id = held.rootId ?? held.channelId;
  const [asked, answered] = [position(load.since), position(page.as_of)];
  if (asked.epoch !== answered.epoch || answered.seq < asked.seq) {
    return withTimeline(state, id, timeline.fail(held, loadId, "resync_required"));
  }
  const grown = grow(channel, held, page);
  const newest = held.rootId === null ? grown.last_seq : (page.root?.thread?.last_seq ?? 0);
  const received = timeline.withNewest(timeline.receive(held, loadId, page), newest);
  const placed = inWorkspace(withTimeline(state, id, received), workspace.workspace.id, (now) =>
    learnUsers(
      { ...now, channels: put(now.channels, channel.id, grown) },
      usersOf(page, answered.seq),
    ),
  );
  return settle(holdBeside(placed, held, page), page.messages);
}

function grow(channel: Channel, { rootId }: Timeline, page: Page): Channel {
  const newest = rootId === null ? (page.messages.at(-1)?.seq ?? 0) : 0;
  return mergeChannel(channel, { ...channel, last_seq: newest });
}

function usersOf({ messages, quoted, root }: Page, seq: number) {
  const all = [...messages, ...quoted, ...(root === undefined ? [] : [root])];
  return all
    .flatMap(({ author, mentions }) => [author, ...(mentions?.people ?? [])])
    .map((user) => ({ user, seq }));
}

/** What a page brings beside its rows: the root of a thread, and what is quoted. */
function holdBeside(state: State, { notes, channelId }: Timeline, page: Page): State {
  const { root, follow, quoted } = page;
  const here = hereOf(state, channelId);
  // What others quote may have changed since the page was made: then it is asked for by itself.
  const good = position(page.as_of).seq >= here ? quoted : [];
  let next = good.reduce((held, message) => hold(held, message, true), state);
  if (root !== undefined) {
    // What happened while the page was under way may be missing in it.
    const known = next.messages[root.id] ?? undefined;
    const noted = notes
      .filter(({ messageId }) => messageId === root.id)
      .reduce(applyNote, mergeMessage(known, root));
    next = wantQuotes(hold(next, noted, true), [root]);
    next = noteRoot(next, noted);
  }
  if (follow !== undefined) next = hearFollow(next, follow);
  return wantQuotes(next, page.messages);
}

/** The channel's row of a root is as new as the root itself. */
function noteRoot(state: State, root: NonNullable<Page["root"]>): State {
  const inChannel = state.timelines[root.channel_id];
  if (inChannel === undefined) return state;
  const changed = timeline.changeRow(inChannel, root.id, (row) => mergeMessage(row, root));
  return withTimeline(state, root.channel_id, changed);
}
