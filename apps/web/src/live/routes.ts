//! The page's addresses: a path in, a screen out, and back again.

/** Where one is. */
export type Place =
  | { screen: "home" }
  | { screen: "sign-in" }
  | { screen: "sign-up" }
  | { screen: "setup" }
  | { screen: "magic" }
  | { screen: "invite"; token: string }
  | WorkspacePlace
  | { screen: "settings"; page: SettingsPage }
  | { screen: "parts" }
  | { screen: "unknown" };

/** Somewhere in a workspace: in one of its views, or in a channel. */
export interface WorkspacePlace {
  screen: "workspace";
  workspace: string;
  view?: View;
  channel?: string;
  /** The message to jump to. */
  message?: string;
  /** What the right pane shows. */
  pane?: Pane;
}

/** What gathers from all channels of a workspace. */
export const VIEWS = ["unreads", "threads", "saved", "drafts"] as const;
export type View = (typeof VIEWS)[number];

/** What stands beside a channel's timeline. */
export type Pane = { kind: "thread"; root: string; reply?: string } | { kind: "pins" };

/** The pages of the settings. */
export const SETTINGS_PAGES = ["profile", "security", "appearance", "server", "accounts"] as const;
export type SettingsPage = (typeof SETTINGS_PAGES)[number];

const SINGLE = new Set(["sign-in", "sign-up", "setup", "magic"] as const);

function words(pathname: string): string[] | undefined {
  try {
    return pathname.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return undefined; // a broken escape leads nowhere
  }
}

/** An id of the contract: nothing else names a thing of the state. */
const isId = (word: string | undefined, prefix: string): word is string =>
  word !== undefined && /^[a-z]{3}_[0-9A-Za-z]+$/.test(word) && word.startsWith(prefix);

/** What follows the channel in an address; nothing where it makes no sense. */
function withinChannel(rest: readonly string[]): Pick<WorkspacePlace, "message" | "pane"> | null {
  const [kind, id, under, reply] = rest;
  if (kind === undefined) return {};
  if (kind === "pins") return rest.length === 1 ? { pane: { kind: "pins" } } : null;
  if (!isId(id, "msg_")) return null;
  if (kind === "m") return rest.length === 2 ? { message: id } : null;
  if (kind !== "t") return null;
  if (under === undefined) return { pane: { kind: "thread", root: id } };
  return under === "m" && isId(reply, "msg_") && rest.length === 4
    ? { pane: { kind: "thread", root: id, reply } }
    : null;
}

function withinWorkspace(workspace: string, rest: readonly string[]): Place {
  const [head, channel, ...more] = rest;
  if (!isId(workspace, "wsp_")) return { screen: "unknown" };
  if (head === undefined) return { screen: "workspace", workspace };
  const view = VIEWS.find((name) => name === head);
  if (view !== undefined && rest.length === 1) return { screen: "workspace", workspace, view };
  if (head !== "c" || !isId(channel, "chn_")) return { screen: "unknown" };
  const within = withinChannel(more);
  return within === null
    ? { screen: "unknown" }
    : { screen: "workspace", workspace, channel, ...within };
}

/** Reads an address. */
export function placeOf(pathname: string): Place {
  const [head, second, ...rest] = words(pathname) ?? [""];
  if (head === undefined) return { screen: "home" };
  if (second === undefined) {
    for (const screen of SINGLE) if (screen === head) return { screen };
    return head === "settings" ? { screen: "settings", page: "profile" } : { screen: "unknown" };
  }
  if (head === "w") return withinWorkspace(second, rest);
  if (rest.length > 0) return { screen: "unknown" };
  if (head === "invite") return { screen: "invite", token: second };
  // Only what is developed has the page that shows every part.
  if (import.meta.env.DEV && head === "dev" && second === "parts") return { screen: "parts" };
  const page = SETTINGS_PAGES.find((name) => name === second);
  return head === "settings" && page !== undefined
    ? { screen: "settings", page }
    : { screen: "unknown" };
}

/** One segment of an address. */
const segment = encodeURIComponent;
const channelPath = (workspace: string, channel: string): string =>
  `/w/${segment(workspace)}/c/${segment(channel)}`;
const threadPath = (workspace: string, channel: string, root: string): string =>
  `${channelPath(workspace, channel)}/t/${segment(root)}`;

/** Addresses to go to. */
export const to = {
  home: "/",
  signIn: "/sign-in",
  signUp: "/sign-up",
  settings: (page: SettingsPage): string => `/settings/${page}`,
  workspace: (workspace: string): string => `/w/${segment(workspace)}`,
  view: (workspace: string, view: View): string => `/w/${segment(workspace)}/${view}`,
  channel: channelPath,
  pins: (workspace: string, channel: string): string => `${channelPath(workspace, channel)}/pins`,
  message: (workspace: string, channel: string, message: string): string =>
    `${channelPath(workspace, channel)}/m/${segment(message)}`,
  thread: threadPath,
  reply: (workspace: string, channel: string, root: string, reply: string): string =>
    `${threadPath(workspace, channel, root)}/m/${segment(reply)}`,
  invite: (token: string): string => `/invite/${segment(token)}`,
} as const;

/** A path of this page to return to, or home: never another site's address. */
export function safeReturn(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) && !/[\t\n\r]/.test(next) ? next : to.home;
}

/** Paths that the server answers itself. */
const SERVED = /^\/(?:api|assets)(?:\/|$)|^\/(?:healthz|readyz|metrics)$/;

/** The address on this page that a link means; nothing for another site's, the server's own and nonsense. */
export function ownPath(href: string, origin: string = location.origin): string | undefined {
  let url: URL;
  try {
    url = new URL(href, origin);
  } catch {
    return undefined;
  }
  // `//` at the beginning would be another host's address.
  if (url.origin !== origin || url.pathname.startsWith("//") || SERVED.test(url.pathname))
    return undefined;
  return url.pathname + url.search + url.hash;
}
