//! The worker: does what actions asked to be done later, and sweeps away what has expired.

use std::sync::Arc;
use std::time::Duration;

use clickclack_chat::jobs::{FailJob, Fate, FinishJob, Job, NextJobAt, TakeDueJobs};
use clickclack_chat::links::{IssueMagicLink, MAIL_MAGIC_LINK, MailMagicLink};
use clickclack_chat::{AccessError, Desk, expiry};
use clickclack_protocol::time::{Clock, Millis};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::links;
use crate::mail::{Mail, MailError, Mailer};

/// How long the worker sleeps when nobody wakes it: another process may have written a job.
const NAP: Duration = Duration::from_secs(5);
/// How often what has expired is swept away.
const SWEEP_EVERY_MS: Millis = 10 * 60_000;
/// Jobs taken at once.
const AT_ONCE: i64 = 8;

/// Works through the jobs of the database.
pub struct Worker {
    /// Takes and finishes jobs.
    pub desk: Desk,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Told when a job is written.
    pub waiting: Arc<Notify>,
    /// Takes mail; without it mail is not sent.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// The start of links.
    pub base: String,
}

/// Why a job did not work out this time.
#[derive(Debug, thiserror::Error)]
enum JobError {
    #[error("unknown kind of job, or data that is none of its kind")]
    Unknown,
    #[error("no mail server is configured")]
    NoMail,
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error("{0}")]
    Store(String),
}

impl Worker {
    /// Works until the task is aborted.
    pub async fn run(self) {
        let mut swept = self.clock.now();
        loop {
            if let Err(error) = self.work().await {
                tracing::warn!(%error, "the worker could not look for jobs");
            }
            let now = self.clock.now();
            if now - swept >= SWEEP_EVERY_MS {
                swept = now;
                self.sweep().await;
            }
            // Woken or not, it looks again.
            let _ = timeout(NAP, self.waiting.notified()).await;
        }
    }

    /// Does every job that is due.
    async fn work(&self) -> Result<(), AccessError> {
        loop {
            // A read first: with nothing to do, nothing is written.
            let next = self.desk.look(NextJobAt).await?;
            if next.is_none_or(|at| at > self.clock.now()) {
                return Ok(());
            }
            let taken = self.desk.act(TakeDueJobs { limit: AT_ONCE }).await?;
            for job in &taken.dropped {
                tracing::error!(id = job.id, kind = job.kind, "a job was given up");
            }
            if taken.jobs.is_empty() && taken.dropped.is_empty() {
                return Ok(());
            }
            for job in taken.jobs {
                self.attempt(job).await?;
            }
        }
    }

    async fn attempt(&self, job: Job) -> Result<(), AccessError> {
        let Err(error) = self.perform(&job).await else {
            return self.desk.act(FinishJob { id: job.id }).await;
        };
        let fate = self.desk.act(FailJob { id: job.id.clone(), attempt: job.attempt }).await?;
        match fate {
            Fate::RetriedAt(_) => {
                tracing::warn!(id = job.id, kind = job.kind, %error, "a job failed; tried again later");
            }
            Fate::Dropped => {
                tracing::error!(id = job.id, kind = job.kind, %error, "a job was given up");
            }
            Fate::Gone => {}
        }
        Ok(())
    }

    async fn perform(&self, job: &Job) -> Result<(), JobError> {
        match job.kind.as_str() {
            MAIL_MAGIC_LINK => {
                let wanted: MailMagicLink =
                    serde_json::from_str(&job.data).map_err(|_| JobError::Unknown)?;
                self.mail_magic_link(wanted.email).await
            }
            _ => Err(JobError::Unknown),
        }
    }

    /// An address without account gets nothing, and nobody is told.
    async fn mail_magic_link(&self, email: String) -> Result<(), JobError> {
        let mailer = self.mailer.as_ref().ok_or(JobError::NoMail)?;
        let issued = self.desk.act(IssueMagicLink { email: email.clone() }).await;
        let Some(link) = issued.map_err(|error| JobError::Store(error.to_string()))? else {
            return Ok(());
        };
        let url = links::magic(&self.base, &link.token);
        let text = format!(
            "Hello {},\n\nthis link signs you in to ClickClack. It works once, for 15 minutes:\n\n\
             {url}\n\nIf you did not ask for it, nothing has happened and nothing will.\n",
            link.account.name
        );
        let subject = "Your sign-in link for ClickClack".to_owned();
        Ok(mailer.send(Mail { to: email, subject, text }).await?)
    }

    async fn sweep(&self) {
        loop {
            match self.desk.act(expiry::SweepExpired).await {
                Ok(gone) if gone >= expiry::SWEEP_ROWS => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(%error, "what has expired could not be swept away");
                    break;
                }
            }
        }
    }
}
