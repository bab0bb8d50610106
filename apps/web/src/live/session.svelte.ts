//! The page's one connection to the server: the SDK's state as a rune, and its verbs.
import {
  createClient,
  createLive,
  indexedDatabases,
  type Live,
  type StartOptions,
  type State,
} from "@clickclack/sdk";
import { drafts } from "./drafts.svelte.ts";
import { isSignedOut } from "./explain.ts";
import { forgetAll, recall, remember } from "./storage.ts";

/** Whether anybody is in. */
export type Phase = "starting" | "in" | "out" | "failed";

const LAST = "clickclack:last:";
/** Whose cookie this browser holds, so that its other tabs hear of a change. */
const WHO = "clickclack:account";
const IDLE_MS = 5 * 60_000;

/** Every operation of the contract. */
export const client = createClient();

function begin(): Live {
  const socketUrl = `${location.origin.replace(/^http/, "ws")}/api/realtime/ws`;
  return createLive({ client, socketUrl, databases: indexedDatabases() });
}

/** Whom this browser knows and what the address shows: that much is on the screen at once. */
function known(): StartOptions {
  const accountId = recall(WHO);
  const show = location.pathname.match(/(?:chn|msg)_\w{26}/g) ?? [];
  return accountId === null ? { show } : { accountId, show };
}

interface StartWishes {
  /** Also when it had started before. */
  readonly again?: boolean;
  /** Somebody has just signed in: whom this browser knew before says nothing about who that is. */
  readonly anew?: boolean;
}

let live = begin();
let unhear: (() => void) | undefined;

/** One part of the state as a rune: who reads it hears of its changes and of no others. */
function partOf(first: unknown) {
  let now = $state.raw(first);
  return {
    get: () => now,
    set: (next: unknown) => void (now = next),
  };
}
const parts = new Map(Object.entries(live.state).map(([name, first]) => [name, partOf(first)]));
const state = Object.defineProperties(
  {},
  Object.fromEntries([...parts].map(([name, { get }]) => [name, { get, enumerable: true }])),
) as State;
/** Something has come that the next frame shows. */
let due = false;

let phase = $state<Phase>("starting");
let failure = $state.raw<unknown>(undefined);
let started = false;
let told = "";

function show(next: State): void {
  for (const [name, value] of Object.entries(next)) parts.get(name)?.set(value);
}
function catchUp(): void {
  if (!due) return;
  due = false;
  show(live.state);
}
document.addEventListener("visibilitychange", catchUp);

/** What the socket brings is drawn once a frame, however much comes; a page in the back has no frames. */
function take(next: State, brought: boolean): void {
  if (!brought || document.visibilityState !== "visible") show(next);
  else if (!due) {
    due = true;
    requestAnimationFrame(catchUp);
  }
}

function hear(): void {
  unhear?.();
  show(live.state);
  unhear = live.subscribe((next, brought) => {
    take(next, brought);
    const who = next.account?.id ?? told;
    if (who !== told) remember(WHO, (told = who));
    if (!next.signedOut || phase !== "in") return;
    // What this browser keeps of them is not shown again before somebody has signed in.
    remember(WHO, null);
    phase = "out";
    started = false;
  });
}
// All tabs share one cookie: a tab that went on showing somebody else would write in the new one's name.
window.addEventListener("storage", (event) => {
  if (event.key !== WHO || phase === "starting") return;
  const same = phase === "in" ? state.account?.id : null;
  if (event.newValue !== same) void session.start({ again: true });
});

/** The session of whoever is signed in. */
export const session = {
  get state(): State {
    return state;
  },
  get phase(): Phase {
    return phase;
  },
  /** Why starting failed. */
  get failure(): unknown {
    return failure;
  },
  get live(): Live {
    return live;
  },
  /** The account's id; empty while nobody is in. */
  get me(): string {
    return state.account?.id ?? "";
  },
  /** One's own name. A new one comes as an event about the member, in every workspace. */
  get name(): string {
    return Object.values(state.workspaces)[0]?.me.user.name ?? state.account?.name ?? "";
  },
  /** Fetches what the screens need and opens the socket. Once; again after a failure or a sign-in. */
  async start({ again = false, anew = false }: StartWishes = {}): Promise<void> {
    if (started && !again) return;
    started = true;
    live.stop();
    const mine = (live = begin());
    told = "";
    hear();
    phase = "starting";
    try {
      const { show = [], ...who } = known();
      await mine.start(anew ? { show } : { ...who, show });
      // A later start has taken over: what this one opened is nobody's.
      if (mine === live) phase = "in";
      else mine.stop();
    } catch (error) {
      mine.stop();
      if (mine !== live) return;
      failure = error;
      if (isSignedOut(error)) remember(WHO, null);
      phase = isSignedOut(error) ? "out" : "failed";
      // Another tab may sign in: whoever comes back from the sign-in screen is looked up again.
      started = phase === "failed";
    }
  },
  /** Ends the session here and on the server, and forgets what this browser kept of it. */
  async signOut(): Promise<void> {
    const user = this.me;
    await live.signOut();
    drafts.forget(user);
    forgetAll(LAST);
    remember(WHO, null);
    phase = "out";
    started = false;
  },
};

/** Where one was last in a workspace, or which workspace. */
export const lastKey = (workspace?: string): string => LAST + (workspace ?? "workspace");

/** Tells the server whether the person is there, and wakes the socket when the page comes back. */
export function attend(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let idle = false;
  const rest = (): void => {
    idle = true;
    live.presence("idle");
  };
  const stir = (): void => {
    clearTimeout(timer);
    timer = setTimeout(rest, IDLE_MS);
    if (idle) {
      idle = false;
      live.presence("active");
    }
  };
  const wake = (): void => {
    if (document.visibilityState !== "visible") return;
    live.nudge();
    stir();
  };
  const events = ["pointerdown", "keydown", "wheel", "touchstart"] as const;
  for (const event of events) window.addEventListener(event, stir, { passive: true });
  window.addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  stir();
  return () => {
    clearTimeout(timer);
    for (const event of events) window.removeEventListener(event, stir);
    window.removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", wake);
  };
}
