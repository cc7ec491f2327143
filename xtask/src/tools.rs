//! Which tools this machine has, and the Debian package of each that is missing.

use std::fmt;
use std::path::Path;

use crate::process;

/// A version as far as it matters: major, minor, patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// Reads the first number with dots in a program's answer: `v20.20.2`, `git version 2.47.3`.
    pub fn parse(answer: &str) -> Option<Self> {
        let start = answer.find(|letter: char| letter.is_ascii_digit())?;
        let tail = answer.get(start..)?;
        let end = tail.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(tail.len());
        let mut numbers = tail.get(..end)?.split('.').map(|number| number.parse().unwrap_or(0));
        Some(Version(numbers.next()?, numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// A program we need, the least version that will do, and what to do where it is missing.
pub struct Tool {
    pub name: &'static str,
    version: &'static [&'static str],
    least: Version,
    remedy: &'static str,
}

pub const NODE: Tool = Tool {
    name: "node",
    version: &["--version"],
    least: Version(20, 19, 0),
    remedy: "install Debian package nodejs: apt-get install nodejs \
             (Debian 12 has Node 18, which is too old; Debian 13 has 20.19)",
};

pub const NPM: Tool = Tool {
    name: "npm",
    version: &["--version"],
    least: Version(10, 0, 0),
    remedy: "install Debian package npm: apt-get install npm, then bring it up to date: npm install --global npm@11",
};

pub const CC: Tool = Tool {
    name: "cc",
    version: &["-dumpfullversion"],
    least: Version(0, 0, 0),
    remedy: "install Debian packages gcc and libc6-dev: apt-get install gcc libc6-dev",
};

pub const GIT: Tool = Tool {
    name: "git",
    version: &["--version"],
    least: Version(0, 0, 0),
    remedy: "install Debian package git: apt-get install git",
};

impl Tool {
    /// The version found, or one sentence that says what is wrong and how to mend it.
    pub fn check(&self) -> Result<Version, String> {
        self.judge(process::output(self.name, self.version).as_deref())
    }

    fn judge(&self, answer: Option<&str>) -> Result<Version, String> {
        let answer = answer.ok_or_else(|| format!("{} is missing: {}", self.name, self.remedy))?;
        let version = Version::parse(answer).unwrap_or(Version(0, 0, 0));
        if version >= self.least {
            return Ok(version);
        }
        Err(format!("{} {version} is too old, {} is needed: {}", self.name, self.least, self.remedy))
    }
}

/// Node and npm, which the web app is built and tested with: how they are called here, or why they cannot be used.
pub fn node() -> Result<String, String> {
    let node = NODE.check()?;
    let npm = NPM.check()?;
    Ok(format!("node {node}, npm {npm}"))
}

/// Whether the faster test runner is installed.
pub fn has_nextest() -> bool {
    process::output("cargo", &["nextest", "--version"]).is_some()
}

/// Whether the browser of the browser tests is there, or what to do where it is missing.
pub fn chromium() -> Result<(), String> {
    let missing = || "chromium is missing: install Debian package chromium: apt-get install chromium".to_owned();
    is_on_path("chromium").then_some(()).ok_or_else(missing)
}

/// Whether PostgreSQL's server programs are there, or what to do where they are missing.
pub fn postgres() -> Result<(), String> {
    let missing = || "initdb is missing: install Debian package postgresql: apt-get install postgresql".to_owned();
    let is_there = is_on_path("initdb") || is_in_versions(Path::new("/usr/lib/postgresql"));
    is_there.then_some(()).ok_or_else(missing)
}

/// Debian keeps the server's programs out of `PATH`, in a folder for each version.
fn is_in_versions(versions: &Path) -> bool {
    let entries = std::fs::read_dir(versions).into_iter().flatten().flatten();
    entries.into_iter().any(|version| version.path().join("bin/initdb").is_file())
}

fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_programs_answer() {
        assert_eq!(Version::parse("v20.20.2"), Some(Version(20, 20, 2)));
        assert_eq!(Version::parse("git version 2.47.3"), Some(Version(2, 47, 3)));
        assert_eq!(Version::parse("11.19.1\n"), Some(Version(11, 19, 1)));
        assert_eq!(Version::parse("12"), Some(Version(12, 0, 0)));
        assert_eq!(Version::parse("none"), None);
    }

    #[test]
    fn a_missing_or_old_tool_names_its_package_and_the_command() {
        let missing = NODE.judge(None).unwrap_err();
        assert!(missing.contains("node is missing") && missing.contains("apt-get install nodejs"), "{missing}");
        let old = NODE.judge(Some("v18.20.4")).unwrap_err();
        assert!(old.contains("node 18.20.4 is too old, 20.19.0 is needed"), "{old}");
        assert_eq!(NODE.judge(Some("v20.19.0")), Ok(Version(20, 19, 0)));
    }

    #[test]
    fn postgres_is_found_in_the_folder_of_a_version() {
        let root = std::env::temp_dir().join(format!("xtask-postgres-{}", std::process::id()));
        std::fs::create_dir_all(root.join("15/bin")).unwrap();
        assert!(!is_in_versions(&root));
        std::fs::write(root.join("15/bin/initdb"), "").unwrap();
        assert!(is_in_versions(&root));
        std::fs::remove_dir_all(root).unwrap();
    }
}
