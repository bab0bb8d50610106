//! What can be named where one writes: people and channels of the workspace, and emoji.
import {
  type Channel,
  presenceOf,
  type State,
  type User,
  type WorkspaceState,
} from "@clickclack/sdk";
import { emojiMemory } from "../live/emoji.svelte.ts";
import { client, session } from "../live/session.svelte.ts";
import type { Query } from "../parts/composer/query.ts";
import { nearest } from "../parts/composer/rank.ts";
import type { Suggester, Suggestion } from "../parts/composer/writing.ts";
import { type EmojiTable, emojiTable, toned } from "../parts/emoji/data.ts";
import { findEmoji } from "../parts/emoji/find.ts";
import { say } from "../strings.ts";

const MOST = 8;
/** As many that fit are put in order. */
const NEAR = 100;
/** How far back one looks for who talks in a conversation. */
const LATELY = 60;
/** As many people of a private channel as one page holds. */
const PAGE = 200;

let table: EmojiTable | undefined;
const everyone = ["channel", "here"] as const;

/** Those who spoke here lately first, then those who are here, then by name; oneself at the end. */
function ordered(people: readonly User[], state: State, conversation: string): User[] {
  const rows = state.timelines[conversation]?.rows ?? [];
  const spoke = new Map(rows.slice(-LATELY).map((row, at) => [row.author.id, at] as const));
  const me = state.account?.id;
  const online = (user: User): number => (presenceOf(state, user.id) === "offline" ? 0 : 1);
  return people.toSorted(
    (a, b) =>
      Number(a.id === me) - Number(b.id === me) ||
      (spoke.get(b.id) ?? -1) - (spoke.get(a.id) ?? -1) ||
      online(b) - online(a) ||
      (a.name < b.name ? -1 : 1),
  );
}

function people(users: Iterable<User>, { letters }: Query, conversation: string): Suggestion[] {
  const { state } = session.live;
  const sought = letters.trimEnd();
  const active = [...users].filter((user) => !user.deactivated);
  // Sorted where few are left: of thousands only those that fit.
  const near = nearest(sought, active, ({ name }) => [name], sought === "" ? Infinity : NEAR);
  const calls = everyone.filter((word) => word.startsWith(sought.toLowerCase()));
  const persons = nearest(
    sought,
    ordered(near, state, conversation),
    ({ name }) => [name],
    MOST - calls.length,
  ).map(({ id, name }): Suggestion => {
    const note = id === session.me ? { note: say.composer.oneself } : {};
    return { kind: "person", id, name, ...note };
  });
  return [...persons, ...calls.map((word): Suggestion => ({ kind: "everyone", word }))];
}

function channels(workspace: WorkspaceState, { letters }: Query): Suggestion[] {
  const open = Object.values(workspace.channels).filter((one) => one.archived_at === undefined);
  const mine = (one: Channel): number => (workspace.joined[one.id] ? 0 : 1);
  return nearest(letters, open, ({ name }) => [name], NEAR)
    .toSorted((a, b) => mine(a) - mine(b))
    .slice(0, MOST)
    .map(({ id, name, kind }) => ({ kind: "channel", id, name, isPrivate: kind === "private" }));
}

function emoji(all: EmojiTable, { letters }: Query): Suggestion[] {
  return findEmoji(all, letters, MOST).map((one) => ({
    kind: "emoji",
    emoji: toned(one, emojiMemory.tone),
    label: one.shortcodes[0] ?? one.label,
  }));
}

/** The suggestions of a channel's or a thread's composer. */
export function suggesterOf(channel: () => Channel, conversation: string): Suggester {
  const workspace = (): WorkspaceState | undefined =>
    session.live.state.workspaces[channel().workspace_id];
  /** The people of a private channel: nobody else can be named in it. */
  let inside: { of: string; users: User[] } | undefined;

  const known = (): Iterable<User> => {
    if (channel().kind === "private") return inside?.of === channel().id ? inside.users : [];
    // A guest sees only the channels that they were let into: here, if they speak here.
    const rows = session.live.state.timelines[conversation]?.rows ?? [];
    return Object.values(workspace()?.members ?? {})
      .filter(({ role, user }) => role !== "guest" || rows.some((row) => row.author.id === user.id))
      .map(({ user }) => user);
  };
  const ask = async (query: Query): Promise<Suggestion[]> => {
    const { id, kind, workspace_id } = channel();
    if (kind === "private")
      inside = { of: id, users: (await client.channelMembers.list(id, { limit: PAGE })).items };
    else await session.live.searchMembers(workspace_id, query.letters.trimEnd());
    return people(known(), query, conversation);
  };
  return {
    now(query) {
      const here = workspace();
      if (here === undefined) return [];
      if (query.kind === "channel") return channels(here, query);
      if (query.kind === "emoji") return table === undefined ? [] : emoji(table, query);
      return people(known(), query, conversation);
    },
    later(query) {
      if (query.kind === "emoji" && table === undefined)
        return emojiTable().then((all) => emoji((table = all), query));
      if (query.kind !== "person") return undefined;
      const complete =
        channel().kind === "private"
          ? inside?.of === channel().id
          : workspace()?.membersComplete === true || query.letters.trim() === "";
      return complete ? undefined : ask(query);
    },
    emoji(shortcode) {
      const found = table?.all.find(({ shortcodes }) => shortcodes.includes(shortcode));
      return found && toned(found, emojiMemory.tone);
    },
  };
}
