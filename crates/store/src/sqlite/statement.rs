//! Statements on a rusqlite connection, and its errors in the store's words.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ErrorCode, ToSql, ffi};

use crate::StoreError;
use crate::value::{Row, Value};

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

pub(crate) fn rows(
    connection: &Connection,
    sql: &str,
    params: &[Value],
) -> Result<Vec<Row>, StoreError> {
    collect(connection, sql, params).map_err(|error| translated(connection, sql, &error))
}

fn collect(connection: &Connection, sql: &str, params: &[Value]) -> rusqlite::Result<Vec<Row>> {
    let mut statement = bound(connection, sql, params)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(columns);
        for index in 0..columns {
            values.push(match row.get_ref(index)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => Value::Int(number),
                text @ ValueRef::Text(_) => Value::Text(text.as_str()?.to_owned()),
                other => {
                    let name = format!("column {index}");
                    return Err(rusqlite::Error::InvalidColumnType(index, name, other.data_type()));
                }
            });
        }
        found.push(Row(values));
    }
    Ok(found)
}

pub(crate) fn execute(
    connection: &Connection,
    sql: &str,
    params: &[Value],
) -> Result<u64, StoreError> {
    let touched = bound(connection, sql, params).and_then(|mut found| found.raw_execute());
    let touched = touched.map_err(|error| translated(connection, sql, &error))?;
    Ok(touched.try_into().expect("a row count fits in 64 bits"))
}

pub(crate) fn control(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    for statement in sql.split("; ") {
        execute(connection, statement, &[])?;
    }
    Ok(())
}

fn bound<'a>(
    connection: &'a Connection,
    sql: &str,
    params: &[Value],
) -> rusqlite::Result<CachedStatement<'a>> {
    let mut statement = connection.prepare_cached(sql)?;
    let wanted = statement.parameter_count();
    if wanted != params.len() {
        return Err(rusqlite::Error::InvalidParameterCount(params.len(), wanted));
    }
    for (index, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, value)?;
    }
    Ok(statement)
}

fn translated(connection: &Connection, sql: &str, error: &rusqlite::Error) -> StoreError {
    let rusqlite::Error::SqliteFailure(failure, message) = error else {
        return StoreError::internal(format_args!("{error} in: {sql}"));
    };
    match failure.code {
        ErrorCode::ConstraintViolation => {
            let is_unique = matches!(
                failure.extended_code,
                ffi::SQLITE_CONSTRAINT_UNIQUE
                    | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                    | ffi::SQLITE_CONSTRAINT_ROWID
            );
            let columns = message.as_deref().and_then(|text| text.split_once(": "));
            if let (true, Some((_, columns))) = (is_unique, columns) {
                return StoreError::Conflict { constraint: name_of(connection, columns) };
            }
            StoreError::internal(format_args!("{error} in: {sql}"))
        }
        ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::OutOfMemory
        | ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::ReadOnly
        | ErrorCode::PermissionDenied
        | ErrorCode::CannotOpen
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::NotADatabase
        | ErrorCode::OperationAborted
        | ErrorCode::OperationInterrupted
        | ErrorCode::SchemaChanged
        | ErrorCode::FileLockingProtocolFailed => {
            StoreError::unavailable(format_args!("{error} in: {sql}"))
        }
        _ => StoreError::internal(format_args!("{error} in: {sql}")),
    }
}

/// The name of the index over these columns ("users.email", or "a.x, a.y"), as PostgreSQL would
/// call it. SQLite's message names only the columns.
fn name_of(connection: &Connection, columns: &str) -> String {
    let wanted: Vec<&str> =
        columns.split(", ").map(|name| name.split_once('.').map_or(name, |pair| pair.1)).collect();
    let table = columns.split_once('.').map_or("", |pair| pair.0);
    let named = indexes(connection, table).unwrap_or_default();
    for (name, origin, columns) in named {
        if columns == wanted {
            return match origin.as_str() {
                "c" => name,
                "u" => format!("{table}_{}_key", wanted.join("_")),
                _ => format!("{table}_pkey"),
            };
        }
    }
    // An INTEGER PRIMARY KEY is the table itself and has no index.
    format!("{table}_pkey")
}

/// The unique indexes of a table: name, origin and columns.
fn indexes(
    connection: &Connection,
    table: &str,
) -> rusqlite::Result<Vec<(String, String, Vec<String>)>> {
    let sql = "SELECT name, origin FROM pragma_index_list($1) WHERE \"unique\" = 1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?;
    found
        .map(|index| {
            let (name, origin): (String, String) = index?;
            let sql = "SELECT name FROM pragma_index_info($1) ORDER BY seqno";
            let mut statement = connection.prepare_cached(sql)?;
            let columns = statement.query_map([&name], |row| row.get(0))?;
            let columns = columns.collect::<rusqlite::Result<Vec<String>>>()?;
            Ok((name, origin, columns))
        })
        .collect()
}
