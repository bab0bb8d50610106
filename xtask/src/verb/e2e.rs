//! `cargo xtask e2e`: two people in real browsers against the real binary.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::run;
use crate::postgres::Postgres;
use crate::{debian, npm, process};

/// The font without which an emoji in a picture is an empty box.
const EMOJI: &str = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf";

/// Runs the browser stories whose names contain the filter; with `screens` pictures are kept there.
/// Some are told on PostgreSQL as well where there is one.
pub(crate) fn e2e(
    root: &Path,
    filter: Option<&str>,
    screens: Option<&Path>,
    postgres: Option<&Postgres>,
) -> Result<()> {
    npm::page(root)?;
    let chromium = chromium()?;
    let binary = run::build(root, false)?;
    let mut stories = npm::npm(root)?;
    stories.args(["run", "e2e", "--workspace", "e2e", "--"]).args(filter);
    if let Some(screens) = screens {
        stories.arg("--screens").arg(std::path::absolute(screens)?);
    }
    stories.env("CLICKCLACK_BINARY", binary).env("CLICKCLACK_CHROMIUM", chromium);
    if let Some(postgres) = postgres {
        postgres.name_to(&mut stories);
    }
    process::run(&mut stories)
}

/// Where Chromium is; installed, with a font for emoji, where this machine allows it.
pub(crate) fn chromium() -> Result<PathBuf> {
    let find = || process::find("chromium", &[]).or_else(|| process::find("google-chrome", &[]));
    if !Path::new(EMOJI).is_file() && process::is_root() {
        debian::install("A font with emoji", &["fonts-noto-color-emoji"])?;
    }
    if find().is_none() {
        debian::install("Chromium", &["chromium"])?;
    }
    find().context("Chromium was installed, but it is not to be found")
}
