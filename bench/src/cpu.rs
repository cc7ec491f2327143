//! CPU time, which hardly depends on what else a machine does: of this process, and of a PostgreSQL on the same machine.

use std::fs;
use std::time::Duration;

/// Linux counts in hundredths of a second for everybody who asks.
const TICKS_A_SECOND: u64 = 100;

/// Reads the CPU time of this process and of all processes of one PostgreSQL.
#[derive(Debug, Clone, Copy)]
pub struct Meter {
    postmaster: Postmaster,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Postmaster {
    None,
    Here(u32),
    Elsewhere,
}

impl Meter {
    /// Of this process alone: all that SQLite takes.
    pub fn of_this_process() -> Self {
        Self { postmaster: Postmaster::None }
    }

    /// Also of the PostgreSQL one of whose backends has this process id, if it runs on this machine.
    pub fn with_backend(pid: u32) -> Self {
        let postmaster = Stat::of(pid).filter(|stat| stat.is_postgres).map(|stat| stat.parent);
        Self { postmaster: postmaster.map_or(Postmaster::Elsewhere, Postmaster::Here) }
    }

    /// CPU time so far; none where it cannot be told.
    pub fn read(&self) -> Option<Duration> {
        let own = Stat::of(std::process::id())?.own;
        let ticks = match self.postmaster {
            Postmaster::None => own,
            Postmaster::Here(pid) => own + tree(pid)?,
            Postmaster::Elsewhere => return None,
        };
        Some(Duration::from_millis(ticks * 1000 / TICKS_A_SECOND))
    }

    /// CPU time since it was read.
    pub fn since(&self, before: Option<Duration>) -> Option<Duration> {
        Some(self.read()?.saturating_sub(before?))
    }
}

/// A process and its children; those that have ended were added to the parent's account.
fn tree(root: u32) -> Option<u64> {
    let first = Stat::of(root)?;
    let pids = fs::read_dir("/proc").ok()?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let children = pids.filter_map(Stat::of).filter(|stat| stat.parent == root);
    Some(first.own + first.ended_children + children.map(|stat| stat.own).sum::<u64>())
}

/// One line of `/proc/PID/stat`.
struct Stat {
    is_postgres: bool,
    parent: u32,
    own: u64,
    ended_children: u64,
}

impl Stat {
    fn of(pid: u32) -> Option<Self> {
        Self::read(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    /// The name stands in brackets and may hold anything; state, parent and times follow it.
    fn read(line: &str) -> Option<Self> {
        let (name, rest) = line.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        Some(Self {
            is_postgres: name.contains("(postgres"),
            parent: u32::try_from(number(1)?).ok()?,
            own: number(11)? + number(12)?,
            ended_children: number(13)? + number(14)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_behind_its_name() {
        let line = "7 (postgres: a) b) S 3 7 7 0 -1 4194560 1 2 0 0 11 12 13 14 20 0 1 0 5";
        let stat = Stat::read(line).unwrap();
        assert_eq!((stat.is_postgres, stat.parent, stat.own, stat.ended_children), (true, 3, 23, 27));
    }

    #[test]
    fn a_database_on_another_machine_has_no_cpu_time_here() {
        assert!(Meter::with_backend(std::process::id()).read().is_none());
        assert!(Meter::of_this_process().read().is_some());
    }
}
