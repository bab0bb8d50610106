//! Running other programs: what is run is shown, and what fails says so in one sentence.

use std::ffi::OsStr;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// A program that runs in the given folder.
pub(crate) fn program(name: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(name);
    command.current_dir(folder);
    command
}

/// The cargo that started this command, so that both are of one toolchain.
pub(crate) fn cargo(root: &Path) -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), root)
}

/// Shows and runs a program and waits for it.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let (dim, plain) =
        if std::io::stderr().is_terminal() { ("\x1b[2m", "\x1b[0m") } else { ("", "") };
    eprintln!("{dim}$ {}{plain}", shown(command));
    let status =
        command.status().with_context(|| format!("`{}` could not be started", shown(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs a program that reads a text and gives its output.
pub(crate) fn filter(command: &mut Command, input: &str) -> Result<String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{}` could not be started", shown(command)))?;
    let mut stdin = child.stdin.take().expect("stdin was asked for as a pipe");
    let input = input.to_owned();
    // In a thread of its own: a program may write before it has read everything.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output()?;
    let written = writer.join().expect("writing into a pipe does not panic");
    if !output.status.success() {
        bail!("`{}` failed ({})", shown(command), output.status);
    }
    written.with_context(|| format!("`{}` did not read its input", shown(command)))?;
    String::from_utf8(output.stdout).with_context(|| format!("`{}`", shown(command)))
}

/// Runs a program quietly and gives its output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    filter(command, "")
}

/// Where a program is: in `PATH`, or in one of the folders given.
pub(crate) fn find(name: &str, also: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = std::env::split_paths(&path).chain(also.iter().cloned());
    folders.find_map(|folder| Some(folder.join(name)).filter(|program| program.is_file()))
}

/// Whether this process may do everything on this machine.
pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_gets_its_input_and_gives_its_output() {
        assert_eq!(filter(&mut Command::new("cat"), "ping").unwrap(), "ping");
    }

    #[test]
    fn a_failure_names_the_program() {
        let error = run(&mut Command::new("false")).unwrap_err();
        assert!(error.to_string().starts_with("`false` failed"), "{error}");
        let error = run(&mut Command::new("no-such-program")).unwrap_err();
        assert!(error.to_string().contains("could not be started"), "{error}");
    }

    #[test]
    fn programs_are_found_in_the_path_first() {
        assert!(find("sh", &[]).is_some());
        assert!(find("no-such-program", &["/usr/bin".into()]).is_none());
    }
}
