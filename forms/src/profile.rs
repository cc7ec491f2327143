//! The profile: which keywords a form may use, and what may stand under each.
//!
//! `profile.schema.json` says it, for people, for editors and for this check. What one schema cannot say (that a keyword
//! fits the field's type, that names exist, that conditions are closed) is checked while the form is read.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::Value as Json;
use zhupi_domain::{Diagnostic, Diagnostics, Span, Text};

use crate::tree::Node;
use crate::{Pointer, limits};
use zhupi_domain::nearest::nearest;

/// The profile as text: a JSON Schema for editors and documents.
pub const PROFILE: &str = include_str!("../profile.schema.json");

struct Profile {
    schema: Json,
    /// None only if the text shipped with this crate is broken, which a test rules out.
    validator: Option<Validator>,
    keywords: BTreeSet<String>,
}

static SHIPPED: LazyLock<Profile> = LazyLock::new(|| {
    let schema: Json = serde_json::from_str(PROFILE).unwrap_or_default();
    let validator = jsonschema::options().offline().build(&schema).ok();
    let places = [&schema["properties"], &schema["$defs"]["field"]["properties"]];
    let keywords =
        places.iter().filter_map(|place| place.as_object()).flat_map(|place| place.keys().cloned()).collect();
    Profile { schema, validator, keywords }
});

/// What in a form lies outside the profile, each with its place.
pub(crate) fn check(form: &Node) -> Diagnostics {
    let json = form.to_json();
    let mut found = Diagnostics::new();
    for error in SHIPPED.validator.iter().flat_map(|validator| validator.iter_errors(&json)) {
        diagnose(form, &error, &mut found);
        if found.len() >= limits::FINDINGS {
            break;
        }
    }
    found
}

fn diagnose(form: &Node, error: &ValidationError<'_>, found: &mut Diagnostics) {
    let pointer = Pointer::from(error.instance_path().as_str());
    let node = form.at(&pointer);
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for key in unexpected.iter().take(limits::FINDINGS) {
                let guess = found.len() < limits::HINTS;
                found.push(unknown_keyword(node, &pointer, key, guess));
            }
        }
        kind => found.push(unfit(node.span, &pointer, kind, about(error))),
    }
}

/// A keyword that cannot stand here, with what was likely meant where there is time to guess.
fn unknown_keyword(node: &Node, pointer: &Pointer, key: &str, guess: bool) -> Diagnostic {
    let span = node.member(key).map_or(node.span, |member| member.key_span);
    let at = shown(pointer);
    let unknown = Diagnostic::error(
        "form.unknown-keyword",
        span,
        Text::new(format!("{at}：表单不支持关键字 `{key}`"), format!("{at}: forms do not know the keyword `{key}`")),
    );
    let known = SHIPPED.keywords.iter().filter(|_| guess).map(String::as_str);
    match (instead(key), nearest(key, known)) {
        (Some(hint), _) => unknown.hint(hint),
        (None, Some(near)) if near != key => {
            unknown.hint(Text::new(format!("是否指 `{near}`？"), format!("Did you mean `{near}`?")))
        }
        (None, Some(_)) => unknown.hint(Text::new("这个关键字不能写在此处", "This keyword cannot stand here")),
        (None, None) => unknown,
    }
}

/// What to write in place of a well-known keyword that the profile leaves out.
fn instead(key: &str) -> Option<Text> {
    let (zh, en) = match key {
        "additionalProperties" | "unevaluatedProperties" => {
            ("多余的字段总会被拒绝，删去即可", "Unknown fields are always refused; leave it out")
        }
        "anyOf" | "oneOf" | "not" | "dependentSchemas" => {
            ("请用 enum 或 if / then / else 表达", "Say it with `enum` or if / then / else")
        }
        "multipleOf" => ("小数位数请用 x-digits", "For digits after the point use `x-digits`"),
        "readOnly" | "writeOnly" => {
            ("哪一步能看、能改写在流程的 fields 里", "What a step may see and write stands under `fields` of the flow")
        }
        "enumNames" | "x-enum-names" => ("选项的文字写在 x-labels 里", "Texts of choices stand under `x-labels`"),
        "x-widget" => ("字段的样式由 type 与 format 决定", "`type` and `format` decide how a field looks"),
        "definitions" => ("请用 $defs", "Use `$defs`"),
        "$id" | "$anchor" | "$dynamicRef" | "$dynamicAnchor" | "$vocabulary" => {
            ("引用只能指向本表单的 $defs", "References lead to this form's `$defs` only")
        }
        "x-zh" => ("title 与 description 就是中文", "`title` and `description` are the Chinese texts"),
        _ => return None,
    };
    Some(Text::new(zh, en))
}

fn unfit(span: Span, pointer: &Pointer, kind: &ValidationErrorKind, about: Option<&str>) -> Diagnostic {
    let at = shown(pointer);
    let wants = wants(kind);
    let unfit = Diagnostic::error(
        "form.keyword-value",
        span,
        Text::new(format!("{at}：{}", wants.zh), format!("{at}: {}", wants.en.as_deref().unwrap_or_default())),
    );
    match about {
        Some(about) => unfit.hint(each_in_its_language(about)),
        None => unfit,
    }
}

