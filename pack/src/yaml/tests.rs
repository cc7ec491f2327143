use std::time::{Duration, Instant};

use super::*;

/// Code, line and column of every problem.
fn problems(source: &str) -> Vec<(&'static str, usize, usize)> {
    let place = |d: &Diagnostic| d.span.unwrap_or_default().line_column(source);
    parse(source).problems.iter().map(|d| (d.code, place(d).0, place(d).1)).collect()
}

fn json(source: &str) -> Json {
    let parsed = parse(source);
    assert_eq!(parsed.problems, [], "{source}");
    parsed.root.map(|root| root.to_json()).unwrap_or_default()
}

#[test]
fn scalars_keep_what_was_written() {
    let source =
        "a: 0.30\nb: '010'\nc: 0x1F\nd: '1'\ne: true\nf: ~\ng:\nh: -12\ni: 1.10\nj: 99999999999999999999999\nk: 'no'\n";
    let expected = serde_json::json!({
        "a": "0.30", "b": "010", "c": "0x1F", "d": "1", "e": true, "f": null, "g": null, "h": -12, "i": "1.10",
        "j": "99999999999999999999999", "k": "no"
    });
    assert_eq!(json(source), expected);
}

#[test]
fn every_value_knows_its_place() {
    let source = "标题: 坏账\nsteps:\n  - step: 甲\n    due: 2 workdays\n  - { by: [x, 'y'] }\n";
    let root = parse(source).root.unwrap();
    let text = |span: Span| &source[span.start..span.end];
    let steps = root.get("steps").unwrap();
    let Value::Seq(items) = &steps.value else { panic!("a list") };
    assert_eq!(text(root.get("标题").unwrap().span), "坏账");
    assert_eq!(text(items[0].get("due").unwrap().span), "2 workdays");
    assert_eq!(text(items[0].span), "step: 甲\n    due: 2 workdays");
    assert_eq!(text(items[1].span), "{ by: [x, 'y'] }");
    assert_eq!(text(items[1].get("by").unwrap().span), "[x, 'y']");
    assert_eq!(text(items[0].head()), "step");
    assert_eq!(root.entries().unwrap()[1].key_span.line_column(source), (2, 1));
}

#[test]
fn what_surprises_people_is_refused_with_its_place() {
    for (source, expected) in [
        ("a: &x 1\n", ("yaml.anchor", 1, 4)),
        ("a: *x\n", ("yaml.alias", 1, 4)),
        ("a: !!python/object x\n", ("yaml.tag", 1, 4)),
        ("a: !t [1]\n", ("yaml.tag", 1, 4)),
        ("b:\n  <<: { a: 1 }\n", ("yaml.merge-key", 2, 3)),
        ("a: 1\nb: 2\na: 3\n", ("yaml.duplicate-key", 3, 1)),
        ("a: 1\n\"a\": 3\n", ("yaml.duplicate-key", 2, 1)),
        ("a: Yes\n", ("yaml.truth-word", 1, 4)),
        ("on: 1\n", ("yaml.truth-word", 1, 1)),
        ("[no]\n", ("yaml.truth-word", 1, 2)),
        ("a: NULL\n", ("yaml.truth-word", 1, 4)),
        ("true: 1\n", ("yaml.truth-word", 1, 1)),
        ("a: 010\n", ("yaml.leading-zero", 1, 4)),
        ("a: [-07.50]\n", ("yaml.leading-zero", 1, 5)),
        ("a: 00\n", ("yaml.leading-zero", 1, 4)),
        ("007: a\n", ("yaml.leading-zero", 1, 1)),
        ("a: 1\n---\nb: 2\n", ("yaml.documents", 2, 1)),
        ("[a, b]: 1\n", ("yaml.key", 1, 2)),
        ("%YAML 1.1\n---\na: 1\n", ("yaml.syntax", 1, 1)),
        ("a:\n\t- 1\n", ("yaml.syntax", 2, 1)),
        ("a: [1, 2\n", ("yaml.syntax", 1, 4)),
        ("a: 'x\n", ("yaml.syntax", 1, 4)),
        ("a: 1\n  b: 2\n", ("yaml.syntax", 2, 4)),
        ("a: @x\n", ("yaml.syntax", 1, 4)),
        ("", ("yaml.empty", 1, 1)),
        ("# nothing\n", ("yaml.empty", 1, 1)),
    ] {
        assert_eq!(problems(source), [expected], "{source:?}");
    }
}

#[test]
fn a_number_with_zeros_before_it_comes_with_what_to_write() {
    for (written, number) in [("010", "10"), ("-007.50", "-7.50"), ("+03", "3"), ("00", "0"), ("00.5", "0.5")] {
        let source = format!("a: {written}");
        let hint = format!("数字写 {number}；编号等文字写 \"{written}\"");
        assert_eq!(parse(&source).problems[0].hints[0].zh, hint);
    }
    for fine in ["0", "0.5", "-0.30", "10", "2026-03-01", "0x1F", "01a", "0:30"] {
        assert_eq!(problems(&format!("a: {fine}")), [], "{fine}");
    }
}

#[test]
fn all_refusals_of_a_file_come_at_once() {
    let source = "a: &x 1\nb: *x\nc: no\nc: 2\n";
    let codes: Vec<_> = problems(source).into_iter().map(|(code, line, _)| (code, line)).collect();
    assert_eq!(codes, [("yaml.anchor", 1), ("yaml.alias", 2), ("yaml.truth-word", 3), ("yaml.duplicate-key", 4)]);
}

#[test]
fn hostile_files_are_refused_at_once() {
    let bomb: String = (0..10)
        .map(|level| format!("l{level}: &l{level} [{}]\n", vec![format!("*l{}", level.max(1) - 1); 9].join(", ")))
        .collect();
    let scalar = format!("s: &s \"{}\"\nl: [{}]\n", "x".repeat(100_000), vec!["*s"; 20_000].join(","));
    let started = Instant::now();
    for (source, code) in [
        (bomb, "yaml.anchor"),
        (scalar, "yaml.anchor"),
        ("[".repeat(50_000), "yaml.too-deep"),
        ("{a: ".repeat(50_000), "yaml.too-deep"),
        ("- ".repeat(50_000), "yaml.too-deep"),
        ((0..600).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(), "yaml.too-deep"),
        ("a: &a [*a]\n".to_owned(), "yaml.anchor"),
        ("a".repeat(MAX_BYTES + 1), "yaml.too-large"),
    ] {
        assert_eq!(parse(&source).problems.first().map(|d| d.code), Some(code), "{}", &source[..20]);
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[test]
fn a_mark_at_the_beginning_is_no_problem() {
    assert_eq!(json("\u{feff}a: 1\r\nb: 甲\r\n"), serde_json::json!({"a": 1, "b": "甲"}));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_fail(source in "[ \\-:,\\[\\]{}&*!|>'\"#%@a-c0-1甲\\n\\t]{0,60}") {
        let parsed = parse(&source);
        proptest::prop_assert!(parsed.root.is_some() || !parsed.problems.is_empty());
        for problem in parsed.problems {
            let span = problem.span.unwrap_or_default();
            proptest::prop_assert!(span.start <= span.end && span.end <= source.len());
        }
    }
}
