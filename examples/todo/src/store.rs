//! The list, in a database: `SQLite` or `PostgreSQL`, which understand the same queries.

use std::time::Duration;

use aiopyramid::prelude::*;
use aiopyramid::{BadSetting, Settings};
use sqlx::any::{AnyArguments, AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::query::Query;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions};

use crate::task::{List, Task, Title};

/// The most tasks that there may be.
pub(crate) const MOST_TASKS: i64 = 200;

/// Connections to the database. A clone shares them.
#[derive(Clone)]
pub(crate) struct Store(AnyPool);

impl Store {
    /// The one that the settings name. Nothing is opened before somebody asks for something in it.
    pub(crate) fn of(settings: &Settings) -> Result<Self, BadSetting> {
        let expected = "a file of SQLite, or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`";
        let options = settings.words("todo.database", expected, connect_options)?;
        let options = options.ok_or_else(|| BadSetting::new(settings, "todo.database", expected))?;
        install_default_drivers();
        // A connection is tried before it is used, so nobody has to watch over those that are idle or old.
        let pool = AnyPoolOptions::new().idle_timeout(None).max_lifetime(None);
        Ok(Self(pool.acquire_timeout(Duration::from_secs(5)).connect_lazy_with(options)))
    }

    /// Makes the tables where there are none.
    pub(crate) async fn prepare(&self) -> Result<()> {
        // Not one of the pool, which would try again for seconds before it says that there is no server, and not why.
        let mut database = self.0.connect_options().connect().await?;
        let schema = match database.backend_name() {
            "PostgreSQL" => include_str!("schema/postgresql.sql"),
            _ => include_str!("schema/sqlite.sql"),
        };
        sqlx::raw_sql(schema).execute(&mut database).await?;
        Ok(())
    }

    /// All that there is.
    pub(crate) async fn list(&self) -> Result<List> {
        read(&mut *self.0.acquire().await?).await
    }

    /// Adds a task; `None` where the list is full.
    pub(crate) async fn add(&self, title: &Title) -> Result<Option<List>> {
        let added =
            sqlx::query("INSERT INTO tasks (title) SELECT $1 WHERE (SELECT count(*) FROM tasks) < $2");
        self.change(added.bind(title.as_str()).bind(MOST_TASKS)).await
    }

    /// Says of a task whether it is done; `None` where there is no such task.
    pub(crate) async fn mark(&self, id: i64, done: bool) -> Result<Option<List>> {
        let marked = sqlx::query("UPDATE tasks SET done = $1 WHERE id = $2");
        self.change(marked.bind(i32::from(done)).bind(id)).await
    }

    /// Removes a task; `None` where there is no such task.
    pub(crate) async fn remove(&self, id: i64) -> Result<Option<List>> {
        self.change(sqlx::query("DELETE FROM tasks WHERE id = $1").bind(id)).await
    }

    /// Removes what is done; `None` where nothing is.
    pub(crate) async fn clear(&self) -> Result<Option<List>> {
        self.change(sqlx::query("DELETE FROM tasks WHERE done = 1")).await
    }

    /// Makes a change, and gives the list as it is then; `None` where nothing is changed.
    async fn change(&self, change: Query<'_, Any, AnyArguments>) -> Result<Option<List>> {
        let mut transaction = self.0.begin().await?;
        // First of all: so changes wait for each other, whichever process makes them, and a later one sees what an earlier has done.
        sqlx::query("UPDATE list SET revision = revision + 1").execute(&mut *transaction).await?;
        if change.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(None);
        }
        let list = read(&mut transaction).await?;
        transaction.commit().await?;
        Ok(Some(list))
    }
}

/// Where a database is; `None` for the address of something else.
fn connect_options(database: &str) -> Option<AnyConnectOptions> {
    match database.split_once("://") {
        Some(("postgres" | "postgresql", _)) => database.parse().ok(),
        Some(_) => None,
        None => {
            let file = std::path::absolute(database).ok()?;
            let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
            AnyConnectOptions::from_url(&options.to_url_lossy()).ok()
        }
    }
}

/// In one query, so that revision and tasks are of the same moment.
async fn read(database: &mut AnyConnection) -> Result<List> {
    type Row = (i64, Option<i64>, Option<String>, Option<i32>);
    let rows: Vec<Row> =
        sqlx::query_as("SELECT revision, id, title, done FROM list LEFT JOIN tasks ON TRUE ORDER BY id")
            .fetch_all(database)
            .await?;
    let revision = rows.first().map_or(0, |row| row.0);
    let tasks = rows
        .into_iter()
        .filter_map(|(_, id, title, done)| Some(Task { id: id?, title: title?, done: done? != 0 }));
    Ok(List::new(revision, tasks.collect()))
}
