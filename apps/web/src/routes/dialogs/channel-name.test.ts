//! Names of channels from what people type.
import { expect, it } from "vitest";
import { channelName } from "./channel-name.ts";

it("makes a name of what was typed", () => {
  expect(channelName("Design Critique")).toBe("design-critique");
  expect(channelName("#release")).toBe("release");
  expect(channelName("Küche & Co.")).toBe("küche--co.");
  expect(channelName("  🦀 ")).toBe("");
});
