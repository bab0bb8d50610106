//! What the person may do, so that no button is shown that the server would refuse.
import type { Channel, Member, Message } from "@clickclack/sdk";

/** Owner and admins. */
export const isModerator = (me: Member): boolean => me.role === "owner" || me.role === "admin";

/** Everybody but guests makes and finds channels. */
export const mayBrowse = (me: Member): boolean => me.role !== "guest";

/** Owner, admins and whoever made the channel change it and remove people from it. */
export const mayChange = (me: Member, channel: Channel): boolean =>
  isModerator(me) || (channel.created_by === me.user.id && me.role !== "guest");

/** Whoever is in a channel and is no guest sets its topic. */
export const maySetTopic = (me: Member, channel: Channel, joined: boolean): boolean =>
  (mayChange(me, channel) || (joined && me.role !== "guest")) && channel.archived_at === undefined;

/** Whoever is in a channel and is no guest adds people to it. */
export const mayAdd = (me: Member, channel: Channel, joined: boolean): boolean =>
  joined && me.role !== "guest" && channel.archived_at === undefined;

/** Whoever is in a channel writes, reacts and pins there. */
export const mayPost = (channel: Channel, joined: boolean): boolean =>
  joined && channel.archived_at === undefined;

/** Whoever wrote what a thread hangs on, the owner and admins name and lock it. */
export const mayNameThread = (me: Member, root: Message): boolean =>
  isModerator(me) || root.author.id === me.user.id;
