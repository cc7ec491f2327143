//! A throw-away PostgreSQL for tests: one cluster a test run, one database a test.
//!
//! `cargo nextest` runs each test in a process of its own; all of them share the cluster of their run. A shell watches the
//! process that owns the run: when that is gone, however it went, it stops the cluster and removes its folder. It also drops
//! the databases of tests that have ended.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

static SOCKET: OnceLock<Result<PathBuf, String>> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);
/// How long a cluster may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// Makes a new database and answers its address; none, and a line that says why, where there is no PostgreSQL.
///
/// On a build machine (`CI=true`) a missing PostgreSQL fails the test instead.
pub fn database() -> Option<String> {
    match SOCKET.get_or_init(cluster).as_ref().map_err(Clone::clone).and_then(|socket| create_database(socket)) {
        Ok(url) => Some(url),
        Err(reason) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "PostgreSQL is needed here: {reason}");
            println!("SKIPPED: PostgreSQL is not available: {reason}");
            None
        }
    }
}

/// Where tests keep their data: in memory where there is room, so that they do not wait for a disk.
///
/// `ZHUPI_TEST_DIR` names another place, such as a real disk.
pub fn scratch() -> PathBuf {
    static SCRATCH: OnceLock<PathBuf> = OnceLock::new();
    let find = || match std::env::var_os("ZHUPI_TEST_DIR") {
        Some(folder) => folder.into(),
        None if free_kilobytes("/dev/shm") > 2_000_000 => "/dev/shm".into(),
        None => std::env::temp_dir(),
    };
    SCRATCH.get_or_init(find).clone()
}

fn free_kilobytes(folder: &str) -> u64 {
    let output = Command::new("df").args(["-k", "--output=avail", folder]).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().nth(1).and_then(|number| number.trim().parse().ok()).unwrap_or(0)
}

/// Starts a cluster with ordinary durability in the folder `$1`, and ends it when process `$2` is gone.
///
/// The file `state` then holds one line: `ready`, or why not.
const SCRIPT: &str = r#"
cd "$1" || exit
PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)"
start() {
    command -v initdb && command -v pg_ctl && command -v psql || { echo "no initdb, pg_ctl or psql (Debian: postgresql)" >&2; return 1; }
    initdb -D data -U postgres -A trust -E UTF8 --no-sync || return 1
    pg_ctl -D data -w -l server.log -o "-k $1 -c listen_addresses= -c max_connections=200" start
}
if start "$1" >start.log 2>error.log; then echo ready >state.new; else tail -1 error.log >state.new; fi
mv state.new state
# A thousand tests would fill the memory: the databases of a process that is gone go too.
query() { psql -h "$1" -U postgres -qAtc "$2" 2>>drop.log; }
while [ -d "/proc/$2" ] || kill -0 "$2" 2>/dev/null; do
    sleep 0.5
    for database in $(query "$1" "SELECT datname FROM pg_database WHERE datname LIKE 'test\_%'"); do
        process=${database#test_}
        [ -d "/proc/${process%_*}" ] || kill -0 "${process%_*}" 2>/dev/null || query "$1" "DROP DATABASE $database WITH (FORCE)"
    done
done
pg_ctl -D data -m immediate stop
cd / && rm -rf "$1"
"#;

/// The folder of the run's cluster, which is started by whoever needs it first.
fn cluster() -> Result<PathBuf, String> {
    // Under nextest the run is the parent's, which lives as long as its tests.
    let owner = match std::env::var_os("NEXTEST_RUN_ID") {
        Some(_) => std::os::unix::process::parent_id(),
        None => std::process::id(),
    };
    let folder = scratch().join(format!("zhupi-pg-{owner}"));
    let text = |error: std::io::Error| error.to_string();
    let lock = File::create(folder.with_extension("lock")).map_err(text)?;
    lock.lock().map_err(text)?;
    if !folder.exists() {
        start(&folder, owner).map_err(text)?;
    }
    let result = wait_for(&folder);
    let _ = std::fs::remove_file(folder.with_extension("lock"));
    result.map(|()| folder)
}

fn start(folder: &Path, owner: u32) -> std::io::Result<()> {
    std::fs::create_dir(folder)?;
    let root = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(folder)?) == 0;
    let mut command = Command::new("setsid");
    if root {
        // PostgreSQL refuses to run as root.
        std::os::unix::fs::chown(folder, Some(65534), Some(65534))?;
        command.args(["runuser", "-u", "nobody", "--"]);
    }
    command.args(["sh", "-c", SCRIPT, "sh"]).arg(folder).arg(owner.to_string());
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let (state, mut child, begun) = (folder.join("state"), child.ok(), Instant::now());
    while !state.exists() && begun.elapsed() < PATIENCE {
        // The script lives as long as its owner. When it is gone by now, it never began: nobody should wait for it.
        let lives = child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)));
        if !lives {
            return std::fs::write(state, "it takes setsid, and for root runuser, to start it (Debian: util-linux)\n");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn wait_for(folder: &Path) -> Result<(), String> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        match std::fs::read_to_string(folder.join("state")).as_deref().map(str::trim) {
            Ok("ready") => return Ok(()),
            Ok(reason) => return Err(reason.to_owned()),
            Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
    Err("the cluster did not start within a minute".into())
}

fn create_database(socket: &Path) -> Result<String, String> {
    let name = format!("test_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
    let url = format!("postgres://postgres@localhost/{name}?host={}", socket.display());
    let mut reasons = Vec::new();
    // A machine that is short of processes for a moment refuses `psql` or its server; nothing is tested yet.
    for pause in [100, 500, 2000] {
        match run_psql(socket, &format!("CREATE DATABASE {name}")) {
            Ok(()) => return Ok(url),
            Err(reason) => reasons.push(reason),
        }
        std::thread::sleep(Duration::from_millis(pause));
    }
    Err(reasons.join("; "))
}

fn run_psql(socket: &Path, statement: &str) -> Result<(), String> {
    let output = Command::new("psql")
        .args(["-h".as_ref(), socket.as_os_str(), "-U".as_ref(), "postgres".as_ref()])
        .args(["-c", statement])
        .output()
        .map_err(|error| format!("psql: {error}"))?;
    let told = || String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if output.status.success() { Ok(()) } else { Err(told()) }
}
