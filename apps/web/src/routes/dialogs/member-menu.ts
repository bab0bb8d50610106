//! What one may do about another member.
import type { Member, Role } from "@clickclack/sdk";
import Crown from "@lucide/svelte/icons/crown";
import Shield from "@lucide/svelte/icons/shield";
import User from "@lucide/svelte/icons/user";
import UserLock from "@lucide/svelte/icons/user-lock";
import UserMinus from "@lucide/svelte/icons/user-minus";
import { isModerator } from "../../live/rights.ts";
import type { MenuItem } from "../../parts/Menu.svelte";
import { say } from "../../strings.ts";

/** What the lines do. */
export interface MemberActions {
  onrole: (role: Role) => void;
  ontransfer: () => void;
  onremove: () => void;
}

/** The lines for one member; none when there is nothing that one may do. */
export function memberMenu(
  me: Member,
  member: Member,
  actions: MemberActions,
): (MenuItem | null)[] {
  const untouchable =
    member.user.id === me.user.id || member.role === "owner" || member.role === "bot";
  if (!isModerator(me) || untouchable) return [];
  const items: (MenuItem | null)[] = [];
  const role = (to: Role, label: string, icon: MenuItem["icon"]): void => {
    if (member.role !== to) items.push({ label, icon, onselect: () => actions.onrole(to) });
  };
  role("admin", say.members.makeAdmin, Shield);
  role("member", say.members.makeMember, User);
  role("guest", say.members.makeGuest, UserLock);
  if (me.role === "owner" && !member.user.deactivated && member.role !== "guest") {
    items.push({ label: say.members.transfer, icon: Crown, onselect: actions.ontransfer });
  }
  items.push(null, {
    label: say.members.remove,
    icon: UserMinus,
    danger: true,
    onselect: actions.onremove,
  });
  return items;
}
