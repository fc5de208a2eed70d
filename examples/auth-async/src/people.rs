//! Who there is, and what they count as, in a database of `SQLite`.

use std::sync::LazyLock;

use aiopyramid::prelude::*;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{SqliteConnection, SqlitePool};

/// Those who are there at first, with their passwords and groups.
const FIRST: [(&str, &str, &[&str]); 2] = [("ann", "wonderland", &["writers"]), ("bob", "builder", &[])];

/// Connections to the database. A clone shares them.
#[derive(Clone)]
pub(crate) struct People(pub(crate) SqlitePool);

/// What somebody counts as; `None` where there is no such user any more. Asked at most once for a request, and only where somebody
/// wants to know.
pub(crate) async fn groups(name: String, request: Request) -> Result<Option<Vec<String>>> {
    let Some(people) = request.state::<People>() else { return Ok(None) };
    let found =
        sqlx::query_as("SELECT group_name FROM people LEFT JOIN members USING (name) WHERE people.name = ?");
    let rows: Vec<(Option<String>,)> = found.bind(name).fetch_all(&people.0).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    Ok(Some(rows.into_iter().filter_map(|(group,)| Some(format!("group:{}", group?))).collect()))
}

impl People {
    /// Of this file, which is made where there is none.
    pub(crate) fn open(file: &str) -> Self {
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
        Self(pool().connect_lazy_with(options))
    }

    /// In memory, for a test. Each connection has a database of its own there.
    #[cfg(test)]
    pub(crate) fn in_memory() -> Self {
        let pool = pool().after_connect(|connection, _| Box::pin(fill(connection)));
        Self(pool.connect_lazy_with(SqliteConnectOptions::new().in_memory(true)))
    }

    /// Makes the tables, and those who are there at first.
    pub(crate) async fn prepare(&self) -> Result<()> {
        let mut changes = self.0.begin_with("BEGIN IMMEDIATE").await?;
        fill(&mut changes).await?;
        changes.commit().await?;
        Ok(())
    }

    /// Whether name and password belong together.
    pub(crate) async fn know(&self, name: &str, password: String) -> Result<bool> {
        let found = sqlx::query_as("SELECT password_hash FROM people WHERE name = ?");
        let row: Option<(String,)> = found.bind(name).fetch_optional(&self.0).await?;
        Ok(is_right(password, row.map(|(hash,)| hash)).await)
    }
}

fn pool() -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None)
}

/// Makes what is not there.
async fn fill(database: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(include_str!("schema.sql")).execute(&mut *database).await?;
    if sqlx::query("SELECT name FROM people LIMIT 1").fetch_optional(&mut *database).await?.is_some() {
        return Ok(());
    }
    for (name, password, groups) in FIRST {
        let hash = hash(password).map_err(|error| sqlx::Error::Configuration(error.into()))?;
        let added = sqlx::query("INSERT INTO people (name, password_hash) VALUES (?, ?)");
        added.bind(name).bind(hash).execute(&mut *database).await?;
        for group in groups {
            let added = sqlx::query("INSERT INTO members (name, group_name) VALUES (?, ?)");
            added.bind(name).bind(group).execute(&mut *database).await?;
        }
    }
    Ok(())
}

fn hash(password: &str) -> Result<String> {
    let hash: PasswordHash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| Error::msg(format!("a password cannot be hashed: {error}")))?;
    Ok(hash.to_string())
}

/// Takes long, and as long where there is no such user, so that nobody finds out who there is; it runs in a thread, where nobody else
/// waits for it.
#[use_executor]
fn is_right(typed: String, known: Option<String>) -> bool {
    static NOBODYS: LazyLock<String> = LazyLock::new(|| hash("nobody's").unwrap_or_default());
    let is_known = known.is_some();
    let hash = known.unwrap_or_else(|| NOBODYS.clone());
    PasswordHash::new(&hash)
        .is_ok_and(|hash| Argon2::default().verify_password(typed.as_bytes(), &hash).is_ok())
        && is_known
}
