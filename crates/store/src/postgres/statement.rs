//! Statements on a tokio-postgres connection, and its errors in the store's words.

use std::error::Error as StdError;

use bytes::BytesMut;
use deadpool_postgres::Object;
use futures_util::TryStreamExt;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::StoreError;
use crate::value::{Row, Value};

type BoxError = Box<dyn StdError + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(number), &Type::INT8) => number.to_sql(ty, out),
            (Self::Int(number), &Type::INT4) => i32::try_from(*number)?.to_sql(ty, out),
            (Self::Int(number), &Type::INT2) => i16::try_from(*number)?.to_sql(ty, out),
            (Self::Text(text), &Type::TEXT | &Type::VARCHAR | &Type::NAME) => text.to_sql(ty, out),
            (Self::Text(text), &Type::JSON) => {
                out.extend_from_slice(text.as_bytes());
                Ok(IsNull::No)
            }
            (Self::Int(_), _) => Err(format!("an integer where {ty} is wanted").into()),
            (Self::Text(_), _) => Err(format!("a text where {ty} is wanted").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, BoxError> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Self::Int(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => Self::Int(bool::from_sql(ty, raw)?.into()),
            _ => Self::Text(String::from_sql(ty, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, BoxError> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT8
                | Type::INT4
                | Type::INT2
                | Type::BOOL
                | Type::TEXT
                | Type::VARCHAR
                | Type::NAME
        )
    }
}

pub(crate) async fn rows(
    client: &Object,
    sql: &str,
    params: &[Value],
) -> Result<Vec<Row>, StoreError> {
    collect(client, sql, params).await.map_err(|error| translated(client, sql, &error))
}

async fn collect(
    client: &Object,
    sql: &str,
    params: &[Value],
) -> Result<Vec<Row>, tokio_postgres::Error> {
    let statement = client.prepare_cached(sql).await?;
    let stream = client.query_raw(&statement, params).await?;
    let mut stream = std::pin::pin!(stream);
    let mut found = Vec::new();
    while let Some(row) = stream.try_next().await? {
        let values = (0..row.len()).map(|index| row.try_get(index));
        found.push(Row(values.collect::<Result<_, _>>()?));
    }
    Ok(found)
}

pub(crate) async fn execute(
    client: &Object,
    sql: &str,
    params: &[Value],
) -> Result<u64, StoreError> {
    let touched = async {
        let statement = client.prepare_cached(sql).await?;
        client.execute_raw(&statement, params).await
    };
    touched.await.map_err(|error| translated(client, sql, &error))
}

pub(crate) async fn control(client: &Object, sql: &str) -> Result<(), StoreError> {
    client.batch_execute(sql).await.map_err(|error| translated(client, sql, &error))
}

fn translated(client: &Object, sql: &str, error: &tokio_postgres::Error) -> StoreError {
    let Some(database) = error.as_db_error() else {
        let source = error.source();
        let is_network = source.is_some_and(<dyn StdError>::is::<std::io::Error>);
        let said = source.map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
        return if is_network || error.is_closed() || client.is_closed() {
            StoreError::unavailable(format_args!("{said} in: {sql}"))
        } else {
            StoreError::internal(format_args!("{said} in: {sql}"))
        };
    };
    let code = database.code();
    if *code == SqlState::UNIQUE_VIOLATION {
        let constraint = database.constraint().unwrap_or_default().to_owned();
        return StoreError::Conflict { constraint };
    }
    // The classes of Appendix A of PostgreSQL's manual that are not this program's fault:
    // connection, rollback (deadlock, serialization), resources, operator, system; and locks.
    let is_outage = ["08", "40", "53", "57", "58"].contains(&&code.code()[..2])
        || *code == SqlState::LOCK_NOT_AVAILABLE
        || *code == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
        || *code == SqlState::READ_ONLY_SQL_TRANSACTION;
    // Neither detail nor hint: they quote what people wrote.
    let said = format_args!("{} ({}) in: {sql}", database.message(), code.code());
    if is_outage { StoreError::unavailable(said) } else { StoreError::internal(said) }
}
