//! The checkout: where it is, and which files in it are ours.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The checkout that `cargo xtask` was called in.
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the checkout: the folder above this crate, or else the nearest one above with our manifest.
    pub fn find() -> Result<Self, Failure> {
        let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf);
        let current = std::env::current_dir().map_err(|error| Failure::file(Path::new("."), &error))?;
        let above = current.ancestors().map(Path::to_path_buf);
        std::iter::chain(built_in, above)
            .find(|folder| folder.join("xtask/Cargo.toml").is_file())
            .map(|root| Workspace { root })
            .ok_or_else(|| Failure::Missing("call this inside a checkout of zhupi".into()))
    }

    #[cfg(test)]
    pub fn at(root: &Path) -> Self {
        Workspace { root: root.to_path_buf() }
    }

    /// The folder with the root manifest.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside the checkout.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// The text of a file inside the checkout.
    pub fn text(&self, inside: &str) -> Result<String, Failure> {
        let path = self.path(inside);
        fs::read_to_string(&path).map_err(|error| Failure::file(&path, &error))
    }

    /// All files below `inside` that `.gitignore` does not name: relative to the root, sorted.
    pub fn files(&self, inside: &str) -> Result<Vec<String>, Failure> {
        let ignored = Ignored::read(&self.root);
        let mut found = Vec::new();
        let mut folders = vec![inside.trim_matches('/').to_owned()];
        while let Some(folder) = folders.pop() {
            for (name, is_folder) in entries(&self.path(&folder))? {
                let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                match (ignored.covers(&path), is_folder) {
                    (true, _) => {}
                    (false, true) => folders.push(path),
                    (false, false) => found.push(path),
                }
            }
        }
        found.sort();
        Ok(found)
    }
}

fn entries(folder: &Path) -> Result<Vec<(String, bool)>, Failure> {
    let failed = |error: std::io::Error| Failure::file(folder, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        found.push((entry.file_name().to_string_lossy().into_owned(), kind.is_dir()));
    }
    Ok(found)
}

/// The two forms that our `.gitignore` uses: `/path/from/root` and `*.ending`.
struct Ignored {
    paths: Vec<String>,
    endings: Vec<String>,
}

impl Ignored {
    fn read(root: &Path) -> Self {
        Self::parse(&fs::read_to_string(root.join(".gitignore")).unwrap_or_default())
    }

    fn parse(text: &str) -> Self {
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        Ignored {
            paths: lines()
                .filter_map(|line| line.strip_prefix('/'))
                .map(|path| path.trim_end_matches('/').to_owned())
                .collect(),
            endings: lines().filter_map(|line| line.strip_prefix('*')).map(str::to_owned).collect(),
        }
    }

    fn covers(&self, path: &str) -> bool {
        path == ".git"
            || self.paths.iter().any(|ignored| ignored == path)
            || self.endings.iter().any(|ending| path.ends_with(ending))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_ignores_is_not_ours() {
        let ignored = Ignored::parse("/target\n# a remark\n/web/dist/\n*.snap.new\n");
        assert!(ignored.covers("target"));
        assert!(ignored.covers("web/dist"));
        assert!(ignored.covers("pack/tests/x.snap.new"));
        assert!(ignored.covers(".git"));
        assert!(!ignored.covers("web"));
        assert!(!ignored.covers("docs/target"));
    }

    #[test]
    fn the_checkout_lists_its_own_files() {
        let files = Workspace::find().unwrap().files("xtask").unwrap();
        assert!(files.contains(&"xtask/src/workspace.rs".to_owned()));
        assert!(files.is_sorted());
    }
}
