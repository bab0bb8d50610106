//! One transaction for many actions, a savepoint each, the same on both engines.

use std::sync::atomic::Ordering::Relaxed;

use clickclack_protocol::ids::WorkspaceId;

use crate::action::{Scope, Waiting, guarded};
use crate::context::Context;
use crate::event::Outcome;
use crate::tx::Tx;
use crate::{Engine, StoreError, params};

/// Most actions in one transaction.
pub(crate) const BATCH: usize = 256;

/// What a committed transaction brought.
pub(crate) struct Done {
    outcomes: Vec<Outcome>,
    kept: u64,
    failed: u64,
}

/// Runs the actions and commits. An error is that of the whole transaction: nothing of it holds.
pub(crate) async fn run(tx: &mut Tx, waiting: &mut [Box<dyn Waiting>]) -> Result<Done, StoreError> {
    let engine = tx.engine();
    tx.ledger.clear();
    tx.query.renew();
    tx.control(engine.begin()).await?;
    if engine == Engine::Postgres
        && let Some(first) = waiting.first()
    {
        // All of a PostgreSQL batch have the same scope, locked before the first savepoint: a lock
        // taken inside would be gone after a rollback to it.
        admit(tx, first.scope()).await?;
    }
    tx.control("SAVEPOINT action").await?;
    let (mut kept, mut failed) = (0, 0);
    let mut is_used = false;
    for ticket in waiting {
        if is_used {
            tx.control("RELEASE SAVEPOINT action; SAVEPOINT action").await?;
        }
        is_used = step(tx, ticket.as_mut()).await?;
        if is_used {
            kept += 1;
        } else {
            failed += 1;
        }
    }
    for (workspace, seq) in tx.ledger.unwritten() {
        const SQL: &str = "UPDATE workspaces SET event_seq = $1 WHERE id = $2";
        tx.query.execute(SQL, params![seq, workspace]).await?;
    }
    // PostgreSQL answers COMMIT of a failed transaction with a silent rollback; RELEASE tells.
    tx.control("RELEASE SAVEPOINT action; COMMIT").await?;
    Ok(Done { outcomes: tx.ledger.take_outbox(), kept, failed })
}

/// Runs one action in its savepoint; whether it is kept. An error means that the transaction fell.
async fn step(tx: &mut Tx, ticket: &mut dyn Waiting) -> Result<bool, StoreError> {
    let engine = tx.engine();
    if engine == Engine::Sqlite {
        admit(tx, ticket.scope()).await?;
    }
    tx.ledger.enter(ticket.scope());
    tx.tick();
    let is_well = match guarded(engine, ticket.run(tx)).await {
        Ok(false) => false,
        Ok(true) if tx.query.has_failed() => {
            ticket.fail(StoreError::internal("an action hid a failed statement"));
            false
        }
        Ok(true) if !tx.ledger.is_dense() => {
            ticket.fail(StoreError::internal("an action reserved a sequence and did not emit it"));
            false
        }
        Ok(true) => true,
        Err(error) => {
            ticket.fail(error);
            false
        }
    };
    if !tx.query.stands() {
        return Err(StoreError::unavailable("the transaction fell in the middle of a batch"));
    }
    if !is_well {
        tx.control("ROLLBACK TO SAVEPOINT action").await?;
        tx.query.renew();
        tx.ledger.undo();
    }
    Ok(is_well)
}

/// Locks the scope (PostgreSQL) and notes the sequences of its logs. Everybody locks the instance
/// first and then workspaces by id, so that nobody waits in a circle.
async fn admit(tx: &mut Tx, scope: &Scope) -> Result<(), StoreError> {
    if scope.covers_instance() && tx.engine() == Engine::Postgres {
        tx.query.maybe("SELECT id FROM instance WHERE id = 1 FOR UPDATE", params![]).await?;
    }
    for workspace in scope.workspaces() {
        if !tx.ledger.knows(*workspace) {
            admit_workspace(tx, *workspace).await?;
        }
    }
    Ok(())
}

async fn admit_workspace(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), StoreError> {
    let sql = match tx.engine() {
        Engine::Sqlite => "SELECT event_seq FROM workspaces WHERE id = $1",
        Engine::Postgres => "SELECT event_seq FROM workspaces WHERE id = $1 FOR UPDATE",
    };
    if let Some(row) = tx.query.maybe(sql, params![workspace]).await? {
        tx.ledger.admit(workspace, row.get(0)?);
    }
    Ok(())
}

/// Publishes and answers. The sink comes first: who has an answer can rely on its being told.
pub(crate) fn settle(
    context: &Context,
    result: Result<Done, StoreError>,
    waiting: Vec<Box<dyn Waiting>>,
) {
    let counters = &context.counters;
    let Ok(done) = result else {
        counters.lost_batches.fetch_add(1, Relaxed);
        for mut ticket in waiting {
            // Also those that had failed by themselves: what they saw never came to be.
            ticket.fail(StoreError::Unavailable);
            ticket.answer();
        }
        return;
    };
    counters.commits.fetch_add(1, Relaxed);
    counters.actions.fetch_add(done.kept, Relaxed);
    counters.failed_actions.fetch_add(done.failed, Relaxed);
    context.publish(done.outcomes);
    waiting.into_iter().for_each(Waiting::answer);
}
