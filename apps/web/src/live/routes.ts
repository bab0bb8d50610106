//! The page's addresses: a path in, a screen out, and back again.

/** Where one is. */
export type Place =
  | { screen: "home" }
  | { screen: "sign-in" }
  | { screen: "sign-up" }
  | { screen: "setup" }
  | { screen: "magic" }
  | { screen: "invite"; token: string }
  | { screen: "workspace"; workspace: string; channel?: string }
  | { screen: "settings"; page: SettingsPage }
  | { screen: "unknown" };

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

/** Reads an address. */
export function placeOf(pathname: string): Place {
  const parts = words(pathname);
  if (parts === undefined) return { screen: "unknown" };
  const [head, second, third, fourth, ...rest] = parts;
  if (head === undefined) return { screen: "home" };
  if (second === undefined) {
    for (const screen of SINGLE) if (screen === head) return { screen };
    return head === "settings" ? { screen: "settings", page: "profile" } : { screen: "unknown" };
  }
  if (third === undefined) {
    if (head === "invite") return { screen: "invite", token: second };
    if (head === "w") return { screen: "workspace", workspace: second };
    const page = SETTINGS_PAGES.find((name) => name === second);
    return head === "settings" && page !== undefined
      ? { screen: "settings", page }
      : { screen: "unknown" };
  }
  if (head === "w" && third === "c" && fourth !== undefined && rest.length === 0) {
    return { screen: "workspace", workspace: second, channel: fourth };
  }
  return { screen: "unknown" };
}

/** Addresses to go to. */
export const to = {
  home: "/",
  signIn: "/sign-in",
  signUp: "/sign-up",
  settings: (page: SettingsPage): string => `/settings/${page}`,
  workspace: (workspace: string): string => `/w/${encodeURIComponent(workspace)}`,
  channel: (workspace: string, channel: string): string =>
    `/w/${encodeURIComponent(workspace)}/c/${encodeURIComponent(channel)}`,
  invite: (token: string): string => `/invite/${encodeURIComponent(token)}`,
} as const;

/** A path of this page to return to, or home: never another site's address. */
export function safeReturn(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) && !/[\t\n\r]/.test(next) ? next : to.home;
}
