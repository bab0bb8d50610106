//! Which dialog is open. One at a time; where one is stays in the address, what one is asked does not.

/** A dialog and what it is about. */
export type Opened =
  | { name: "createWorkspace" | "signOut" | "shortcuts" }
  | { name: "palette"; query: string }
  | {
      name:
        | "renameWorkspace"
        | "leaveWorkspace"
        | "invites"
        | "members"
        | "createChannel"
        | "browse";
      workspace: string;
    }
  | { name: "newSection"; workspace: string; moves?: string }
  | { name: "renameSection" | "deleteSection"; workspace: string; section: string }
  | { name: "people" | "renameChannel" | "topic" | "archive" | "leaveChannel"; channel: string }
  | {
      name: "history" | "deleteMessage" | "reactions" | "renameThread";
      channel: string;
      message: string;
    };

let opened = $state.raw<Opened>();

/** The open dialog. */
export const dialogs = {
  get opened(): Opened | undefined {
    return opened;
  },
  open(dialog: Opened): void {
    opened = dialog;
  },
  close(): void {
    opened = undefined;
  },
};
