//! The browser app runs on a closed network under a strict content security policy.

use std::path::Path;

use crate::{Finding, files};

/// What must not be in the app, and what to do instead.
const NEVER: &[(&str, &str, &str)] = &[
    ("http://", "loads nothing from another origin", "install the package, or put the file into web/public"),
    ("https://", "loads nothing from another origin", "install the package, or put the file into web/public"),
    ("eval(", "runs under a policy without eval", "compute it in code"),
    ("new Function(", "runs under a policy without eval", "compute it in code"),
    ("dangerouslySetInnerHTML", "shows what people wrote as text, never as HTML", "render it as text"),
    ("/mock/", "contains nothing of the stand-in API", "import it in tests and in vite.config.ts alone"),
];

/// Names that look like addresses, and that nothing is loaded from.
const NAMES: &[&str] = &["http://www.w3.org/", "https://json-schema.org/"];

pub fn check(root: &Path) -> Vec<Finding> {
    let sources = files(root, "web/src", &[".ts", ".tsx", ".css"]).into_iter().chain(["web/index.html".to_owned()]);
    let app = sources.filter(|path| !path.contains(".test."));
    app.flat_map(|path| judge(&path, &std::fs::read_to_string(root.join(&path)).unwrap_or_default())).collect()
}

fn judge(path: &str, text: &str) -> Vec<Finding> {
    let lines = text.lines().enumerate().filter(|(_, line)| !is_remark(line));
    lines
        .flat_map(|(index, line)| broken(line).map(move |rule| (index + 1, rule)))
        .map(|(line, (word, why, mend))| Finding {
            path: path.to_owned(),
            line,
            rule: format!("the web app {why}: `{word}`"),
            mend,
        })
        .collect()
}

fn broken(line: &str) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let line = NAMES.iter().fold(line.to_owned(), |line, name| line.replace(name, ""));
    NEVER.iter().copied().filter(move |(word, _, _)| line.contains(word))
}

fn is_remark(line: &str) -> bool {
    ["//", "*", "/*"].iter().any(|start| line.trim_start().starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_elsewhere_is_found() {
        assert_eq!(judge("a.tsx", "<img\n  src=\"https://cdn.example.com/a.png\"").len(), 1);
        assert_eq!(judge("a.ts", "const f = new Function('x')")[0].line, 1);
        assert_eq!(judge("a.ts", "import { MockApi } from '../../mock/api.ts';").len(), 1);
    }

    #[test]
    fn names_and_remarks_are_no_addresses() {
        assert!(judge("a.tsx", "<svg xmlns=\"http://www.w3.org/2000/svg\">").is_empty());
        assert!(judge("a.ts", "// see https://example.com\n/** https://example.com */").is_empty());
    }
}
