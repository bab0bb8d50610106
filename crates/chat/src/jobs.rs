//! Jobs: slow effects, written by the action that wants them and run by workers. A job is run at
//! least once.

use std::sync::Arc;

use clickclack_protocol::time::Millis;
use clickclack_store::{Action, Lookup, Query, StoreError, Tx, params};

use crate::access::AccessError;
use crate::desk::{Deed, Target};
use crate::live::Notice;

/// How long a worker has for a job before it counts as lost: 2 minutes.
pub const CLAIM_MS: Millis = 2 * 60_000;
/// How often a job is tried.
pub const ATTEMPTS: i64 = 8;
/// Wait after the first failure; it doubles with each.
const FIRST_WAIT_MS: Millis = 10_000;

/// Writes a job. `data` is what its worker needs, as JSON.
pub(crate) async fn enqueue(
    tx: &mut Tx,
    kind: &'static str,
    data: &impl serde::Serialize,
    run_at: Millis,
) -> Result<(), StoreError> {
    let data = serde_json::to_string(data).expect("a job's data is plain fields");
    let id = tx.new_key("job");
    let now = tx.now();
    tx.execute(
        "INSERT INTO jobs (id, kind, data, run_at, created_at) VALUES ($1, $2, $3, $4, $5)",
        params![id, kind, data, run_at, now],
    )
    .await?;
    if run_at <= now {
        tx.notify(Arc::new(Notice::JobWaiting));
    }
    Ok(())
}

/// A job that a worker has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// What is to be done.
    pub kind: String,
    /// With what, as JSON.
    pub data: String,
    /// Which try this is, from 1.
    pub attempt: i64,
}

/// What a worker takes at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenJobs {
    /// To be run now, each answered with [`FinishJob`] or [`FailJob`].
    pub jobs: Vec<Job>,
    /// Given up: their last try ended without an answer. To be logged.
    pub dropped: Vec<Job>,
}

/// Claims the jobs that are due. For [`CLAIM_MS`] nobody else gets them.
#[derive(Debug, Clone)]
pub struct TakeDueJobs {
    /// Jobs at most.
    pub limit: i64,
}

impl Deed for TakeDueJobs {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for TakeDueJobs {
    type Output = TakenJobs;
    type Error = AccessError;

    async fn run(&self, tx: &mut Tx) -> Result<TakenJobs, AccessError> {
        let now = tx.now();
        let rows = tx
            .rows(
                "UPDATE jobs SET run_at = $1, attempts = attempts + 1
                 WHERE id IN (SELECT id FROM jobs WHERE run_at <= $2 ORDER BY run_at, id LIMIT $3)
                 RETURNING id, kind, data, attempts",
                params![now + CLAIM_MS, now, self.limit],
            )
            .await?;
        let mut taken = TakenJobs { jobs: Vec::new(), dropped: Vec::new() };
        for row in &rows {
            let (id, kind, data) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let job = Job { id, kind, data, attempt: row.get(3)? };
            if job.attempt <= ATTEMPTS {
                taken.jobs.push(job);
            } else {
                tx.execute("DELETE FROM jobs WHERE id = $1", params![&job.id]).await?;
                taken.dropped.push(job);
            }
        }
        taken.jobs.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(taken)
    }
}

/// When the next job is due, for a worker to sleep until then; `None` when there is none.
#[derive(Debug, Clone)]
pub struct NextJobAt;

impl Lookup for NextJobAt {
    type Output = Option<Millis>;
    type Error = StoreError;

    async fn run(&self, query: &mut Query) -> Result<Option<Millis>, StoreError> {
        query.one("SELECT MIN(run_at) FROM jobs", params![]).await?.get(0)
    }
}

/// Strikes a job off that is done.
#[derive(Debug, Clone)]
pub struct FinishJob {
    /// The job.
    pub id: String,
}

impl Deed for FinishJob {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for FinishJob {
    type Output = ();
    type Error = AccessError;

    async fn run(&self, tx: &mut Tx) -> Result<(), AccessError> {
        tx.execute("DELETE FROM jobs WHERE id = $1", params![&self.id]).await?;
        Ok(())
    }
}

/// What becomes of a job that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is tried again then.
    RetriedAt(Millis),
    /// That was its last try. To be logged.
    Dropped,
    /// Another worker has it by now, or has finished it.
    Gone,
}

/// Puts a job back that failed, for later, or gives it up.
#[derive(Debug, Clone)]
pub struct FailJob {
    /// The job.
    pub id: String,
    /// The try that failed.
    pub attempt: i64,
}

impl Deed for FailJob {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for FailJob {
    type Output = Fate;
    type Error = AccessError;

    async fn run(&self, tx: &mut Tx) -> Result<Fate, AccessError> {
        let at = tx.now() + wait_after(self.attempt);
        let (touched, fate) = if self.attempt < ATTEMPTS {
            let sql = "UPDATE jobs SET run_at = $1 WHERE id = $2 AND attempts = $3";
            (tx.execute(sql, params![at, &self.id, self.attempt]).await?, Fate::RetriedAt(at))
        } else {
            let sql = "DELETE FROM jobs WHERE id = $1 AND attempts = $2";
            (tx.execute(sql, params![&self.id, self.attempt]).await?, Fate::Dropped)
        };
        Ok(if touched == 0 { Fate::Gone } else { fate })
    }
}

/// How long to wait after a try that failed.
fn wait_after(attempt: i64) -> Millis {
    let doublings = attempt.clamp(1, ATTEMPTS) - 1;
    FIRST_WAIT_MS << doublings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_stay_bounded() {
        assert_eq!([1, 2, 3].map(wait_after), [10_000, 20_000, 40_000]);
        assert_eq!(wait_after(ATTEMPTS), 1_280_000);
        assert_eq!(wait_after(i64::MAX), wait_after(ATTEMPTS));
        assert_eq!(wait_after(i64::MIN), FIRST_WAIT_MS);
    }
}
