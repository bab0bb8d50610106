//! Migrations on a SQLite file, with a copy of it before it changes.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use crate::OpenError;
use crate::sqlite::connect;

use super::{APPLIED, INSTANCE, Migration, Order, RECORD, Schema, TABLE};

/// Checks the file and, when asked for, brings it up to date in one transaction.
pub(crate) fn prepare(path: &Path, order: &Order<'_>) -> Result<Schema, OpenError> {
    let mut connection = connect(path)?;
    // Counted before the history is read: a file that another process fills in between has then
    // nothing pending, and no copy of it pretends to be from before.
    let sql = "SELECT COUNT(*) FROM sqlite_schema";
    let tables: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    if let Some(first) = order.pending(&applied(&connection)?)?.first()
        && tables > 0
    {
        back_up(&connection, path, first)?;
    }
    let mut names = Vec::new();
    if order.may_migrate {
        // A migration that rebuilds a table drops one that others point to; the check before
        // commit finds what then points nowhere.
        connection.pragma_update(None, "foreign_keys", false)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(TABLE, [])?;
        // Read again under the write lock: another process may have been faster.
        for migration in order.pending(&applied(&transaction)?)? {
            apply(&transaction, migration, order)?;
            names.push(migration.name.to_owned());
        }
        transaction.execute(INSTANCE, (&order.epoch, order.now))?;
        transaction.commit()?;
    }
    let epoch = connection
        .query_row("SELECT epoch FROM instance WHERE id = 1", [], |row| row.get(0))
        .optional()?
        .ok_or_else(|| OpenError::Behind { names: vec!["the instance row".to_owned()] })?;
    Ok(Schema { applied: names, epoch })
}

fn applied(connection: &Connection) -> Result<Vec<(String, String)>, OpenError> {
    if !connection.table_exists(None, "migrations")? {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare(APPLIED)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn apply(
    transaction: &Transaction<'_>,
    migration: &Migration,
    order: &Order<'_>,
) -> Result<(), OpenError> {
    transaction.execute_batch(migration.sql).map_err(|error| migration.failed(error))?;
    let broken: Option<String> = transaction
        .query_row("SELECT \"table\" FROM pragma_foreign_key_check", [], |row| row.get(0))
        .optional()?;
    if let Some(table) = broken {
        return Err(migration.failed(format_args!("rows of {table} would point nowhere")));
    }
    transaction.execute(RECORD, (migration.name, migration.checksum(), order.now))?;
    Ok(())
}

/// Writes a whole copy beside the file. It gets its name only when it is complete, so that a copy
/// of that name can be trusted.
fn back_up(connection: &Connection, path: &Path, first: &Migration) -> Result<(), OpenError> {
    let target = beside(path, &format!(".before-{}.backup", first.name));
    let partial = beside(path, ".backup-in-progress");
    let failed = |reason: String| OpenError::Backup { path: target.display().to_string(), reason };
    if partial.exists() {
        std::fs::remove_file(&partial).map_err(|error| failed(error.to_string()))?;
    }
    let name = partial.to_str().ok_or_else(|| failed("the path is not UTF-8".to_owned()))?;
    connection.execute("VACUUM INTO $1", [name]).map_err(|error| failed(error.to_string()))?;
    seal(&partial, &target).map_err(|error| failed(error.to_string()))?;
    tracing::info!("a copy of the database from before the migration is at {}", target.display());
    Ok(())
}

fn seal(partial: &Path, target: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let owner_only = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(partial, owner_only)?;
    }
    std::fs::File::open(partial)?.sync_all()?;
    std::fs::rename(partial, target)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
