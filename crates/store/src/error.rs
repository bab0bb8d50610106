//! What can go wrong between an action and its database, without the database's own words.

/// Why a statement, an action or a lookup failed. The raw text of the database goes to the log only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database, or the transaction that the action rode in, is lost: nothing happened that
    /// anybody was told of. Trying again is right.
    #[error("the database is not available")]
    Unavailable,
    /// Too many actions wait already.
    #[error("too many requests are waiting for the database")]
    Busy,
    /// A value that must be unique is taken.
    #[error("a value that must be unique is taken")]
    Conflict {
        /// PostgreSQL's name of it on both engines: that of the index, `<table>_pkey` for a primary
        /// key, `<table>_<columns>_key` for a `UNIQUE` inside the table.
        constraint: String,
    },
    /// A text parameter held U+0000, which PostgreSQL cannot store.
    #[error("text must not hold U+0000")]
    Nul,
    /// The code and the database disagree: a broken invariant or statement, logged where it was seen.
    #[error("internal error")]
    Internal,
}

impl StoreError {
    /// Whether this is the violation of the named unique index or key.
    pub fn violates(&self, name: &str) -> bool {
        matches!(self, Self::Conflict { constraint } if constraint == name)
    }

    /// Logs what is wrong and answers [`StoreError::Internal`].
    pub(crate) fn internal(what: impl std::fmt::Display) -> Self {
        tracing::error!("{what}");
        Self::Internal
    }

    /// Logs what is wrong and answers [`StoreError::Unavailable`].
    pub(crate) fn unavailable(what: impl std::fmt::Display) -> Self {
        tracing::error!("{what}");
        Self::Unavailable
    }
}

/// Why a database could not be opened. Each is a sentence for the person who runs the server.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names no engine.
    #[error("the database URL must start with sqlite:// or postgres://")]
    Url,
    /// Nothing answers there, or the file cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Connect(String),
    /// The database is on another machine and nobody said that the way there is safe.
    #[error(
        "nothing would encrypt the way to the database, since this program speaks no TLS to \
         PostgreSQL: on a network that you trust say so with ?sslmode=disable"
    )]
    Unencrypted,
    /// A migration that this program does not have was applied.
    #[error(
        "this database was written by a newer ClickClack (it has the migrations {}); \
         please start that version or a newer one", .names.join(", ")
    )]
    Newer {
        /// The unknown migrations.
        names: Vec<String>,
    },
    /// A migration was changed after it had been applied.
    #[error(
        "the migration {name} in this database differs from the one in this program; \
         one of the two was changed by hand"
    )]
    Changed {
        /// The migration.
        name: String,
    },
    /// Migrations are missing and were not asked for.
    #[error("this database needs the migrations {}; run `clickclack migrate`", .names.join(", "))]
    Behind {
        /// The missing migrations.
        names: Vec<String>,
    },
    /// The copy that is made before a migration failed.
    #[error(
        "the copy of the database before the migration could not be written to {path}: {reason}"
    )]
    Backup {
        /// Where the copy should have gone.
        path: String,
        /// What went wrong.
        reason: String,
    },
    /// A migration failed; the database is as it was.
    #[error("the migration {name} failed and was taken back: {reason}")]
    Migration {
        /// The migration.
        name: String,
        /// What went wrong.
        reason: String,
    },
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Connect(error.to_string())
    }
}

impl From<tokio_postgres::Error> for OpenError {
    fn from(error: tokio_postgres::Error) -> Self {
        // The outer text is only "db error"; the cause says which.
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        Self::Connect(cause.unwrap_or_else(|| error.to_string()))
    }
}
