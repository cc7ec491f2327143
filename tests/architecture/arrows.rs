//! Who may depend on whom.

use std::path::Path;

use crate::Finding;
use crate::manifest::{self, Dependency, Kind};

/// One crate of the workspace: its folder, the crates of ours it may use, and crates of others that would break its rule.
struct Room {
    folder: &'static str,
    may_use: &'static [&'static str],
    never: &'static [&'static str],
}

const PURE: &[&str] =
    &["tokio", "futures", "sqlx", "axum", "reqwest", "lettre", "tracing", "getrandom", "uuid", "clap"];

const ROOMS: &[Room] = &[
    Room { folder: "domain", may_use: &[], never: &["rhai", "jsonschema", "serde-saphyr", "csv", "regex"] },
    Room { folder: "engine", may_use: &["domain"], never: &["rhai", "jsonschema", "serde-saphyr", "csv", "regex"] },
    Room { folder: "policies", may_use: &["domain"], never: &["jsonschema", "serde-saphyr", "csv"] },
    Room { folder: "forms", may_use: &["domain"], never: &["rhai", "serde-saphyr", "csv"] },
    Room { folder: "pack", may_use: &["domain", "engine", "policies", "forms"], never: &["rhai", "jsonschema"] },
    Room {
        folder: "app",
        may_use: &["domain", "engine", "policies", "forms", "pack", "store"],
        never: &[
            "axum",
            "tower",
            "tower-http",
            "utoipa-axum",
            "sqlx",
            "rusqlite",
            "rhai",
            "jsonschema",
            "serde-saphyr",
            "clap",
            "reqwest",
        ],
    },
    Room {
        folder: "store",
        may_use: &["domain"],
        never: &["axum", "rhai", "jsonschema", "serde-saphyr", "clap", "reqwest", "lettre"],
    },
    Room {
        folder: "bench",
        may_use: &["domain", "app", "store"],
        never: &["axum", "rhai", "jsonschema", "serde-saphyr", "clap", "reqwest", "lettre"],
    },
    Room {
        folder: "",
        may_use: &["domain", "engine", "policies", "forms", "pack", "app", "store", "bench"],
        never: &["sqlx", "rusqlite", "rhai", "jsonschema", "serde-saphyr", "regex"],
    },
    Room { folder: "xtask", may_use: &[], never: &[] },
];

const PURE_ROOMS: &[&str] = &["domain", "engine", "policies", "forms", "pack"];

pub fn check(root: &Path) -> Vec<Finding> {
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let known = ROOMS.iter().flat_map(|room| judge(room, &manifest::dependencies(&read(&manifest_path(room.folder)))));
    known.chain(unknown_members(&read("Cargo.toml"))).collect()
}

fn manifest_path(folder: &str) -> String {
    if folder.is_empty() { "Cargo.toml".into() } else { format!("{folder}/Cargo.toml") }
}

fn judge(room: &Room, dependencies: &[Dependency]) -> Vec<Finding> {
    dependencies
        .iter()
        .filter_map(|dependency| Some((dependency, broken(room, dependency)?)))
        .map(finding(room))
        .collect()
}

/// The rule that a dependency breaks. Tests may use crates of others freely, but not rooms above their own.
fn broken(room: &Room, dependency: &Dependency) -> Option<String> {
    let name = if room.folder.is_empty() { "server" } else { room.folder };
    let other = dependency.name.as_str();
    if let Some(ours) = other.strip_prefix("zhupi-") {
        return (!room.may_use.contains(&ours)).then(|| format!("{name} must not depend on {ours}"));
    }
    if room.folder == "xtask" {
        return Some(format!("xtask must not depend on anything, and does on {other}"));
    }
    let is_pure = PURE_ROOMS.contains(&room.folder);
    let is_banned = room.never.contains(&other) || (is_pure && PURE.contains(&other));
    (is_banned && dependency.kind != Kind::Dev).then(|| format!("{name} must never know {other}"))
}

fn finding(room: &Room) -> impl Fn((&Dependency, String)) -> Finding {
    let path = manifest_path(room.folder);
    move |(dependency, rule)| Finding {
        path: path.clone(),
        line: dependency.line,
        rule,
        mend: "move the code to the room that may know both, or hand the answer in as data (ARCHITECTURE.md, \"Rooms\")",
    }
}

/// Members of the workspace that have no place in the table above.
fn unknown_members(root_manifest: &str) -> Vec<Finding> {
    manifest::members(root_manifest)
        .into_iter()
        .filter(|(_, member)| !ROOMS.iter().any(|room| room.folder == member))
        .map(|(line, member)| Finding {
            path: "Cargo.toml".into(),
            line,
            rule: format!("{member} is a crate without a place in the house"),
            mend: "give it a line in ROOMS (tests/architecture/arrows.rs) and in ARCHITECTURE.md",
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(folder: &str, manifest: &str) -> Vec<String> {
        let room = ROOMS.iter().find(|room| room.folder == folder).unwrap();
        judge(room, &manifest::dependencies(manifest)).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn an_arrow_that_points_back_is_found() {
        let manifest = "[dependencies]\nzhupi-domain.workspace = true\nzhupi-pack.workspace = true";
        assert_eq!(rules("store", manifest), ["store must not depend on pack"]);
        assert_eq!(
            rules("engine", "[dev-dependencies]\nzhupi-app.workspace = true"),
            ["engine must not depend on app"]
        );
        assert!(rules("app", manifest).is_empty());
    }

    #[test]
    fn a_crate_that_breaks_a_rooms_rule_is_found_unless_only_tests_use_it() {
        assert_eq!(rules("engine", "[dependencies]\nsqlx.workspace = true"), ["engine must never know sqlx"]);
        assert_eq!(rules("", "[dependencies.rhai]\nworkspace = true"), ["server must never know rhai"]);
        assert!(rules("engine", "[dev-dependencies]\nuuid.workspace = true").is_empty());
    }

    #[test]
    fn xtask_uses_nothing() {
        assert_eq!(rules("xtask", "[build-dependencies]\ncc = \"1\"").len(), 1);
    }

    #[test]
    fn a_new_crate_needs_a_place() {
        let found = unknown_members("[workspace]\nmembers = [\"domain\", \"robots\"]");
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].rule.contains("robots")), (2, true));
    }
}
