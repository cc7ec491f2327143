//! What a server wrote, read straight from its database.
#![allow(dead_code, reason = "each test uses its own part")]

use std::time::Duration;

use serde_json::Value;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

use zhupi_domain::Instant;

use crate::house::Place;

/// A second pair of eyes on a place's database.
#[derive(Clone)]
pub enum Records {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// One event of an instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub kind: String,
    /// `person:li`, `timer`, `machine`.
    pub actor: String,
    pub body: Value,
}

/// One task of an instance, as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    pub number: u64,
    pub version: u64,
    pub assignee: String,
    pub is_open: bool,
    pub outcome: String,
}

/// How an instance stands, in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub status: String,
    pub version: u64,
    pub timers: u64,
    pub incidents: u64,
    /// Machine steps that are asked for and not done.
    pub machines: u64,
}

impl Records {
    pub async fn of(place: &Place) -> Self {
        match place.database_url() {
            Some(url) => Self::Postgres(PgPoolOptions::new().max_connections(4).connect(url).await.unwrap()),
            None => {
                let file = place.data().join("zhupi.db");
                assert!(file.is_file(), "{}", file.display());
                let options = SqliteConnectOptions::new().filename(file).busy_timeout(Duration::from_secs(20));
                Self::Sqlite(SqlitePoolOptions::new().max_connections(4).connect_with(options).await.unwrap())
            }
        }
    }

    /// Rows of text; one text for both databases, with `$1` for the one value.
    async fn rows(&self, sql: &'static str, value: &str) -> Vec<Vec<String>> {
        use sqlx::Row as _;
        macro_rules! read {
            ($pool:expr) => {{
                let rows = sqlx::query(sql).bind(value.to_owned()).fetch_all($pool).await.unwrap();
                let text = |row: &_, index| sqlx::Row::get::<Option<String>, _>(row, index).unwrap_or_default();
                rows.iter().map(|row| (0..row.len()).map(|index| text(row, index)).collect()).collect()
            }};
        }
        match self {
            Self::Sqlite(pool) => read!(pool),
            Self::Postgres(pool) => read!(pool),
        }
    }

    async fn run(&self, sql: &'static str, value: &str) {
        match self {
            Self::Sqlite(pool) => drop(sqlx::query(sql).bind(value.to_owned()).execute(pool).await.unwrap()),
            Self::Postgres(pool) => drop(sqlx::query(sql).bind(value.to_owned()).execute(pool).await.unwrap()),
        }
    }

    /// The events of an instance, in their order.
    pub async fn events(&self, instance: &str) -> Vec<Event> {
        let sql = "SELECT kind, actor, body FROM events WHERE stream = 'instance/' || $1 ORDER BY number";
        let rows = self.rows(sql, instance).await.into_iter();
        rows.map(|row| Event {
            kind: row[0].clone(),
            actor: row[1].clone(),
            body: serde_json::from_str(&row[2]).unwrap(),
        })
        .collect()
    }

    pub async fn tasks(&self, instance: &str) -> Vec<Task> {
        let sql = "SELECT CAST(number AS TEXT), CAST(version AS TEXT), assignee, status, outcome FROM tasks \
                   WHERE instance = $1 ORDER BY number";
        let rows = self.rows(sql, instance).await.into_iter();
        rows.map(|row| Task {
            number: row[0].parse().unwrap(),
            version: row[1].parse().unwrap(),
            assignee: row[2].clone(),
            is_open: row[3] == "open",
            outcome: row[4].clone(),
        })
        .collect()
    }

    pub async fn standing(&self, instance: &str) -> Standing {
        let sql = "SELECT i.status, CAST(i.version AS TEXT), \
                   CAST((SELECT count(*) FROM timers t WHERE t.instance = i.id) AS TEXT), \
                   CAST((SELECT count(*) FROM incidents n WHERE n.instance = i.id AND n.closed_at IS NULL) AS TEXT), \
                   CAST((SELECT count(*) FROM outbox o WHERE o.instance = i.id AND o.topic = 'machine') AS TEXT) \
                   FROM instances i WHERE i.id = $1";
        let rows = self.rows(sql, instance).await;
        let number = |index: usize| rows[0][index].parse().unwrap();
        Standing {
            status: rows[0][0].clone(),
            version: number(1),
            timers: number(2),
            incidents: number(3),
            machines: number(4),
        }
    }

