//! PostgreSQL: pools of connections, and a batcher for every busy scope.

mod lanes;
pub(crate) mod statement;

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime,
};
use tokio_postgres::NoTls;
use tokio_postgres::config::{Host, SslMode};

use crate::action::{Lookup, Waiting, look};
use crate::context::Context;
use crate::query::{Connection, Query};
use crate::{OpenError, StoreError};

use lanes::Lanes;

/// How long anybody waits for a free connection, or for a new one.
const PATIENCE: Duration = Duration::from_secs(10);

/// Ends what the network or a foreign lock would let hang for ever.
const SESSION: &str = "SET lock_timeout = '15s'; SET statement_timeout = '30s'; \
    SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = 'warning'";
/// What writing connections are told besides when a commit may be answered before it is on disk.
const NOT_DURABLE: &str = "SET synchronous_commit = off";

/// The pools of a database. Writers wait for locks of each other, so readers have their own.
pub(crate) struct Postgres {
    readers: Pool,
    lanes: Arc<Lanes>,
}

/// Reads a `postgres://` URL.
pub(crate) fn config(url: &str) -> Result<tokio_postgres::Config, OpenError> {
    let mut config: tokio_postgres::Config = url.parse()?;
    if config.get_ssl_mode() != SslMode::Disable && !config.get_hosts().iter().all(is_here) {
        return Err(OpenError::Unencrypted);
    }
    if config.get_application_name().is_none() {
        config.application_name("clickclack");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(PATIENCE);
    }
    // A network that swallows packets says nothing. Without these a connection would wait for it
    // a quarter of an hour and longer, and the pool would soon be out of others.
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(PATIENCE);
    }
    if config.get_keepalives_interval().is_none() {
        config.keepalives_idle(PATIENCE).keepalives_interval(PATIENCE).keepalives_retries(2);
    }
    Ok(config)
}

/// Whether a server is on this machine.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            let address = name.parse::<std::net::IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        Host::Unix(_) => true,
    }
}

fn pool(
    config: &tokio_postgres::Config,
    size: usize,
    session: &'static [&'static str],
) -> Result<Pool, OpenError> {
    let fast = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(config.clone(), NoTls, fast);
    Pool::builder(manager)
        .max_size(size.max(1))
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(PATIENCE))
        .create_timeout(Some(PATIENCE))
        .post_create(Hook::async_fn(move |client, _| {
            Box::pin(async move {
                let sql = session.join("; ");
                client.batch_execute(&sql).await.map_err(HookError::Backend)
            })
        }))
        .build()
        .map_err(|error| OpenError::Connect(error.to_string()))
}

/// A connection of the pool, ready for a transaction.
async fn lease(pool: &Pool) -> Result<Query, StoreError> {
    match pool.get().await {
        Ok(client) => Ok(Query::new(Connection::Postgres(Box::new(client)))),
        Err(error) => Err(StoreError::unavailable(format_args!("no connection: {error}"))),
    }
}

/// Drops a connection whose state is unknown instead of giving it back to its pool.
fn discard(query: Query) {
    if let Connection::Postgres(client) = query.connection {
        drop(Object::take(*client));
    }
}

impl Postgres {
    pub(crate) fn start(
        url: &str,
        readers: usize,
        writers: usize,
        limit: usize,
        durable: bool,
        context: Arc<Context>,
    ) -> Result<Self, OpenError> {
        let config = config(url)?;
        let session: &[&str] = if durable { &[SESSION] } else { &[SESSION, NOT_DURABLE] };
        let lanes = Lanes::new(pool(&config, writers, session)?, limit, context);
        Ok(Self { readers: pool(&config, readers, &[SESSION])?, lanes: Arc::new(lanes) })
    }

    pub(crate) fn write(&self, ticket: Box<dyn Waiting>) -> Result<(), StoreError> {
        Lanes::push(&self.lanes, ticket)
    }

    /// Reads in a task of its own: a caller that goes away must not leave a connection in the
    /// middle of its transaction.
    pub(crate) async fn read<L: Lookup>(&self, lookup: L) -> Result<L::Output, L::Error> {
        let readers = self.readers.clone();
        let reading = tokio::spawn(async move {
            let mut query = lease(&readers).await?;
            let (found, is_fit) = look(&mut query, &lookup).await;
            if !is_fit {
                discard(query);
            }
            found
        });
        reading.await.unwrap_or_else(|_| Err(StoreError::Unavailable.into()))
    }

    /// Lets what waits finish, then closes the connections.
    pub(crate) async fn close(&self) {
        self.lanes.close().await;
        self.readers.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_do_not_cross_a_network_unasked() {
        for url in [
            "postgres://ana@localhost/chat",
            "postgres://ana@127.0.0.1:5432/chat",
            "postgres://ana@[::1]/chat",
            "postgres://ana@%2Frun%2Fpostgresql/chat",
            "postgres://ana@db.example/chat?sslmode=disable",
        ] {
            assert!(config(url).is_ok(), "{url}");
        }
        for url in [
            "postgres://ana@db.example/chat",
            "postgres://ana@10.0.0.7/chat?sslmode=prefer",
            "postgres://ana@localhost,db.example/chat",
            "postgres://ana@db.example/chat?sslmode=require",
        ] {
            assert!(matches!(config(url), Err(OpenError::Unencrypted)), "{url}");
        }
    }
}