/// What a keyword's value should be.
fn wants(kind: &ValidationErrorKind) -> Text {
    match kind {
        ValidationErrorKind::Type { kind } => {
            let types = match kind {
                TypeKind::Single(one) => one.to_string(),
                TypeKind::Multiple(several) => {
                    several.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" | ")
                }
            };
            Text::new(format!("应为 {types}"), format!("must be of type {types}"))
        }
        ValidationErrorKind::Enum { options } => {
            let list = options.as_array().into_iter().flatten().map(Json::to_string).collect::<Vec<_>>().join(", ");
            Text::new(format!("只能是 {list} 之一"), format!("must be one of {list}"))
        }
        ValidationErrorKind::Constant { expected_value } => {
            Text::new(format!("只能是 {expected_value}"), format!("must be {expected_value}"))
        }
        ValidationErrorKind::Required { property } => {
            Text::new(format!("缺少 {property}"), format!("{property} is missing"))
        }
        ValidationErrorKind::Minimum { limit } => {
            Text::new(format!("不能小于 {limit}"), format!("must be at least {limit}"))
        }
        ValidationErrorKind::Maximum { limit } => {
            Text::new(format!("不能大于 {limit}"), format!("must be at most {limit}"))
        }
        ValidationErrorKind::MinLength { .. } | ValidationErrorKind::MinItems { .. } => {
            Text::new("不能为空", "must not be empty")
        }
        ValidationErrorKind::MaxLength { limit } => {
            Text::new(format!("最多 {limit} 个字符"), format!("must have at most {limit} characters"))
        }
        ValidationErrorKind::MaxItems { limit } => {
            Text::new(format!("最多 {limit} 项"), format!("must have at most {limit} items"))
        }
        ValidationErrorKind::UniqueItems => Text::new("不能有重复的项", "must not hold the same item twice"),
        _ => Text::new("写法有误", "is not written as it should be"),
    }
}

/// The description of the keyword that a schema path leads through, nearest first.
fn about<'a>(error: &ValidationError<'_>) -> Option<&'a str> {
    let path = error.schema_path().as_str();
    std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(around, _)| around))
        .find_map(|path| SHIPPED.schema.pointer(path)?.get("description")?.as_str())
}

/// A description of the profile, which stands there in Chinese up to the last `。`, and in English behind it.
fn each_in_its_language(about: &str) -> Text {
    match about.rfind('。').map(|end| about.split_at(end + '。'.len_utf8())) {
        Some((zh, en)) if !zh.is_empty() && !en.trim().is_empty() => Text::new(zh, en.trim()),
        _ => Text::same(about),
    }
}

/// A pointer as people read it: the whole form has no pointer.
pub(crate) fn shown(pointer: &Pointer) -> String {
    if pointer.as_str().is_empty() { "/".to_owned() } else { pointer.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree;

    fn found(source: &str) -> Vec<(String, (usize, usize), Vec<String>)> {
        let form = tree::parse(source).unwrap();
        let place = |d: &Diagnostic| d.span.unwrap().line_column(source);
        let hints = |d: &Diagnostic| d.hints.iter().map(|hint| hint.zh.clone()).collect();
        check(&form).iter().map(|d| (d.message.zh.clone(), place(d), hints(d))).collect()
    }

    #[test]
    fn the_shipped_profile_is_a_json_schema() {
        assert!(SHIPPED.validator.is_some());
        assert!(jsonschema::meta::is_valid(&SHIPPED.schema));
        assert!(SHIPPED.keywords.len() > 40);
    }

    #[test]
    fn a_keyword_outside_the_profile_is_named_with_its_place_and_its_neighbour() {
        let source = "{\"type\": \"object\",\n \"properties\": {\"a\": {\"type\": \"string\",\n  \"minlength\": 2}}}";
        assert_eq!(
            found(source),
            [(
                "/properties/a：表单不支持关键字 `minlength`".to_owned(),
                (3, 3),
                vec!["是否指 `minLength`？".to_owned()]
            )]
        );
    }

    #[test]
    fn a_value_that_does_not_fit_says_what_would() {
        assert_eq!(found("{\"type\": \"objekt\"}")[0].0, "/type：只能是 \"object\"");
        assert_eq!(found("{\"type\": \"object\", \"required\": \"a\"}")[0].0, "/required：应为 array");
        assert_eq!(found("[]")[0].0, "/：应为 object");
        let number = found("{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"number\"}}}");
        assert_eq!(
            number[0].0,
            "/properties/a/type：只能是 \"string\", \"integer\", \"boolean\", \"array\", \"object\" 之一"
        );
        assert!(number[0].2[0].contains("小数与金额用 string 加 format"));
    }

    #[test]
    fn well_known_keywords_that_are_left_out_say_what_to_write() {
        let source = "{\"type\": \"object\", \"anyOf\": [], \"properties\": {\"a\": {\"type\": \"string\", \"readOnly\": true}}}";
        let hints: Vec<_> = found(source).into_iter().flat_map(|(.., hints)| hints).collect();
        assert!(hints.iter().any(|hint| hint.contains("if / then / else")));
        assert!(hints.iter().any(|hint| hint.contains("流程")));
    }

    #[test]
    fn every_description_of_the_profile_is_told_in_the_readers_language() {
        fn descriptions<'j>(node: &'j Json, into: &mut Vec<&'j str>) {
            match node {
                Json::Object(members) => {
                    into.extend(members.get("description").and_then(Json::as_str));
                    members.values().for_each(|member| descriptions(member, into));
                }
                Json::Array(items) => items.iter().for_each(|item| descriptions(item, into)),
                _ => {}
            }
        }
        let mut all = Vec::new();
        descriptions(&SHIPPED.schema, &mut all);
        assert!(all.len() > 30, "{}", all.len());
        let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        for about in all {
            let told = each_in_its_language(about);
            let en = told.en.unwrap_or_default();
            assert!(told.zh.contains(is_han) && !en.is_empty() && !en.contains(is_han), "{about}");
        }
    }
}
