//! A throw-away PostgreSQL for tests: one cluster a test process, one database a test.
//!
//! The cluster is watched by a shell that waits for its standard input to end. It ends with the test process, however that
//! goes, and the shell then stops the cluster and removes its folder.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// What a test needs to know of the running cluster.
pub struct Cluster {
    /// Folder of the cluster's socket; it listens nowhere else.
    pub socket: PathBuf,
    /// Kept so that its standard input stays open.
    _watcher: Child,
}

static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// Makes a new database and answers its address; none, and a line that says why, where there is no PostgreSQL.
///
/// On a build machine (`CI=true`) a missing PostgreSQL fails the test instead.
pub fn database() -> Option<String> {
    match CLUSTER.get_or_init(start).as_ref().map_err(Clone::clone).and_then(create_database) {
        Ok(url) => Some(url),
        Err(reason) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "PostgreSQL is needed here: {reason}");
            println!("SKIPPED: PostgreSQL is not available: {reason}");
            None
        }
    }
}

/// Initialises and starts a cluster with ordinary durability; `$1` is its folder.
const SCRIPT: &str = r#"
PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)"
command -v initdb >/dev/null && command -v pg_ctl >/dev/null || { echo "no initdb or pg_ctl (Debian: postgresql)"; exit; }
cd "$1" || exit
initdb -D data -U postgres -A trust -E UTF8 --no-sync >initdb.log 2>&1 || { echo "initdb: $(tail -1 initdb.log)"; exit; }
pg_ctl -D data -w -l server.log -o "-k $1 -c listen_addresses= -c max_connections=120" start >start.log 2>&1 \
    || { echo "pg_ctl: $(tail -1 server.log)"; exit; }
echo ready
cat >/dev/null
pg_ctl -D data -m immediate stop >/dev/null 2>&1
cd / && rm -rf "$1"
"#;

fn start() -> Result<Cluster, String> {
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let socket = std::env::temp_dir().join(format!("zhupi-pg-{}", std::process::id()));
    std::fs::create_dir_all(&socket).map_err(|error| error.to_string())?;
    let mut command = if root {
        // PostgreSQL refuses to run as root.
        std::os::unix::fs::chown(&socket, Some(65534), Some(65534)).map_err(|error| error.to_string())?;
        let mut command = Command::new("runuser");
        command.args(["-u", "nobody", "--", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    let mut watcher = command
        .args(["-c", SCRIPT, "sh"])
        .arg(&socket)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut answer = String::new();
    let stdout = watcher.stdout.take().ok_or("no output")?;
    BufReader::new(stdout).read_line(&mut answer).map_err(|error| error.to_string())?;
    match answer.trim() {
        "ready" => Ok(Cluster { socket, _watcher: watcher }),
        "" => Err("the cluster did not start".into()),
        reason => Err(reason.to_owned()),
    }
}

fn create_database(cluster: &Cluster) -> Result<String, String> {
    let name = format!("test{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let output = Command::new("psql")
        .args(["-h".as_ref(), cluster.socket.as_os_str(), "-U".as_ref(), "postgres".as_ref()])
        .args(["-c", &format!("CREATE DATABASE {name}")])
        .output()
        .map_err(|error| format!("psql: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(format!("postgres://postgres@localhost/{name}?host={}", cluster.socket.display()))
}
