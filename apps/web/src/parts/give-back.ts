//! Where the focus goes when a dialog closes: back, also when the button that opened it is gone.

/** To be called before the dialog takes the focus; the answer is for its closing. */
export function giveBack(): (event: Event) => void {
  const before = document.activeElement;
  // A message's buttons show only while the message has the focus: it gets it back in their place.
  const row = before?.closest<HTMLElement>("[data-row]");
  return (event) => {
    if (before?.isConnected === true || row?.isConnected !== true) return;
    event.preventDefault();
    row.focus();
  };
}
