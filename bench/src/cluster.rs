//! A PostgreSQL to measure on: a throw-away cluster with ordinary durability, and a throw-away database in it.
//!
//! A shell watches this process: when it is gone, however it went, the shell stops the cluster and removes its folder.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// How long a cluster may take to start.
const PATIENCE: Duration = Duration::from_secs(60);
/// Nobody's numbers: PostgreSQL refuses to run as root.
const NOBODY: u32 = 65534;

/// Starts a cluster in the folder `$1`, and ends it when process `$2` is gone. The file `state` says `ready`, or why not.
const SCRIPT: &str = r#"
cd "$1" || exit
PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)"
start() {
    command -v initdb && command -v pg_ctl || { echo "no initdb or pg_ctl (Debian: postgresql)" >&2; return 1; }
    initdb -D data -U postgres -A trust -E UTF8 --no-sync || return 1
    pg_ctl -D data -w -l server.log -o "-k $1 -c listen_addresses= -c max_connections=150" start
}
if start "$1" >start.log 2>error.log; then echo ready >state.new; else tail -1 error.log >state.new; fi
mv state.new state
while [ ! -e stop ] && { [ -d "/proc/$2" ] || kill -0 "$2" 2>/dev/null; }; do sleep 0.2; done
pg_ctl -D data -m immediate stop
cd / && rm -rf "$1"
"#;

/// A running cluster; it ends when this is dropped, or with the process.
pub struct Cluster {
    folder: PathBuf,
    shell: Child,
}

impl Cluster {
    /// Starts one below a folder that should lie on the disk to be measured.
    pub fn start(below: &Path) -> anyhow::Result<Self> {
        let folder = below.join(format!("zhupi-bench-pg-{}", std::process::id()));
        std::fs::create_dir(&folder).with_context(|| folder.display().to_string())?;
        let mut command = Command::new("sh");
        if std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(&folder)?) == 0 {
            std::os::unix::fs::chown(&folder, Some(NOBODY), Some(NOBODY))?;
            command = Command::new("runuser");
            command.args(["-u", "nobody", "--", "sh"]);
        }
        command.args(["-c", SCRIPT, "sh"]).arg(&folder).arg(std::process::id().to_string());
        let shell = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let mut cluster = Self { folder, shell };
        cluster.wait()?;
        Ok(cluster)
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.folder.display())
    }

    fn wait(&mut self) -> anyhow::Result<()> {
        let (state, began) = (self.folder.join("state"), Instant::now());
        while began.elapsed() < PATIENCE {
            match std::fs::read_to_string(&state).as_deref().map(str::trim) {
                Ok("ready") => return Ok(()),
                Ok(reason) => anyhow::bail!("{reason}"),
                Err(_) if self.shell.try_wait()?.is_some() => anyhow::bail!("its shell ended"),
                Err(_) => std::thread::sleep(Duration::from_millis(20)),
            }
        }
        anyhow::bail!("it did not start within a minute")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The shell sees this file and does the rest.
        let _ = std::fs::write(self.folder.join("stop"), "");
        let _ = self.shell.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A database of this run in a server that is there.
pub struct Database {
    server: String,
    name: String,
    /// Its own address.
    pub url: String,
}

impl Database {
    /// Makes one beside the database that an address names, which itself is not touched.
    pub async fn create(server: &str) -> anyhow::Result<Self> {
        let name = format!("zhupi_bench_{}", std::process::id());
        let url = beside(server, &name).context("not an address like postgres://user@host/database")?;
        let mut connection = PgConnection::connect(server).await?;
        // The name is made of letters of ours and a number.
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
        Ok(Self { server: server.to_owned(), name, url })
    }

    /// Removes it with all that is in it.
    pub async fn remove(self) -> anyhow::Result<()> {
        let mut connection = PgConnection::connect(&self.server).await?;
        connection.execute(AssertSqlSafe(format!("DROP DATABASE {} WITH (FORCE)", self.name))).await?;
        Ok(())
    }
}

/// The same address with another database.
fn beside(url: &str, name: &str) -> Option<String> {
    let (address, options) = url.split_once('?').map_or((url, None), |(address, options)| (address, Some(options)));
    let (scheme, rest) = address.split_once("://")?;
    let host = rest.split('/').next()?;
    Some(match options {
        Some(options) => format!("{scheme}://{host}/{name}?{options}"),
        None => format!("{scheme}://{host}/{name}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_of_an_address_is_replaced() {
        let replaced = |url| beside(url, "x");
        assert_eq!(replaced("postgres://a:b@h:5432/db").unwrap(), "postgres://a:b@h:5432/x");
        assert_eq!(
            replaced("postgres://a@localhost/db?host=/run/pg").unwrap(),
            "postgres://a@localhost/x?host=/run/pg"
        );
        assert_eq!(replaced("postgres://h").unwrap(), "postgres://h/x");
        assert_eq!(replaced("h"), None);
    }
}
