//! The crab's outline on a field of 32 by 32, for the page and for the icon of its tab.

/** What is filled: the shell. */
export const SHELL =
  "M7.5 20.2c0-4.4 3.8-7.2 8.5-7.2s8.5 2.8 8.5 7.2c0 3.3-3.8 5.8-8.5 5.8s-8.5-2.5-8.5-5.8Z";
/** What is drawn with a line: the stalks of the eyes and the legs. */
export const LIMBS = "M13 13.5v-3M19 13.5v-3M9 25l-2.6 2.6M23 25l2.6 2.6M7 22.4l-3 1M25 22.4l3 1";
/** An arm, and the claw at its end: left, then right. */
export const ARMS = ["M8.3 18.2 4.8 15.5v-4", "M23.7 18.2l3.5-2.7v-4"] as const;
export const CLAWS = [
  "M4.8 11.8C2.7 10.6 2 7.9 3 5.4l1.9 2.7 2.6-2.2c.6 2.6-.7 5-2.7 5.9Z",
  "M27.2 11.8c2.1-1.2 2.8-3.9 1.8-6.4l-1.9 2.7-2.6-2.2c-.6 2.6.7 5 2.7 5.9Z",
] as const;
