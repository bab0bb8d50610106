//! What any two ways to the same position in a log must agree on.

import type { Channel, Member, Workspace, WorkspaceId } from "../shapes.ts";
import type { State } from "./state.ts";

export interface Canonical {
  readonly workspace: Workspace;
  readonly me: Member;
  /** Absent while the directory is known in part only. */
  readonly members?: readonly Member[];
  readonly channels: readonly Channel[];
  readonly joined: readonly string[];
}

/**
 * A workspace as sorted plain data: equal after "old snapshot + events" and after a fresh snapshot
 * of the same position. Null when the workspace is not there.
 */
export function canonical(state: State, workspaceId: WorkspaceId): Canonical | null {
  const held = state.workspaces[workspaceId];
  if (held === undefined) return null;
  const members = Object.values(held.members).toSorted((a, b) => order(a.user.id, b.user.id));
  return {
    workspace: held.workspace,
    me: held.me,
    ...(held.membersComplete ? { members } : {}),
    channels: Object.values(held.channels).toSorted((a, b) => order(a.id, b.id)),
    joined: Object.keys(held.joined).toSorted(order),
  };
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
