//! The examples that authors read are forms, and those that are to be refused are refused for the reason given.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use zhupi_forms::{Form, Keyword, PROFILE};

const AUTHORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/forms.md");

/// The blocks of the page: the words after the fence, and what is inside.
fn blocks(page: &str) -> Vec<(&str, String)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(words) = line.strip_prefix("```").filter(|words| !words.is_empty()) {
            let inside: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((words, inside.join("\n")));
        }
    }
    blocks
}

#[test]
fn examples_do_what_the_page_says() {
    let page = std::fs::read_to_string(AUTHORS).unwrap();
    let blocks = blocks(&page);
    assert!(blocks.len() >= 8);
    for (words, source) in blocks {
        let read = Form::read(&source);
        match words.strip_prefix("json refused ") {
            Some(code) => assert_eq!(read.unwrap_err().iter().map(|it| it.code).collect::<Vec<_>>(), [code]),
            None => {
                assert_eq!(words, "json form");
                let form = read.unwrap_or_else(|found| panic!("{found:#?}\n{source}"));
                assert_eq!(form.warnings().len(), 0, "{:#?}", form.warnings());
            }
        }
    }
}

#[test]
fn every_keyword_of_the_profile_is_explained() {
    let page = std::fs::read_to_string(AUTHORS).unwrap();
    let profile: serde_json::Value = serde_json::from_str(PROFILE).unwrap();
    let places = [&profile["properties"], &profile["$defs"]["field"]["properties"]];
    let keywords: BTreeSet<_> = places.iter().flat_map(|place| place.as_object().unwrap().keys()).collect();
    let unexplained: Vec<_> = keywords
        .iter()
        .filter(|it| !it.starts_with("$comment") && !it.starts_with("$schema") && !page.contains(it.as_str()))
        .collect();
    assert_eq!(unexplained, [&&""; 0]);
}

#[test]
fn the_corpus_page_names_every_keyword_of_an_error() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/README.md")).unwrap();
    for keyword in Keyword::ALL {
        assert!(page.contains(&format!("`{keyword}`")), "{keyword}");
    }
}
