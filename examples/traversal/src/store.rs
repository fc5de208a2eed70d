//! What is in the database, and what can be done with it.

use std::time::Duration;

use aiopyramid::prelude::*;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{Error, SqlitePool};

/// The folder that is not in another one.
pub(crate) const TOP: i64 = 1;

/// A row of the table.
pub(crate) struct Entry {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// That of a document; a folder has none.
    pub(crate) text: Option<String>,
}

impl Entry {
    fn of((id, name, text): (i64, String, Option<String>)) -> Self {
        Self { id, name, text }
    }
}

/// Connections to the database. A clone shares them.
#[derive(Clone)]
pub(crate) struct Store(SqlitePool);

impl Store {
    /// Of this file, which is opened when somebody asks for something in it, and made where there is none.
    pub(crate) fn open(file: &str) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(Duration::from_secs(5));
        // Connections to a file need not be renewed, and so nobody has to watch over them.
        let pool = SqlitePoolOptions::new().max_connections(8).idle_timeout(None).max_lifetime(None);
        Self(pool.connect_lazy_with(options))
    }

    /// Makes the table where there is none, and puts some documents into an empty one.
    pub(crate) async fn prepare(&self) -> Result<()> {
        let mut changes = self.0.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::raw_sql(include_str!("schema.sql")).execute(&mut *changes).await?;
        let (rows,): (i64,) = sqlx::query_as("SELECT count(*) FROM entries").fetch_one(&mut *changes).await?;
        if rows == 0 {
            sqlx::raw_sql(include_str!("first_documents.sql")).execute(&mut *changes).await?;
        }
        changes.commit().await?;
        Ok(())
    }

    /// What is in a folder under that name.
    pub(crate) async fn child(&self, folder: i64, name: &str) -> Result<Option<Entry>> {
        let found = sqlx::query_as("SELECT id, name, text FROM entries WHERE folder = ? AND name = ?");
        Ok(found.bind(folder).bind(name).fetch_optional(&self.0).await?.map(Entry::of))
    }

    /// All that is in a folder: folders first, each by its name.
    pub(crate) async fn children(&self, folder: i64) -> Result<Vec<Entry>> {
        let found = sqlx::query_as(
            "SELECT id, name, text FROM entries WHERE folder = ? ORDER BY text IS NOT NULL, name",
        );
        Ok(found.bind(folder).fetch_all(&self.0).await?.into_iter().map(Entry::of).collect())
    }

    /// Puts something into a folder; `false` where that name is taken. Without a text it is a folder.
    pub(crate) async fn add(&self, folder: i64, name: &str, text: Option<&str>) -> Result<bool> {
        let added = sqlx::query("INSERT INTO entries (folder, name, text) VALUES (?, ?, ?)");
        unless_taken(added.bind(folder).bind(name).bind(text).execute(&self.0).await)
    }

    /// Gives something another name; `false` where that is taken.
    pub(crate) async fn rename(&self, id: i64, name: &str) -> Result<bool> {
        let renamed = sqlx::query("UPDATE entries SET name = ? WHERE id = ?");
        unless_taken(renamed.bind(name).bind(id).execute(&self.0).await)
    }

    /// Gives a document another text.
    pub(crate) async fn write(&self, id: i64, text: &str) -> Result<()> {
        sqlx::query("UPDATE entries SET text = ? WHERE id = ?").bind(text).bind(id).execute(&self.0).await?;
        Ok(())
    }

    /// Removes something, with all that is in it.
    pub(crate) async fn remove(&self, id: i64) -> Result<()> {
        sqlx::query("DELETE FROM entries WHERE id = ?").bind(id).execute(&self.0).await?;
        Ok(())
    }
}

fn unless_taken<T>(outcome: Result<T, Error>) -> Result<bool> {
    match outcome {
        Ok(_) => Ok(true),
        Err(Error::Database(error)) if error.is_unique_violation() => Ok(false),
        Err(error) => Err(error.into()),
    }
}
