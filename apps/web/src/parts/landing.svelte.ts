//! A jump to a message: it is lit for a while, and takes the focus as soon as it is drawn and measured.

const LIT_MS = 2600;

/** Keeps what is lit. `focus` answers whether the place could take the focus. */
export function landing(focus: (place: number) => boolean) {
  let lit = $state<number>();
  let awaited: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function end(): void {
    clearTimeout(timer);
    lit = awaited = undefined;
  }
  return {
    /** The place that is lit now. */
    get lit(): number | undefined {
      return lit;
    },
    begin(place: number): void {
      end();
      lit = awaited = place;
      timer = setTimeout(end, LIT_MS);
    },
    /** After something was drawn or measured. */
    settle(): void {
      if (awaited !== undefined && focus(awaited)) awaited = undefined;
    },
    end,
  };
}
