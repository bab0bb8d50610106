//! What a file must say first, and what it must not say.

use super::{Findings, Source};

/// Every Rust module begins with a sentence; no type error is silenced.
pub(crate) fn check(source: &Source, findings: &mut Findings) {
    let path = &source.path;
    match source.extension() {
        "rs" => {
            let first = source.text.lines().next().unwrap_or_default();
            if first.strip_prefix("//! ").is_none_or(str::is_empty) {
                findings
                    .fail(format!("{path}: begins without `//!` and a sentence on what it owns"));
            }
        }
        "ts" | "js" | "mjs" | "svelte" => {
            for silencer in ["@ts-ignore", "@ts-nocheck"] {
                if source.text.contains(silencer) {
                    findings.fail(format!(
                        "{path}: {silencer}; use a type, or @ts-expect-error with a reason"
                    ));
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::failures;
    use super::*;

    #[test]
    fn a_module_says_what_it_owns() {
        assert!(failures(check, "a/src/b.rs", "//! Owns b.\n").is_empty());
        for text in ["", "use b;\n", "//!\n", "\n//! Late.\n"] {
            assert_eq!(failures(check, "a/src/b.rs", text).len(), 1, "{text:?}");
        }
    }

    #[test]
    fn type_errors_are_not_silenced() {
        assert_eq!(failures(check, "a/b.ts", "// @ts-ignore\n").len(), 1);
        assert_eq!(failures(check, "a/B.svelte", "// @ts-nocheck\n").len(), 1);
        assert!(failures(check, "a/b.ts", "// @ts-expect-error: untyped library\n").is_empty());
    }
}
