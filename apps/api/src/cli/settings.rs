//! `clickclack config`: what is in force and where it comes from.

use serde::Serialize;

use super::print;
use crate::config::sources::Settings;

#[derive(Serialize)]
struct Shown {
    name: &'static str,
    value: Option<String>,
    source: String,
}

pub(super) fn run(settings: &Settings, json: bool) {
    let shown: Vec<Shown> = settings
        .report()
        .into_iter()
        .map(|(key, value, source)| Shown { name: key.name, value, source: source.to_string() })
        .collect();
    if json {
        return print::json(&shown);
    }
    let rows: Vec<Vec<String>> = shown
        .into_iter()
        .map(|Shown { name, value, source }| {
            vec![name.to_owned(), value.unwrap_or_else(|| "-".to_owned()), source]
        })
        .collect();
    print::table(&["setting", "value", "source"], &rows);
}
