//! Where a conversation opens: at a message one came for, at the first unread, where one was, or at its end.
import type { Spot } from "../../parts/track.ts";

/** What decides. */
export interface Circumstances {
  /** The place of the message that the address names. */
  readonly goal: number | undefined;
  readonly readTo: number;
  readonly unread: number;
  readonly newest: number;
  /** Where one looked when one left. */
  readonly kept: Spot | undefined;
}

/** Where one looks, and which stretch holds that: around a place, or the newest. */
export interface Opening {
  readonly spot: Spot;
  readonly at: number | "newest";
}

/** With fewer unread than this the newest page holds the first of them. */
const CLOSE_BY = 40;
/** Something of what was read before stays in sight above the New line. */
const BEFORE_NEW_PX = -48;

/** Decides. */
export function openingOf({ goal, readTo, unread, newest, kept }: Circumstances): Opening {
  if (goal !== undefined) {
    return { spot: { place: goal, align: "center", offset: 0 }, at: goal };
  }
  if (unread > 0) {
    const place = readTo + 1;
    return {
      spot: { place, align: "start", offset: BEFORE_NEW_PX },
      at: newest - readTo > CLOSE_BY ? place : "newest",
    };
  }
  if (kept === undefined || kept === "end") return { spot: "end", at: "newest" };
  return { spot: kept, at: Math.max(1, kept.place) };
}