    /// How many instances there are of a flow.
    pub async fn instances(&self, flow: &str) -> u64 {
        let rows = self.rows("SELECT CAST(count(*) AS TEXT) FROM instances WHERE flow = $1", flow).await;
        rows[0][0].parse().unwrap()
    }

    /// From now on keeps a copy of every notice that is asked for, for after it was sent. To be called before the server starts.
    pub async fn keep_notices(&self) {
        let table = "CREATE TABLE kept_notices (instance TEXT, body TEXT)";
        match self {
            Self::Sqlite(pool) => {
                let trigger = "CREATE TRIGGER keep_notices AFTER INSERT ON outbox WHEN NEW.topic = 'notice' BEGIN \
                               INSERT INTO kept_notices VALUES (NEW.instance, NEW.body); END";
                for sql in [table, trigger] {
                    sqlx::query(sql).execute(pool).await.unwrap();
                }
            }
            Self::Postgres(pool) => {
                let function = "CREATE FUNCTION keep_notice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                                INSERT INTO kept_notices VALUES (NEW.instance, NEW.body); RETURN NEW; END $$";
                let trigger = "CREATE TRIGGER keep_notices AFTER INSERT ON outbox FOR EACH ROW \
                               WHEN (NEW.topic = 'notice') EXECUTE FUNCTION keep_notice()";
                for sql in [table, function, trigger] {
                    sqlx::query(sql).execute(pool).await.unwrap();
                }
            }
        }
    }

    /// The notices that were asked for about an instance.
    pub async fn notices(&self, instance: &str) -> Vec<Value> {
        let rows = self.rows("SELECT body FROM kept_notices WHERE instance = $1", instance).await;
        rows.iter().map(|row| serde_json::from_str(&row[0]).unwrap()).collect()
    }

    /// What is posted and reserved on a key of an account, in hundredths.
    pub async fn balance(&self, account: &str, key: &str) -> (i64, i64) {
        let sql = "SELECT CAST(posted AS TEXT), CAST(reserved AS TEXT) FROM balances WHERE account || '/' || key = $1";
        amounts(&self.rows(sql, &format!("{account}/{key}")).await)[0]
    }

    /// What was posted and reserved there, entry by entry.
    pub async fn entries(&self, account: &str, key: &str) -> Vec<(i64, i64)> {
        let sql = "SELECT CAST(posted AS TEXT), CAST(reserved AS TEXT) FROM account_entries \
                   WHERE account || '/' || key = $1 ORDER BY number";
        amounts(&self.rows(sql, &format!("{account}/{key}")).await)
    }

    /// How many timers were due before a moment and have not gone off.
    pub async fn timers_before(&self, before: Instant) -> u64 {
        self.rows(
            "SELECT CAST(count(*) AS TEXT) FROM timers WHERE due_at < CAST($1 AS BIGINT)",
            &before.micros().to_string(),
        )
        .await[0][0]
            .parse()
            .unwrap()
    }

    /// Sessions of PostgreSQL that hold a transaction open without doing anything; SQLite has none to look at.
    pub async fn idle_in_transaction(&self) -> u64 {
        let sql = "SELECT CAST(count(*) AS TEXT) FROM pg_stat_activity WHERE datname = current_database() \
                   AND state LIKE 'idle in transaction%' AND '' = $1";
        match self {
            Self::Sqlite(_) => 0,
            Self::Postgres(_) => self.rows(sql, "").await[0][0].parse().unwrap(),
        }
    }
}

fn amounts(rows: &[Vec<String>]) -> Vec<(i64, i64)> {
    rows.iter().map(|row| (row[0].parse().unwrap(), row[1].parse().unwrap())).collect()
}
