//! How the page is built, served while developing, and tested.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { compressAhead } from "./build/compress.ts";

/** Where the server listens while the page is being developed. */
const server = process.env["CLICKCLACK_SERVER"] ?? "http://127.0.0.1:8080";

export default defineConfig(({ mode }) => ({
  plugins: [svelte(), compressAhead()],
  build: {
    target: "es2022",
    // Every byte under its own hashed address: the policy forbids data: scripts and fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      "/api": {
        target: server,
        ws: true,
        changeOrigin: true,
        // The server accepts writes and sockets from its own origin only.
        headers: { origin: server },
      },
    },
  },
  // The client build of Svelte, also where Vitest runs on Node.
  ...(mode === "test" ? { resolve: { conditions: ["browser"] } } : {}),
  test: { environment: "jsdom", include: ["src/**/*.test.ts", "build/**/*.test.ts"] },
}));
