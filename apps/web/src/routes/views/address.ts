//! Where a message is read: in its thread, or in its channel.
import type { Message } from "@clickclack/sdk";
import { to } from "../../live/routes.ts";

/** The address that jumps to a message. */
export function addressOf(message: Message): string {
  const { workspace_id: workspace, channel_id: channel, id, thread_root_id: root, seq } = message;
  return root !== undefined && seq === undefined
    ? to.reply(workspace, channel, root, id)
    : to.message(workspace, channel, id);
}
