//! What was said, in a database.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aiopyramid::prelude::*;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};

use crate::message::Message;

/// How many messages of a room are kept.
const KEPT: i64 = 1000;

/// How many somebody who comes is shown.
const SHOWN: i64 = 100;

/// How many rooms the lobby shows.
const ROOMS: i64 = 20;

/// Connections to the database. A clone shares them.
#[derive(Clone)]
pub(crate) struct Store(SqlitePool);

impl Store {
    /// Of this file, which is opened when somebody asks for something in it, and made where there is none.
    pub(crate) fn open(file: &str) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(Duration::from_secs(5));
        // Connections to a file need not be renewed, and so nobody has to watch over them.
        let pool = SqlitePoolOptions::new().max_connections(4).idle_timeout(None).max_lifetime(None);
        Self(pool.connect_lazy_with(options))
    }

    /// Makes the table where there is none.
    pub(crate) async fn prepare(&self) -> Result<()> {
        let mut changes = self.0.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::raw_sql(include_str!("schema.sql")).execute(&mut *changes).await?;
        changes.commit().await?;
        Ok(())
    }

    /// Keeps what somebody has said, and forgets what is too long ago.
    pub(crate) async fn keep(&self, room: &str, name: &str, text: String) -> Result<Message> {
        let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let at = i64::try_from(at).unwrap_or(i64::MAX);
        let mut changes = self.0.begin_with("BEGIN IMMEDIATE").await?;
        let added = sqlx::query("INSERT INTO messages (room, name, text, at) VALUES (?, ?, ?, ?)");
        let added = added.bind(room).bind(name).bind(&text).bind(at).execute(&mut *changes).await?;
        let forgotten = sqlx::query(
            "DELETE FROM messages WHERE room = ?1 AND id <= \
             (SELECT id FROM messages WHERE room = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        );
        forgotten.bind(room).bind(KEPT).execute(&mut *changes).await?;
        changes.commit().await?;
        Ok(Message { id: added.last_insert_rowid(), name: name.to_owned(), text, at })
    }

    /// The last messages of a room after this one, the oldest first.
    pub(crate) async fn history(&self, room: &str, after: i64) -> Result<Vec<Message>> {
        let found = sqlx::query_as(
            "SELECT id, name, text, at FROM messages WHERE room = ? AND id > ? ORDER BY id DESC LIMIT ?",
        );
        let rows: Vec<(i64, String, String, i64)> =
            found.bind(room).bind(after).bind(SHOWN).fetch_all(&self.0).await?;
        Ok(rows.into_iter().rev().map(|(id, name, text, at)| Message { id, name, text, at }).collect())
    }

    /// The rooms in which something was said, the last ones first.
    pub(crate) async fn rooms(&self) -> Result<Vec<String>> {
        let found = sqlx::query_as("SELECT room FROM messages GROUP BY room ORDER BY max(id) DESC LIMIT ?");
        let rows: Vec<(String,)> = found.bind(ROOMS).fetch_all(&self.0).await?;
        Ok(rows.into_iter().map(|(room,)| room).collect())
    }
}
