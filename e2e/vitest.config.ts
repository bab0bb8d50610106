//! How the stories run: one after the other, since each has a server and two browsers to itself.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "node",
    include: ["stories/**/*.test.ts", "bench/*.test.ts"],
    fileParallelism: false,
    pool: "forks",
    isolate: false,
    testTimeout: 90_000,
    hookTimeout: 30_000,
    // As patient as people are with their screens.
    expect: { poll: { timeout: 15_000 } },
    reporters: ["verbose"],
  },
});
