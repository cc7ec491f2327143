//! Migrations: both databases have files of the same names.

use super::{Finding, Tree};

const FOLDERS: [&str; 2] = ["migrations/sqlite/", "migrations/postgres/"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let [sqlite, postgres] = FOLDERS;
    only_in(tree, sqlite, postgres).chain(only_in(tree, postgres, sqlite)).collect()
}

fn only_in<'a>(tree: &'a Tree, here: &'static str, there: &'static str) -> impl Iterator<Item = Finding> + 'a {
    let names = tree.paths().filter_map(move |path| path.strip_prefix(here));
    names.filter(move |name| !tree.has(&format!("{there}{name}"))).map(move |name| {
        Finding::new(
            &format!("{here}{name}"),
            0,
            format!("missing in {there}"),
            "give both databases the same migrations",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_of_one_database_only_is_found() {
        let tree = Tree::of(&[
            ("migrations/README.md", ""),
            ("migrations/sqlite/0001_a.sql", ""),
            ("migrations/postgres/0001_a.sql", ""),
            ("migrations/postgres/0002_b.sql", ""),
        ]);
        let found: Vec<String> = check(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(found, ["migrations/postgres/0002_b.sql"]);
    }
}
