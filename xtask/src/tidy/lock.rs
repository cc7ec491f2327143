//! The web app's lock file: complete, so that `npm ci` accepts it on a fresh clone.
//!
//! npm leaves out what it could not find while it wrote the file, such as the binaries of a release for other systems that
//! have not been published yet. Whoever has the packages already does not notice.

use std::collections::BTreeSet;

use super::Finding;

pub fn check(path: &str, text: &str) -> Vec<Finding> {
    if !path.ends_with("package-lock.json") {
        return Vec::new();
    }
    let locked: BTreeSet<&str> = text.lines().filter_map(locked).collect();
    optional(text)
        .filter(|(_, name)| !locked.contains(name))
        .map(|(line, name)| {
            let mend = "take a version whose packages are all there, remove node_modules and the lock, run npm install";
            Finding::new(path, line, format!("'{name}' is named, but not locked: npm ci refuses the file"), mend)
        })
        .collect()
}

/// The package that an entry such as `"node_modules/a/node_modules/b": {` locks.
fn locked(line: &str) -> Option<&str> {
    let path = line.trim().strip_suffix("\": {")?;
    path.rsplit_once("node_modules/").map(|(_, name)| name)
}

/// The packages named as optional dependencies of others.
fn optional(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut inside = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let line = line.trim();
        if inside {
            inside = !line.starts_with('}');
            return line.strip_prefix('"')?.split_once('"').map(|(name, _)| (index + 1, name));
        }
        inside = line == "\"optionalDependencies\": {";
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_is_named_but_not_locked_is_found() {
        let text = r#"
            "node_modules/lint": {
              "optionalDependencies": {
                "@lint/linux": "1.0.0",
                "@lint/mac": "1.0.0"
              }
            },
            "node_modules/lint/node_modules/@lint/linux": {
              "version": "1.0.0"
            }"#;
        let found: Vec<_> = check("web/package-lock.json", text).into_iter().map(|it| (it.line, it.what)).collect();
        assert_eq!(found, [(5, "'@lint/mac' is named, but not locked: npm ci refuses the file".to_owned())]);
        assert!(check("web/package.json", text).is_empty());
    }
}
