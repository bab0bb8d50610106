//! Positions in a workspace's log: `<epoch>-<sequence>`.

import type { Cursor } from "./shapes.ts";

/** A cursor taken apart. Sequences of different epochs cannot be compared. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/** Takes a cursor apart; text that is none becomes a position that matches no epoch. */
export function position(cursor: Cursor): Position {
  const dash = cursor.lastIndexOf("-");
  const seq = Number(cursor.slice(dash + 1));
  if (dash <= 0 || !Number.isSafeInteger(seq)) return { epoch: "", seq: 0 };
  return { epoch: cursor.slice(0, dash), seq };
}

/** Whether `cursor` lies behind `other` in the same log. */
export function isBehind(cursor: Cursor, other: Cursor): boolean {
  const [a, b] = [position(cursor), position(other)];
  return a.epoch === b.epoch && a.seq < b.seq;
}
