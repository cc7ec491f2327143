//! Reads from a `Cargo.toml` what a crate depends on.

/// One dependency, where it is written and for what.
#[derive(Debug, PartialEq, Eq)]
pub struct Dependency {
    pub name: String,
    pub line: usize,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Normal,
    Dev,
    Build,
}

/// All dependencies of a manifest, in each of the ways they can be written.
pub fn dependencies(manifest: &str) -> Vec<Dependency> {
    let mut table = "";
    let mut found = Vec::new();
    for (index, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            table = header.trim_end_matches(']');
            let of_its_own = kind(table.rsplit_once('.').map_or("", |(parent, _)| parent));
            let name = table.rsplit_once('.').map(|(_, name)| name.trim_matches('"').to_owned());
            found.extend(of_its_own.zip(name).map(|(kind, name)| Dependency { name, line: index + 1, kind }));
        } else if let (Some(kind), Some(name)) = (kind(table), key(line)) {
            found.push(Dependency { name, line: index + 1, kind });
        }
    }
    found
}

/// What a table's dependencies are for: `dependencies`, `dev-dependencies`, also below `target.'cfg(…)'`.
fn kind(table: &str) -> Option<Kind> {
    match table.rsplit('.').next()? {
        // The root's table of versions is no dependency of anything.
        _ if table.starts_with("workspace") => None,
        "dependencies" => Some(Kind::Normal),
        "dev-dependencies" => Some(Kind::Dev),
        "build-dependencies" => Some(Kind::Build),
        _ => None,
    }
}

fn key(line: &str) -> Option<String> {
    let name = line.split(['.', '=', ' ']).next()?.trim_matches('"');
    (!name.is_empty() && !name.starts_with('#')).then(|| name.to_owned())
}

/// The members of a workspace with the line they are written on.
pub fn members(manifest: &str) -> Vec<(usize, String)> {
    let mut inside = false;
    let mut found = Vec::new();
    for (index, line) in manifest.lines().enumerate() {
        inside |= line.starts_with("members");
        if inside {
            found.extend(line.split('"').skip(1).step_by(2).map(|member| (index + 1, member.to_owned())));
            inside = !line.contains(']');
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_found_however_they_are_written() {
        let manifest = "[package]\nname = \"x\"\n[dependencies]\n# why\na.workspace = true\nb = { version = \"1\" }\n\n\
                        [dependencies.c]\nversion = \"1\"\n[target.'cfg(unix)'.dev-dependencies]\nd = \"1\"\n\
                        [build-dependencies]\n\"e\" = \"1\"\n[workspace.dependencies]\nf = \"1\"";
        let found: Vec<_> = dependencies(manifest).into_iter().map(|it| (it.name, it.kind, it.line)).collect();
        let expected = [
            ("a", Kind::Normal, 5),
            ("b", Kind::Normal, 6),
            ("c", Kind::Normal, 8),
            ("d", Kind::Dev, 11),
            ("e", Kind::Build, 13),
        ];
        assert_eq!(found, expected.map(|(name, kind, line)| (name.to_owned(), kind, line)));
    }

    #[test]
    fn members_are_found_on_one_line_or_several() {
        assert_eq!(members("members = [\"a\", \"b\"]\nx = [\"c\"]"), [(1, "a".into()), (1, "b".into())]);
        assert_eq!(members("members = [\n  \"a\",\n  \"b\",\n]"), [(2, "a".into()), (3, "b".into())]);
    }
}
