//! Pages and users, in a database of SQLite.

use std::collections::BTreeSet;
use std::time::Duration;

use aiopyramid::prelude::*;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{Error, SqliteConnection, SqlitePool};

use crate::password;
use crate::users::User;

const SCHEMA: &str = include_str!("schema.sql");

/// Those who are there at first: a name, which is the password too, and a role.
const USERS: [(&str, &str); 2] = [("editor", "editor"), ("basic", "basic")];

const FRONT_PAGE: &str = "This is the front page of a wiki.

A word that is made of several, such as AboutThisWiki, is a link to the page of that name. Where \
there is none, the link leads to a form that adds it.";

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) text: String,
    /// The id of the user who has added it.
    pub(crate) creator: i64,
}

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
        // Each connection has a database of its own there, so there is one, and everything in it.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .after_connect(|connection, _| Box::pin(fill(connection)));
        Self(pool.connect_lazy_with(SqliteConnectOptions::new().in_memory(true)))
    }

    /// Makes the tables, the first users and the first page, where they are not there.
    pub(crate) async fn prepare(&self) -> Result<()> {
        let mut changes = self.0.begin_with("BEGIN IMMEDIATE").await?;
        fill(&mut changes).await?;
        changes.commit().await?;
        Ok(())
    }

    /// The user with this id.
    pub(crate) async fn user(&self, id: i64) -> Result<Option<User>> {
        let found = sqlx::query_as("SELECT name, role FROM users WHERE id = ?");
        let row: Option<(String, String)> = found.bind(id).fetch_optional(&self.0).await?;
        Ok(row.map(|(name, role)| User { id, name, role }))
    }

    /// The id of the user of this name, and the hash of the password.
    pub(crate) async fn credentials(&self, name: &str) -> Result<Option<(i64, String)>> {
        let found = sqlx::query_as("SELECT id, password_hash FROM users WHERE name = ?");
        Ok(found.bind(name).fetch_optional(&self.0).await?)
    }

    /// A page.
    pub(crate) async fn page(&self, name: &str) -> Result<Option<Page>> {
        let found = sqlx::query_as("SELECT text, creator FROM pages WHERE name = ?");
        let row: Option<(String, i64)> = found.bind(name).fetch_optional(&self.0).await?;
        Ok(row.map(|(text, creator)| Page {
            name: name.to_owned(),
            text,
            creator,
        }))
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
    pub(crate) async fn add(&self, page: &Page) -> Result<bool> {
        let added = sqlx::query("INSERT INTO pages (name, text, creator) VALUES (?, ?, ?)");
        let added = added.bind(&page.name).bind(&page.text).bind(page.creator);
        match added.execute(&self.0).await {
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

/// Makes what is not there.
async fn fill(database: &mut SqliteConnection) -> Result<(), Error> {
    sqlx::raw_sql(SCHEMA).execute(&mut *database).await?;
    let users = sqlx::query("SELECT id FROM users LIMIT 1");
    if users.fetch_optional(&mut *database).await?.is_some() {
        return Ok(());
    }
    for (name, role) in USERS {
        let hash = password::hash(name).map_err(|error| Error::Configuration(error.into()))?;
        let added = sqlx::query("INSERT INTO users (name, role, password_hash) VALUES (?, ?, ?)");
        let added = added.bind(name).bind(role).bind(hash);
        added.execute(&mut *database).await?;
    }
    let added = sqlx::query(
        "INSERT INTO pages (name, text, creator) SELECT 'FrontPage', ?, id FROM users WHERE name = 'editor'",
    );
    added.bind(FRONT_PAGE).execute(database).await?;
    Ok(())
}
