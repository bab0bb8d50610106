//! Timestamps of the contract as numbers.

/** Milliseconds since 1970 of an RFC 3339 timestamp. */
export function millisOf(timestamp: string): number {
  return Date.parse(timestamp);
}
