//! The emoji that are at hand without the table: the eight quick ones, and the pack of the house.

/** The reactions offered first. The toolbar shows as many of them as it has room for. */
export const QUICK = ["👍", "🦀", "✅", "❤️", "😂", "🎉", "👀", "🚀"] as const;

/** What lives in a tide pool: the first group of the picker. */
export const CRUSTACEANS = [
  "🦀",
  "🦞",
  "🦐",
  "🐚",
  "🦑",
  "🐙",
  "🪸",
  "🪼",
  "🐟",
  "🐠",
  "🐡",
  "🦈",
  "🐳",
  "🌊",
  "🏖️",
  "⚓",
] as const;
