//! What writing needs, in one piece that is fetched once the first timeline stands.
export { default as MessageEditor } from "../parts/MessageEditor.svelte";
export { suggesterOf } from "./suggesting.ts";
export { default as Writer } from "./Writer.svelte";
