//! Something that one part of a story waits for and another brings about.

/** Opens once. */
export interface Signal {
  readonly given: Promise<void>;
  give(): void;
}

export function signal(): Signal {
  let give = (): void => {};
  const given = new Promise<void>((done) => (give = done));
  return { given, give };
}
