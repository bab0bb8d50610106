//! Svelte's compiler: runes everywhere, no style elements at run time.
export default {
  compilerOptions: {
    runes: ({ filename }) => !filename.includes("node_modules") || undefined,
    css: "external",
  },
};
