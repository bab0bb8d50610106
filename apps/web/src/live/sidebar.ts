//! The sidebar of a workspace: its sections as the person arranged them, made anew only when they change.
import { type Live, preferencesOf, sidebarOf, type State } from "@clickclack/sdk";
import type { Section } from "../parts/lines.ts";
import { arrange, inOrder, keep, type KeptSection } from "./arrangement.ts";

const collator = new Intl.Collator();

interface Made {
  workspaceId: string;
  signature: string;
  kept: readonly KeptSection[];
  sections: readonly Section[];
}
let made: Made | undefined;

/** The sections with the channels that one is in. Messages that arrive change nothing here, and cost no sorting. */
export function sectionsOf(state: State, workspaceId: string): readonly Section[] {
  const workspace = state.workspaces[workspaceId];
  if (workspace === undefined) return [];
  const joined = Object.values(workspace.channels).filter(
    ({ id, archived_at }) => archived_at === undefined && workspace.joined[id] === true,
  );
  const channels = joined.map(({ id, name }) => ({
    id,
    name,
    starred: preferencesOf(state, id).starred,
  }));
  const signature = channels
    .map(({ id, name, starred }) => `${id}${starred ? "*" : ""}${name}`)
    .join("\n");
  const kept = sidebarOf(state, workspaceId);
  if (made?.workspaceId === workspaceId && made.signature === signature && made.kept === kept)
    return made.sections;
  channels.sort((a, b) => collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1));
  made = { workspaceId, signature, kept, sections: arrange(kept, channels) };
  return made.sections;
}

/** The channels that one is in, in the order in which the sidebar shows them. */
export const conversationsOf = (state: State, workspaceId: string): string[] =>
  inOrder(sectionsOf(state, workspaceId));

/** Keeps a changed order in the account. It is shown at once. */
export function keepSections(
  { state, live }: { state: State; live: Live },
  workspaceId: string,
  sections: readonly Section[],
): Promise<void> {
  return live.arrangeSidebar(workspaceId, keep(sections, sidebarOf(state, workspaceId)));
}
