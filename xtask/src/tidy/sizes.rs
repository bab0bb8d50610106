//! How long files and functions may be. Tests may be as long as their stories.

use super::{Findings, Source};

const FILE_WARNS: usize = 400;
const FILE_FAILS: usize = 600;
const FUNCTION_FAILS: usize = 70;
/// A Svelte part that is longer is two parts.
const PART_FAILS: usize = 250;

/// Measures a file and, in Rust, its functions.
pub(crate) fn check(source: &Source, findings: &mut Findings) {
    if source.is_test() {
        return;
    }
    let lines = product_lines(source);
    let (count, path) = (lines.len(), &source.path);
    match source.extension() {
        "svelte" if count > PART_FAILS => findings.fail(format!(
            "{path}: {count} lines; a part has at most {PART_FAILS}: make two of it"
        )),
        _ if count > FILE_FAILS => {
            findings.fail(format!("{path}: {count} lines, at most {FILE_FAILS}: split it by noun"));
        }
        _ if count > FILE_WARNS => findings.warn(format!("{path}: {count} lines; aim for 150")),
        _ => {}
    }
    if source.extension() == "rs" {
        for (name, length) in functions(&lines) {
            if length > FUNCTION_FAILS {
                findings
                    .fail(format!("{path}: {name} has {length} lines, at most {FUNCTION_FAILS}"));
            }
        }
    }
}

/// The lines before a Rust file's own tests, which stand at its end.
fn product_lines(source: &Source) -> Vec<&str> {
    let lines: Vec<_> = source.text.lines().collect();
    let tests = lines.windows(2).position(|pair| {
        pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{')
    });
    match tests {
        Some(end) if source.extension() == "rs" => lines[..end].to_vec(),
        _ => lines,
    }
}

/// Name and length of every function. The code is formatted by rustfmt, so a function ends at the
/// first brace that stands exactly below its beginning.
fn functions<'a>(lines: &[&'a str]) -> Vec<(&'a str, usize)> {
    let mut functions = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        let Some(name) = function_name(code) else {
            continue;
        };
        if code.ends_with('}') || code.ends_with(';') {
            continue;
        }
        for (length, line) in lines[start..].iter().enumerate().skip(1) {
            let code = line.trim_start();
            if code.is_empty() || line.len() - code.len() != indent {
                continue;
            }
            if code.starts_with('}') {
                functions.push((name, length + 1));
                break;
            }
            // A declaration without body, its signature over several lines.
            if code.starts_with(')') && code.ends_with(';') {
                break;
            }
        }
    }
    functions
}

fn function_name(code: &str) -> Option<&str> {
    let mut rest = code;
    if let Some(after) = rest.strip_prefix("pub") {
        rest = after
            .strip_prefix('(')
            .and_then(|scope| scope.split_once(')'))
            .map_or(after, |(_, rest)| rest);
        rest = rest.trim_start();
    }
    for qualifier in ["const ", "async ", "extern \"C\" "] {
        rest = rest.strip_prefix(qualifier).unwrap_or(rest);
    }
    let name = rest.strip_prefix("fn ")?;
    name.split(['(', '<']).next()
}

#[cfg(test)]
mod tests {
    use super::super::tests::failures;
    use super::*;

    fn long(lines: usize) -> String {
        "x\n".repeat(lines)
    }

    #[test]
    fn a_file_has_a_limit_and_its_tests_do_not_count() {
        assert!(failures(check, "a/src/b.ts", &long(600)).is_empty());
        assert_eq!(failures(check, "a/src/b.ts", &long(601)).len(), 1);
        assert!(failures(check, "a/tests/b.rs", &long(601)).is_empty());
        let with_tests = format!("x\n#[cfg(test)]\nmod tests {{\n{}}}\n", long(700));
        assert!(failures(check, "a/src/b.rs", &with_tests).is_empty());
    }

    #[test]
    fn a_part_of_251_lines_is_two_parts() {
        assert!(failures(check, "a/B.svelte", &long(250)).is_empty());
        assert_eq!(failures(check, "a/B.svelte", &long(251)).len(), 1);
    }

    #[test]
    fn functions_are_measured_from_name_to_brace() {
        let text = "impl A {\n    pub(crate) async fn b<T>(\n        c: T,\n    ) -> D {\n        e()\n    }\n\n    fn f();\n    fn g(\n        h: I,\n    );\n    const fn j() {\n    }\n}\nfn k() {}\n";
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(functions(&lines), [("b", 5), ("j", 2)]);
    }

    #[test]
    fn a_function_of_71_lines_is_too_long() {
        let function = |lines: usize| format!("fn a() {{\n{}}}\n", "    b();\n".repeat(lines - 2));
        assert!(failures(check, "a/src/b.rs", &function(70)).is_empty());
        assert_eq!(failures(check, "a/src/b.rs", &function(71)).len(), 1);
    }
}
