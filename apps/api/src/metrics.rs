//! Counters for operators, in Prometheus' text format.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;
use clickclack_store::Counts as StoreCounts;

/// What the server counts itself; the store and the switchboard count the rest.
#[derive(Debug, Default)]
pub struct Metrics {
    answers: [AtomicU64; 5],
    sends: AtomicU64,
}

/// People and sockets at this moment.
#[derive(Debug, Clone, Copy)]
pub struct Connected {
    /// Open sockets.
    pub sockets: usize,
    /// Accounts with a socket.
    pub people: usize,
}

impl Metrics {
    /// A request was answered.
    pub fn answered(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        self.answers[class].fetch_add(1, Ordering::Relaxed);
    }

    /// A message was sent, for the first time.
    pub fn sent(&self) {
        self.sends.fetch_add(1, Ordering::Relaxed);
    }

    /// Everything as text.
    pub fn render(&self, store: StoreCounts, connected: Connected, passwords: u64) -> String {
        let mut text = String::new();
        let mut metric = |name: &str, kind: &str, help: &str, values: &[(&str, u64)]| {
            let _ =
                writeln!(text, "# HELP clickclack_{name} {help}\n# TYPE clickclack_{name} {kind}");
            for (labels, value) in values {
                let _ = writeln!(text, "clickclack_{name}{labels} {value}");
            }
        };
        let answers: Vec<(String, u64)> = (1..=5)
            .zip(&self.answers)
            .map(|(class, count)| {
                (format!("{{status=\"{class}xx\"}}"), count.load(Ordering::Relaxed))
            })
            .collect();
        let answers: Vec<(&str, u64)> = answers.iter().map(|(l, c)| (l.as_str(), *c)).collect();
        metric("http_requests_total", "counter", "HTTP requests answered.", &answers);
        let sends = self.sends.load(Ordering::Relaxed);
        metric("messages_sent_total", "counter", "Messages sent.", &[("", sends)]);
        metric("passwords_total", "counter", "Passwords hashed or checked.", &[("", passwords)]);
        metric("store_commits_total", "counter", "Transactions committed.", &[("", store.commits)]);
        metric("store_actions_total", "counter", "Actions committed.", &[("", store.actions)]);
        metric(
            "store_failed_actions_total",
            "counter",
            "Actions that ended in an error and were rolled back.",
            &[("", store.failed_actions)],
        );
        metric(
            "store_lost_batches_total",
            "counter",
            "Batches that the database lost whole.",
            &[("", store.lost_batches)],
        );
        metric("sockets", "gauge", "Open sockets.", &[("", connected.sockets as u64)]);
        metric("people", "gauge", "Accounts with a socket.", &[("", connected.people as u64)]);
        text
    }
}
