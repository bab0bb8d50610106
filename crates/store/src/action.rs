//! Actions and lookups as values that can cross to the thread or task that runs them.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use clickclack_protocol::ids::WorkspaceId;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use crate::query::Query;
use crate::tx::Tx;
use crate::{Engine, StoreError};

/// A change: owned input and what to do with it in a transaction. It awaits nothing but its `Tx`,
/// since the next action of the workspace waits for it.
pub trait Action: Send + Sync + 'static {
    /// What the caller learns once it is committed.
    type Output: Send + 'static;
    /// Why nothing was changed.
    type Error: From<StoreError> + Send + 'static;

    /// Does it. The scope is already locked, so what is read here holds until commit.
    fn run(&self, tx: &mut Tx) -> impl Future<Output = Result<Self::Output, Self::Error>> + Send;
}

/// A question that one or more statements answer from one state of the database.
pub trait Lookup: Send + Sync + 'static {
    /// The answer.
    type Output: Send + 'static;
    /// Why there is none.
    type Error: From<StoreError> + Send + 'static;

    /// Asks.
    fn run(
        &self,
        query: &mut Query,
    ) -> impl Future<Output = Result<Self::Output, Self::Error>> + Send;
}

/// What an action locks before it runs. Actions of one scope run one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The instance: accounts, settings, new workspaces.
    Instance,
    /// One workspace and its log.
    Workspace(WorkspaceId),
    /// The instance and then these workspaces, for a change of an account that its workspaces see.
    InstanceAnd(Vec<WorkspaceId>),
}

impl Scope {
    /// The workspaces whose logs an action of this scope may write.
    pub(crate) fn workspaces(&self) -> &[WorkspaceId] {
        match self {
            Self::Instance => &[],
            Self::Workspace(id) => std::slice::from_ref(id),
            Self::InstanceAnd(ids) => ids,
        }
    }

    pub(crate) fn covers_instance(&self) -> bool {
        !matches!(self, Self::Workspace(_))
    }

    /// The same scope with its workspaces in the order in which everybody locks them.
    pub(crate) fn ordered(self) -> Self {
        match self {
            Self::InstanceAnd(mut ids) => {
                ids.sort_unstable();
                ids.dedup();
                Self::InstanceAnd(ids)
            }
            other => other,
        }
    }
}

/// An action whose caller waits, without its types.
pub(crate) trait Waiting: Send {
    fn scope(&self) -> &Scope;
    /// Runs the action and keeps its result; whether it wants to be committed.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, bool>;
    /// Replaces the result by an error of the store.
    fn fail(&mut self, error: StoreError);
    /// Gives the caller the result.
    fn answer(self: Box<Self>);
}

/// An action on its way.
pub(crate) struct Ticket<A: Action> {
    scope: Scope,
    action: A,
    result: Answer<A>,
    reply: oneshot::Sender<Answer<A>>,
}

/// What the caller of an action gets.
type Answer<A> = Result<<A as Action>::Output, <A as Action>::Error>;

impl<A: Action> Ticket<A> {
    pub(crate) fn new(scope: Scope, action: A) -> (Box<Self>, oneshot::Receiver<Answer<A>>) {
        let (reply, answer) = oneshot::channel();
        // Until it has run, the honest answer is that nothing happened.
        let result = Err(StoreError::Unavailable.into());
        (Box::new(Self { scope, action, result, reply }), answer)
    }
}

impl<A: Action> Waiting for Ticket<A> {
    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, bool> {
        let (action, result) = (&self.action, &mut self.result);
        Box::pin(async move {
            let outcome = action.run(tx).await;
            let is_well = outcome.is_ok();
            *result = outcome;
            is_well
        })
    }

    fn fail(&mut self, error: StoreError) {
        self.result = Err(error.into());
    }

    fn answer(self: Box<Self>) {
        // A caller that went away does not undo its action.
        drop(self.reply.send(self.result));
    }
}

/// Runs what others wrote: a panic becomes an error, and so does a future that suspends on SQLite,
/// where statements never do and nobody would wake it.
pub(crate) async fn guarded<T>(
    engine: Engine,
    future: impl Future<Output = T> + Send,
) -> Result<T, StoreError> {
    let caught = AssertUnwindSafe(future).catch_unwind();
    let outcome = match engine {
        Engine::Sqlite => caught.now_or_never().ok_or_else(|| {
            StoreError::internal("an action or lookup awaited something else than its database")
        })?,
        Engine::Postgres => caught.await,
    };
    outcome.map_err(|panic| {
        let said = panic.downcast_ref::<&str>().map(|said| (*said).to_owned());
        let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
        StoreError::internal(format_args!("panicked: {}", said.as_deref().unwrap_or("?")))
    })
}

/// Runs a lookup in a transaction of its own. The flag says whether the connection is fit for more.
pub(crate) async fn look<L: Lookup>(
    query: &mut Query,
    lookup: &L,
) -> (Result<L::Output, L::Error>, bool) {
    let engine = query.engine();
    query.renew();
    if let Err(error) = query.control(engine.begin_snapshot()).await {
        return (Err(error.into()), false);
    }
    let found = match guarded(engine, lookup.run(query)).await {
        Ok(found) => found,
        Err(error) => Err(error.into()),
    };
    let is_fit = query.control("ROLLBACK").await.is_ok();
    (found, is_fit)
}
