//! Packs: no anchors, aliases, tags or merge keys, so that what a reader sees is what holds.

use super::Finding;

pub fn check(path: &str, text: &str) -> Vec<Finding> {
    if !path.starts_with("companies/") || !path.ends_with(".yaml") {
        return Vec::new();
    }
    let lines = text.lines().enumerate();
    lines
        .filter_map(|(index, line)| Some((index + 1, trick(line)?)))
        .map(|(number, trick)| Finding::new(path, number, format!("{trick} in a pack"), "write the value out"))
        .collect()
}

/// What a line hides, judged by how its value begins. Quoted text and remarks begin otherwise.
fn trick(line: &str) -> Option<&'static str> {
    let line = line.trim_start().trim_start_matches("- ").trim_start();
    if line.starts_with("<<:") {
        return Some("a merge key");
    }
    let value = line.split_once(": ").map_or(line, |(_, value)| value.trim_start());
    let mut letters = value.chars();
    let first = letters.next()?;
    let is_marked = letters.next().is_some_and(|letter| letter.is_alphanumeric() || letter == '!');
    match first {
        '&' if is_marked => Some("an anchor"),
        '*' if is_marked => Some("an alias"),
        '!' if is_marked => Some("a tag"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        check("companies/pharma/company.yaml", text).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn anchors_aliases_tags_and_merge_keys_are_found() {
        let text = "a: &base\nb: *base\n- *base\n<<: *base\nc: !!str 1\nd: !secret x";
        let expected = ["an anchor", "an alias", "an alias", "a merge key", "a tag", "a tag"];
        assert_eq!(found(text), expected.map(|trick| format!("{trick} in a pack")));
    }

    #[test]
    fn quoted_text_remarks_and_expressions_are_not() {
        assert!(found("a: \"*star\"\n# &anchor: no\nwhen: a * b\nnote: 5 & more\nb: '!'\n").is_empty());
        assert!(check("pack/tests/broken/alias/company.yaml", "a: &b 1").is_empty());
    }
}
