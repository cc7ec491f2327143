//! Manifests: one table of dependencies with a reason beside each, one table of lints that every crate inherits.

use super::{Finding, Tree};

pub fn check(path: &str, text: &str) -> Vec<Finding> {
    match path {
        "Cargo.toml" => without_reason(text),
        _ if path.ends_with("/Cargo.toml") => own_versions(path, text),
        _ => Vec::new(),
    }
}

/// Dependencies of the one table that do not say what they are for.
fn without_reason(text: &str) -> Vec<Finding> {
    lines_in(text, |table| table == "workspace.dependencies")
        .filter(|(_, line)| !line.contains("path = ") && !line.contains(" # "))
        .map(|(number, line)| {
            let what = format!("dependency '{}' without a reason", name(line));
            Finding::new("Cargo.toml", number, what, "add ` # what it is for` at the end of its line")
        })
        .collect()
}

/// Dependencies that a crate does not take from the one table.
fn own_versions(path: &str, text: &str) -> Vec<Finding> {
    lines_in(text, |table| table.ends_with("dependencies"))
        .filter(|(_, line)| !line.contains("workspace = true"))
        .map(|(number, line)| {
            let what = format!("dependency '{}' with a version of its own", name(line));
            Finding::new(
                path,
                number,
                what,
                "put it into the table of the root Cargo.toml and write `.workspace = true`",
            )
        })
        .collect()
}

pub fn check_tree(tree: &Tree) -> Vec<Finding> {
    let manifests = tree.texts().filter(|(path, _)| path.ends_with("Cargo.toml") && !super::is_test(path));
    let without_lints = manifests
        .filter(|(_, text)| !lines_in(text, |table| table == "lints").any(|(_, line)| line == "workspace = true"))
        .map(|(path, _)| Finding::new(path, 0, "does not inherit the lints", "add `[lints]` with `workspace = true`"));
    let clippy = tree.paths().filter(|path| path.ends_with("/clippy.toml")).map(|path| {
        Finding::new(
            path,
            0,
            "replaces the clippy.toml of the root",
            "remove it: its bans would no longer hold in this crate",
        )
    });
    without_lints.chain(clippy).collect()
}

/// The lines of the tables that `is_wanted`, with their numbers, without blank ones and remarks.
fn lines_in(text: &str, is_wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let mut wanted = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let line = line.trim();
        if let Some(table) = line.strip_prefix('[') {
            wanted = is_wanted(table.trim_end_matches(']'));
            return None;
        }
        (wanted && !line.is_empty() && !line.starts_with('#')).then_some((index + 1, line))
    })
}

fn name(line: &str) -> &str {
    line.split(['.', ' ', '=']).next().unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dependency_says_what_it_is_for() {
        let text = "[workspace.dependencies]\nzhupi-domain = { path = \"domain\" }\n# Words\nserde = \"1\" # data\nrand = \"1\"\n[x]\ny = 1";
        let found = without_reason(text);
        assert_eq!(found.len(), 1);
        assert!(found[0].to_string().starts_with("Cargo.toml:5: dependency 'rand' without a reason"));
    }

    #[test]
    fn versions_stand_in_one_table() {
        let text = "[dependencies]\nserde.workspace = true\ncsv = \"1\"\n[dev-dependencies]\ninsta = { workspace = true }\ntempfile = \"3\"";
        let found: Vec<usize> = check("pack/Cargo.toml", text).iter().map(|finding| finding.line).collect();
        assert_eq!(found, [3, 6]);
    }

    #[test]
    fn every_crate_inherits_the_lints_and_none_replaces_clippys_settings() {
        let tree = Tree::of(&[
            ("a/Cargo.toml", "[lints]\nworkspace = true"),
            ("b/Cargo.toml", "[package]\nname = \"b\""),
            ("b/clippy.toml", ""),
            ("clippy.toml", ""),
        ]);
        let found: Vec<String> = check_tree(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(found, ["b/Cargo.toml", "b/clippy.toml"]);
    }
}
