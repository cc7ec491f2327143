//! Links between documents: each leads somewhere, and the index leads to each document.

use super::{Finding, Tree};

pub fn check(tree: &Tree) -> Vec<Finding> {
    let documents = tree.texts().filter(|(path, _)| path.ends_with(".md"));
    documents.flat_map(|(path, text)| broken_links(tree, path, text)).chain(left_out(tree)).collect()
}

fn broken_links(tree: &Tree, path: &str, text: &str) -> Vec<Finding> {
    prose(text)
        .flat_map(|(number, line)| links(&line).into_iter().map(move |link| (number, link)))
        .filter(|(_, link)| resolve(path, link).is_none_or(|target| !tree.has(&target)))
        .map(|(number, link)| {
            Finding::new(path, number, format!("link to '{link}', which is not there"), "mend or remove it")
        })
        .collect()
}

/// Documents in `docs/` that the index does not lead to.
fn left_out(tree: &Tree) -> Vec<Finding> {
    let Some(index) = tree.text("docs/README.md") else { return Vec::new() };
    let targets: Vec<String> =
        prose(index).flat_map(|(_, line)| links(&line)).filter_map(|link| resolve("docs/README.md", &link)).collect();
    let leads_to = |path: &str| targets.iter().any(|target| target == path || path.starts_with(&format!("{target}/")));
    tree.paths()
        .filter(|path| {
            path.starts_with("docs/") && path.ends_with(".md") && *path != "docs/README.md" && !leads_to(path)
        })
        .map(|path| Finding::new(path, 0, "not in the index", "add a line to docs/README.md"))
        .collect()
}

/// The lines outside code blocks, numbered from 1, with code spans taken out.
fn prose(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut in_code = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
            return None;
        }
        (!in_code).then(|| (index + 1, without_code_spans(line)))
    })
}

fn without_code_spans(line: &str) -> String {
    line.split('`').enumerate().filter(|(index, _)| index % 2 == 0).map(|(_, part)| part).collect::<Vec<_>>().join("`")
}

/// Targets of `[…](target)` and `[…]: target` that are meant to be files here.
fn links(line: &str) -> Vec<String> {
    let inline = line.split("](").skip(1).filter_map(|tail| tail.split(')').next());
    let reference = line.strip_prefix('[').and_then(|rest| rest.split_once("]: ")).map(|(_, target)| target);
    inline
        .chain(reference)
        .map(|target| target.split('#').next().unwrap_or_default().trim())
        .filter(|target| !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:"))
        .map(str::to_owned)
        .collect()
}

/// The path from the root that a link of `document` means; nothing if it leads out of the checkout.
fn resolve(document: &str, link: &str) -> Option<String> {
    let mut folders: Vec<&str> = document.split('/').collect();
    folders.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(folders.pop()?),
            name => folders.push(name),
        }
    }
    Some(folders.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn a_link_to_a_missing_file_is_found_with_its_line() {
        let found = found(&[("docs/guide/a.md", "ok\nsee [b](../b.md#top) and [c](c.md)"), ("docs/b.md", "")]);
        assert_eq!(found, ["docs/guide/a.md:2: link to 'c.md', which is not there — mend or remove it"]);
    }

    #[test]
    fn other_sites_anchors_and_code_are_left_alone() {
        let text = "[a](https://example.com) [b](#here) `[c](d.md)`\n```\n[e](f.md)\n```\n[g]: h.md";
        assert_eq!(found(&[("a.md", text)]), ["a.md:5: link to 'h.md', which is not there — mend or remove it"]);
    }

    #[test]
    fn a_link_out_of_the_checkout_is_found() {
        assert_eq!(found(&[("a.md", "[x](../a.md)")]).len(), 1);
    }

    #[test]
    fn the_index_leads_to_every_document() {
        let index = ("docs/README.md", "[forms](forms.md) [decisions](decisions)");
        let there = [index, ("docs/forms.md", ""), ("docs/decisions/0001.md", "")];
        assert!(found(&there).is_empty());
        let more = [index, ("docs/forms.md", ""), ("docs/decisions/0001.md", ""), ("docs/pack.md", "")];
        assert_eq!(found(&more), ["docs/pack.md: not in the index — add a line to docs/README.md"]);
    }
}
