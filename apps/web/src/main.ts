//! Where the page begins: fonts, styles and the root component.
import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/inter/wght-italic.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/prose.css";
import "./styles/menus.css";
import "./styles/shell.css";
// The look is worn before anything is drawn.
import "./live/theme.svelte.ts";
import { mount } from "svelte";
import App from "./routes/App.svelte";

const target = document.getElementById("app");
if (target === null) throw new Error("index.html holds the element that the page is drawn into");
mount(App, { target });
