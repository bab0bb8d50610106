//! The steps of a long command: each announced, timed and listed at the end.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// What was done so far and how long it took.
#[derive(Default)]
pub(crate) struct Report {
    steps: Vec<(&'static str, Duration)>,
}

impl Report {
    /// Does one step. A failure is named after it.
    pub(crate) fn step<T>(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        println!("\n== {name}");
        let start = Instant::now();
        let result = work();
        self.steps.push((name, start.elapsed()));
        result.context(name)
    }

    /// The table, and a last line that says how it ended.
    pub(crate) fn close(self, result: Result<()>) -> Result<()> {
        println!("\n{}", self.table());
        result.context("FAILED")?;
        // In the words that test runners close with, for whoever reads only the last line.
        println!("steps: {} passed, 0 failed", self.steps.len());
        Ok(())
    }

    fn table(&self) -> String {
        let width = self.steps.iter().map(|(name, _)| name.len()).max().unwrap_or_default().max(5);
        let line =
            |name: &str, time: Duration| format!("{name:width$}  {:>7.1} s", time.as_secs_f64());
        let total = self.steps.iter().map(|(_, time)| *time).sum();
        let mut lines: Vec<_> = self.steps.iter().map(|(name, time)| line(name, *time)).collect();
        lines.push(line("total", total));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_adds_up_and_a_failure_has_its_step() {
        let report = Report {
            steps: vec![("a", Duration::from_millis(1500)), ("longer", Duration::from_mins(1))],
        };
        assert_eq!(report.table(), "a           1.5 s\nlonger     60.0 s\ntotal      61.5 s");
        let mut report = Report::default();
        let error = report.step("cake", || -> Result<()> { anyhow::bail!("burnt") }).unwrap_err();
        assert_eq!(format!("{error:#}"), "cake: burnt");
        assert_eq!(report.steps.len(), 1);
    }
}
