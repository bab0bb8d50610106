//! The menus of the sidebar's lines: what one may do with a channel or a section, arranging included.
import { type State, unreadIn } from "@clickclack/sdk";
import ArrowDown from "@lucide/svelte/icons/arrow-down";
import ArrowUp from "@lucide/svelte/icons/arrow-up";
import CheckCheck from "@lucide/svelte/icons/check-check";
import FolderInput from "@lucide/svelte/icons/folder-input";
import FolderPlus from "@lucide/svelte/icons/folder-plus";
import Pencil from "@lucide/svelte/icons/pencil";
import Trash from "@lucide/svelte/icons/trash-2";
import { isOwn, MOST_SECTIONS, place, STARRED } from "../live/arrangement.ts";
import { dialogs } from "../live/dialogs.svelte.ts";
import { session } from "../live/session.svelte.ts";
import { sectionsOf } from "../live/sidebar.ts";
import type { Line, Section } from "../parts/lines.ts";
import type { MenuItem } from "../parts/Menu.svelte";
import { say } from "../strings.ts";
import { ownLines, sharedLines } from "./channel-menu.ts";
import { sectionName, stepped } from "./sidebar-lines.ts";

type Items = (MenuItem | null)[];

function moves(sections: readonly Section[], line: Line, keep: Keep): Items {
  const one = (by: -1 | 1): Items => {
    const next = stepped(sections, line, by);
    if (next === undefined) return [];
    return [
      {
        label: by < 0 ? say.sidebar.moveUp : say.sidebar.moveDown,
        icon: by < 0 ? ArrowUp : ArrowDown,
        onselect: () => keep(next),
      },
    ];
  };
  return [...one(-1), ...one(1)];
}

/** Keeps a changed order. */
type Keep = (sections: readonly Section[]) => void;

/** What a line's menu offers. */
export function lineMenu(state: State, workspaceId: string, line: Line, keep: Keep): Items {
  const workspace = state.workspaces[workspaceId];
  const sections = sectionsOf(state, workspaceId);
  if (line.kind === "section") return sectionLines(workspaceId, sections, line, keep);
  const channel = line.kind === "channel" ? workspace?.channels[line.id] : undefined;
  if (workspace === undefined || channel === undefined) return [];
  const read: Items =
    unreadIn(state, channel.id).unread === 0
      ? []
      : [
          {
            label: say.sidebar.markRead,
            icon: CheckCheck,
            onselect: () => session.live.markRead(channel.id),
          },
        ];
  return [
    ...read,
    ...ownLines(channel),
    null,
    ...moves(sections, line, keep),
    ...sectionChoices(sections, channel.id, keep),
    ...newSection(workspaceId, sections, channel.id),
    null,
    ...sharedLines(channel, workspace),
  ];
}

function sectionChoices(sections: readonly Section[], channel: string, keep: Keep): Items {
  const here = sections.find(({ channelIds }) => channelIds.includes(channel))?.key;
  return sections
    .filter(({ key }) => key !== STARRED && key !== here && here !== STARRED)
    .map((section) => ({
      label: say.sidebar.moveTo(sectionName(section)),
      icon: FolderInput,
      onselect: () => keep(place(sections, channel, section.key, section.placed)),
    }));
}

function newSection(workspace: string, sections: readonly Section[], channel?: string): Items {
  if (sections.length >= MOST_SECTIONS) return [];
  const about = channel === undefined ? { workspace } : { workspace, moves: channel };
  return [
    {
      label: say.sidebar.newSection,
      icon: FolderPlus,
      onselect: () => dialogs.open({ name: "newSection", ...about }),
    },
  ];
}

function sectionLines(
  workspace: string,
  sections: readonly Section[],
  line: Line & { kind: "section" },
  keep: Keep,
): Items {
  const items: Items = [...moves(sections, line, keep), ...newSection(workspace, sections)];
  if (!isOwn(line.key)) return items;
  const about = { workspace, section: line.key };
  return [
    ...items,
    null,
    {
      label: say.sidebar.renameSection,
      icon: Pencil,
      onselect: () => dialogs.open({ name: "renameSection", ...about }),
    },
    {
      label: say.sidebar.deleteSection,
      icon: Trash,
      danger: true,
      onselect: () => dialogs.open({ name: "deleteSection", ...about }),
    },
  ];
}
