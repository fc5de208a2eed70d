//! The pages, in a database of SQLite.

use std::collections::BTreeSet;
use std::time::Duration;

use aiopyramid::prelude::*;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{Error, SqlitePool};

const SCHEMA: &str = include_str!("schema.sql");

/// Connections to the database. A clone shares them.
#[derive(Clone)]
pub(crate) struct Store(SqlitePool);

impl Store {
    /// Of this file, which is made where there is none.
    pub(crate) fn open(file: &str) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(Duration::from_secs(5));
        // Connections to a file need not be renewed, and so nobody has to watch over them.
        let pool = SqlitePoolOptions::new()
            .max_connections(8)
            .idle_timeout(None)
            .max_lifetime(None);
        Self(pool.connect_lazy_with(options))
    }

    /// In memory, for a test.
    #[cfg(test)]
    pub(crate) fn in_memory() -> Self {
        // Each connection has a database of its own there, so there is one, and the table in it.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql(SCHEMA).execute(connection).await?;
                    Ok(())
                })
            });
        Self(pool.connect_lazy_with(SqliteConnectOptions::new().in_memory(true)))
    }

    /// Makes the table and the first page, where they are not there.
    pub(crate) async fn prepare(&self) -> Result<()> {
        let mut changes = self.0.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::raw_sql(SCHEMA).execute(&mut *changes).await?;
        changes.commit().await?;
        Ok(())
    }

    /// The text of a page.
    pub(crate) async fn text(&self, name: &str) -> Result<Option<String>> {
        let found = sqlx::query_as("SELECT text FROM pages WHERE name = ?");
        let row: Option<(String,)> = found.bind(name).fetch_optional(&self.0).await?;
        Ok(row.map(|(text,)| text))
    }

    /// The names of all pages.
    pub(crate) async fn names(&self) -> Result<Vec<String>> {
        let rows: Vec<(String,)> = sqlx::query_as("SELECT name FROM pages ORDER BY name")
            .fetch_all(&self.0)
            .await?;
        Ok(rows.into_iter().map(|(name,)| name).collect())
    }

    /// Those of these pages that are there.
    pub(crate) async fn existing(&self, names: &BTreeSet<&str>) -> Result<BTreeSet<String>> {
        let found =
            sqlx::query_as("SELECT name FROM pages WHERE name IN (SELECT value FROM json_each(?))");
        let rows: Vec<(String,)> = found
            .bind(serde_json::to_string(names)?)
            .fetch_all(&self.0)
            .await?;
        Ok(rows.into_iter().map(|(name,)| name).collect())
    }

    /// Adds a page; `false` where there is one of that name.
    pub(crate) async fn add(&self, name: &str, text: &str) -> Result<bool> {
        let added = sqlx::query("INSERT INTO pages (name, text) VALUES (?, ?)");
        match added.bind(name).bind(text).execute(&self.0).await {
            Ok(_) => Ok(true),
            Err(Error::Database(error)) if error.is_unique_violation() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives a page another text; `false` where there is none of that name.
    pub(crate) async fn change(&self, name: &str, text: &str) -> Result<bool> {
        let changed = sqlx::query("UPDATE pages SET text = ? WHERE name = ?");
        let changed = changed.bind(text).bind(name).execute(&self.0).await?;
        Ok(changed.rows_affected() == 1)
    }
}
