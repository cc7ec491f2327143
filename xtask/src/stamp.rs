//! Remembers from which content something was made, so that it is made again only when that content changed.
//!
//! Contents, not times: a checkout or a copied folder changes the times of files that are the same.

use std::fs;
use std::path::PathBuf;

use crate::failure::Failure;
use crate::workspace::Workspace;

/// A small file that holds the fingerprint of what a product was made from.
pub struct Stamp {
    file: PathBuf,
    fingerprint: String,
}

impl Stamp {
    /// Takes the fingerprint of files and folders (those that exist) and of `extra`, such as a tool's version.
    pub fn of(workspace: &Workspace, file: PathBuf, sources: &[&str], extra: &str) -> Result<Self, Failure> {
        let mut fingerprint = Fingerprint::new();
        fingerprint.add(extra.as_bytes());
        for source in sources {
            for path in files_of(workspace, source)? {
                let content =
                    fs::read(workspace.path(&path)).map_err(|error| Failure::file(&workspace.path(&path), &error))?;
                fingerprint.add(path.as_bytes());
                fingerprint.add(&content);
            }
        }
        Ok(Stamp { file, fingerprint: fingerprint.text() })
    }

    /// Whether the product was last made from exactly this.
    pub fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|known| known == self.fingerprint)
    }

    /// Remembers that the product has been made from this.
    pub fn write(&self) -> Result<(), Failure> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
        }
        fs::write(&self.file, &self.fingerprint).map_err(|error| Failure::file(&self.file, &error))
    }
}

fn files_of(workspace: &Workspace, source: &str) -> Result<Vec<String>, Failure> {
    let path = workspace.path(source);
    match (path.is_dir(), path.is_file()) {
        (true, _) => workspace.files(source),
        (_, true) => Ok(vec![source.to_owned()]),
        _ => Ok(Vec::new()),
    }
}

/// FNV-1a in 64 bits, with lengths between the parts: quick, and the same on every machine and for every Rust version.
struct Fingerprint(u64);

impl Fingerprint {
    fn new() -> Self {
        Fingerprint(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, part: &[u8]) {
        let length = (part.len() as u64).to_le_bytes();
        for byte in length.iter().chain(part) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn text(&self) -> String {
        format!("{:016x}\n", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("src")).unwrap();
        folder
    }

    fn stamp(root: &std::path::Path, extra: &str) -> Stamp {
        Stamp::of(&Workspace::at(root), root.join("out/stamp"), &["src", "lock.json", "absent"], extra).unwrap()
    }

    #[test]
    fn a_product_is_current_until_a_source_changes() {
        let root = folder("change");
        fs::write(root.join("src/a.ts"), "1").unwrap();
        fs::write(root.join("lock.json"), "{}").unwrap();
        assert!(!stamp(&root, "node 20").is_current());
        stamp(&root, "node 20").write().unwrap();
        assert!(stamp(&root, "node 20").is_current());
        assert!(!stamp(&root, "node 22").is_current());
        fs::write(root.join("src/a.ts"), "2").unwrap();
        assert!(!stamp(&root, "node 20").is_current());
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_renamed_file_is_a_change() {
        let root = folder("rename");
        fs::write(root.join("src/ab"), "c").unwrap();
        stamp(&root, "").write().unwrap();
        fs::rename(root.join("src/ab"), root.join("src/a")).unwrap();
        fs::write(root.join("src/a"), "bc").unwrap();
        assert!(!stamp(&root, "").is_current());
        fs::remove_dir_all(root).unwrap();
    }
}
