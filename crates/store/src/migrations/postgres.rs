//! Migrations on a PostgreSQL database, one server at a time.

use tokio_postgres::{GenericClient, NoTls};

use crate::OpenError;
use crate::postgres::config;

use super::{APPLIED, INSTANCE, Order, RECORD, Schema, TABLE};

/// Names the lock under which servers that start together take turns: "clickcla" in ASCII.
const LOCK: i64 = 0x636c_6963_6b63_6c61;

/// Checks the database and, when asked for, brings it up to date in one transaction.
pub(crate) async fn prepare(url: &str, order: &Order<'_>) -> Result<Schema, OpenError> {
    let (mut client, connection) = config(url)?.connect(NoTls).await?;
    let connection = tokio::spawn(connection);
    let schema = migrate(&mut client, order).await;
    drop(client);
    // The connection ends with its client; what it says then was said by a statement before.
    drop(connection.await);
    schema
}

async fn migrate(
    client: &mut tokio_postgres::Client,
    order: &Order<'_>,
) -> Result<Schema, OpenError> {
    client.batch_execute("SET client_min_messages = 'warning'").await?;
    let transaction = client.transaction().await?;
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    let pending = order.pending(&applied(&transaction).await?)?;
    let mut names = Vec::new();
    if order.may_migrate {
        transaction.batch_execute(TABLE).await?;
        for migration in pending {
            let failed = |error: tokio_postgres::Error| {
                let said = error.as_db_error().map(ToString::to_string);
                migration.failed(said.unwrap_or_else(|| error.to_string()))
            };
            transaction.batch_execute(migration.sql).await.map_err(failed)?;
            let checksum = migration.checksum();
            transaction.execute(RECORD, &[&migration.name, &checksum, &order.now]).await?;
            names.push(migration.name.to_owned());
        }
        transaction.execute(INSTANCE, &[&order.epoch, &order.now]).await?;
    }
    let row = transaction.query_opt("SELECT epoch FROM instance WHERE id = 1", &[]).await?;
    let row =
        row.ok_or_else(|| OpenError::Behind { names: vec!["the instance row".to_owned()] })?;
    let epoch = row.try_get(0)?;
    transaction.commit().await?;
    Ok(Schema { applied: names, epoch })
}

async fn applied(client: &impl GenericClient) -> Result<Vec<(String, String)>, OpenError> {
    let exists = client.query_one("SELECT to_regclass('migrations') IS NOT NULL", &[]).await?;
    if !exists.try_get::<_, bool>(0)? {
        return Ok(Vec::new());
    }
    let rows = client.query(APPLIED, &[]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}
