//! Names of browsers.
import { expect, it } from "vitest";
import { agentName } from "./agent.ts";

it("names browser and system", () => {
  expect(agentName("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")).toBe(
    "Firefox on Linux",
  );
  expect(
    agentName(
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0",
    ),
  ).toBe("Edge on Windows");
  expect(
    agentName(
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1",
    ),
  ).toBe("Safari on iOS");
  expect(agentName("curl/8.9.1")).toBe("curl");
  expect(agentName("")).toBe("—");
});
