//! Words that must not be in the repository: paths of one machine, hosts of registries, left-over markers.

use super::{Finding, is_test};

// What is looked for is written in two halves here, so that this file does not find itself.

/// Folders that exist on one machine and not on the next.
const MACHINE_PATHS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/t", "mp/"), concat!("/ro", "ot/")];

/// Hosts that a closed network does not reach; how packages are fetched is a setting of the machine.
const REGISTRY_HOSTS: &[&str] = &[
    concat!("crates", ".io"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("npmmirror", ".com"),
    concat!("pypi", ".org"),
    concat!("deb.debian", ".org"),
];

const MARKERS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
const MACROS: &[&str] = &[concat!("to", "do!("), concat!("db", "g!("), concat!("unimpl", "emented!(")];

pub fn check(path: &str, text: &str) -> Vec<Finding> {
    if path == "Cargo.lock" {
        return Vec::new(); // cargo writes the name of its registry there
    }
    let tests_begin = tests_begin(path, text);
    text.lines()
        .enumerate()
        .flat_map(|(index, line)| {
            let number = index + 1;
            let machine = (number < tests_begin).then(|| machine_path(line)).flatten();
            let found = [machine, registry_host(line), is_code(path).then(|| left_over(line)).flatten()];
            found.into_iter().flatten().map(move |(what, mend)| Finding::new(path, number, what, mend))
        })
        .collect()
}

/// The line from which on a file is tests: our test modules come last.
fn tests_begin(path: &str, text: &str) -> usize {
    if is_test(path) {
        return 0;
    }
    text.lines().position(|line| line.trim() == "#[cfg(test)]").map_or(usize::MAX, |index| index + 1)
}

fn machine_path(line: &str) -> Option<(String, &'static str)> {
    let found =
        MACHINE_PATHS.iter().find(|folder| line.match_indices(**folder).any(|(at, _)| begins_a_path(line, at)))?;
    Some((format!("path of one machine ({found}…)"), "write it relative to the checkout or take it from the caller"))
}

fn begins_a_path(line: &str, at: usize) -> bool {
    let before = line.get(..at).and_then(|head| head.chars().next_back());
    before.is_none_or(|letter| !letter.is_alphanumeric() && !"_-.~/}*)>".contains(letter))
}

fn registry_host(line: &str) -> Option<(String, &'static str)> {
    let found = REGISTRY_HOSTS.iter().find(|host| line.contains(**host))?;
    Some((format!("host of a registry ({found})"), "name the package, not where it is fetched from"))
}

fn left_over(line: &str) -> Option<(String, &'static str)> {
    let word = MARKERS
        .iter()
        .find(|word| has_word(line, word))
        .or_else(|| MACROS.iter().find(|word| line.contains(**word)))?;
    Some((
        format!("left-over '{}'", word.trim_end_matches('(')),
        "finish it, or say \"not yet supported\" with a place",
    ))
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|part| part == word)
}

fn is_code(path: &str) -> bool {
    [".rs", ".ts", ".tsx", ".mjs", ".css", ".sql", ".toml", ".yaml", ".rhai", ".html"]
        .iter()
        .any(|ending| path.ends_with(ending))
        || path == ".ci/run"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(path, text).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn a_path_of_one_machine_is_found_outside_tests() {
        let line = "let data = \"/tmp/zhupi\";";
        assert!(found("store/src/files.rs", line)[0].starts_with("store/src/files.rs:1: path of one machine (/tmp/…)"));
        assert!(found("README.md", "cd /home/me/zhupi")[0].contains("/home/"));
        assert!(found("store/tests/support.rs", line).is_empty());
        assert!(found("store/src/files.rs", &format!("#[cfg(test)]\nmod tests {{ {line} }}")).is_empty());
    }

    #[test]
    fn a_folder_inside_the_checkout_or_an_address_is_none() {
        assert!(found("a.md", "see companies/work/flows and ../home/x").is_empty());
        assert!(found("a.ts", "fetch(`${base}/home/x`)").is_empty());
    }

    #[test]
    fn registry_hosts_are_found_everywhere_but_in_cargos_own_lock() {
        let line = format!("https://registry.{}/react", REGISTRY_HOSTS[1]);
        assert_eq!(found("web/package-lock.json", &line).len(), 1);
        assert_eq!(found("Cargo.lock", &format!("github.com/rust-lang/{}-index", REGISTRY_HOSTS[0])), [""; 0]);
    }

    #[test]
    fn left_over_markers_are_found_as_words_in_code() {
        let marker = MARKERS[0];
        assert_eq!(found("a/src/b.rs", &format!("// {marker}: later")).len(), 1);
        assert_eq!(found("a/src/b.rs", &format!("    {})", MACROS[0])).len(), 1);
        assert!(found("a/src/b.rs", &format!("const {marker}S: u8 = 1;")).is_empty());
        assert!(found("docs/a.md", &format!("the word {marker}")).is_empty());
    }
}
