//! One field: its name, its kind, its texts and its own demands.

use serde_json::{Map, Value as Json};
use zhupi_domain::time::PeriodKind;
use zhupi_domain::{Name, Span, Text};

use super::level::Around;
use super::shape::Shape;
use super::{Reader, keywords, texts};
use crate::accept::normal;
use crate::limits;
use crate::model::{Columns, Field, Item, Kind, Shown};
use crate::tree::{Member, Node};

/// Words that expressions keep for themselves.
const RESERVED: [&str; 9] = ["and", "or", "not", "in", "if", "then", "else", "true", "false"];

impl<'a> Reader<'a> {
    /// Reads one entry of `properties`, and where its expression stands.
    pub(super) fn field(
        &mut self,
        member: &'a Member,
        shown: Option<Shown>,
        around: &Around,
    ) -> (Option<Field>, Option<&'a Node>) {
        let name = &member.key;
        self.field_name(name, member.key_span);
        let shape = self.shape(&member.node);
        let class = self.class(&shape).unwrap_or(around.class);
        let path = around.path_of(name);
        let title = self.field_title(&shape, name, member.key_span);
        let inside = Around { path: path.clone(), class, depth: around.depth + 1 };
        let Some(kind) = self.kind(&shape, member.key_span, &inside) else { return (None, None) };
        let lookup = shape.member("x-lookup").and_then(|member| self.lookup(member));
        self.refuse_misplaced(&shape, &kind);
        let keywords = self.own_keywords(&shape, &kind);
        let default = self.default(&shape, &kind, &keywords);
        let field = Field {
            name: name.clone(),
            path,
            title,
            class,
            required: false,
            shown,
            computed: None,
            lookup,
            default,
            messages: self.messages(&shape),
            keywords,
            kind,
        };
        (Some(field), shape.get("x-computed"))
    }

    fn field_name(&mut self, name: &str, span: Span) {
        let chinese = |c: char| matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}');
        let fits = |c: char| chinese(c) || c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let starts = name.starts_with(|c: char| chinese(c) || c.is_ascii_lowercase());
        let sound = starts && name.chars().all(fits) && name.chars().count() <= limits::NAME_LENGTH;
        let truth = matches!(Name::new(name), Err(zhupi_domain::NameError::TruthWord(_)));
        let reserved = truth || RESERVED.contains(&name);
        if sound && !reserved {
            return;
        }
        let (zh, en) = if reserved {
            ("这是保留字，请换一个名字", "This word is reserved; choose another")
        } else if name.contains('-') {
            ("请用 `_` 代替 `-`：表达式里 `-` 是减号", "Use `_` instead of `-`, which is minus in expressions")
        } else {
            (
                "以小写字母或汉字开头，只含小写字母、汉字、数字和 `_`，最多 64 个字",
                "A lower-case letter or Chinese character first, then those, digits and `_`, at most 64",
            )
        };
        self.hinted(
            "form.field-name",
            span,
            Text::new(format!("`{name}` 不能作字段名"), format!("`{name}` cannot be the name of a field")),
            Text::new(zh, en),
        );
    }

    /// What the field holds; none when that cannot be told, and has been reported.
    fn kind(&mut self, shape: &Shape<'a>, span: Span, inside: &Around) -> Option<Kind> {
        match shape.text("type") {
            Some("string") => Some(string_kind(shape)),
            Some("integer") => Some(Kind::Integer),
            Some("boolean") => Some(Kind::Boolean),
            Some("object") => self.group(shape, inside),
            Some("array") => self.several(shape, span, inside),
            Some(_) => None,
            None => {
                if shape.get("type").is_none() && !shape.refers {
                    self.hinted(
                        "form.no-type",
                        span,
                        Text::new("字段没有 type", "the field has no `type`"),
                        Text::new(
                            "string、integer、boolean、array 或 object；金额写 \"type\": \"string\", \"format\": \"money\"",
                            "string, integer, boolean, array or object; money is \"type\": \"string\", \"format\": \"money\"",
                        ),
                    );
                }
                None
            }
        }
    }

    fn group(&mut self, shape: &Shape<'a>, inside: &Around) -> Option<Kind> {
        self.not_too_deep(shape, inside)?;
        let level = self.level(shape, inside)?;
        Some(Kind::Group(Columns { level }))
    }

    /// Rows, or a list of single values.
    fn several(&mut self, shape: &Shape<'a>, span: Span, inside: &Around) -> Option<Kind> {
        let Some(items) = shape.get("items") else {
            self.error("form.no-items", span, Text::new("array 缺少 items", "the array lacks its `items`"));
            return None;
        };
        let row = self.shape(items);
        if row.text("type") == Some("object") {
            self.not_too_deep(shape, inside)?;
            let level = self.level(&row, inside)?;
            let names: Vec<&str> = level.fields.iter().map(|field| field.name.as_str()).collect();
            self.names_in(shape.get("x-columns"), &names);
            return Some(Kind::Rows(Columns { level }));
        }
        let kind = self.kind(&row, items.span, inside)?;
        if matches!(kind, Kind::List(_)) {
            self.error("form.too-deep", items.span, Text::new("列表里不能再有列表", "a list cannot hold lists"));
            return None;
        }
        if !self.within_budget(items.span) {
            return None;
        }
        self.refuse_misplaced(&row, &kind);
        let keywords = self.own_keywords(&row, &kind);
        Some(Kind::List(Box::new(Item { kind, keywords })))
    }

    fn not_too_deep(&mut self, shape: &Shape<'a>, inside: &Around) -> Option<()> {
        if inside.depth <= 1 {
            return Some(());
        }
        self.error(
            "form.too-deep",
            shape.span,
            Text::new("一组字段和明细行里只能有单个的值", "groups and rows hold single values only"),
        );
        None
    }

    /// The value that a new form begins with, in its normal form.
    fn default(&mut self, shape: &Shape<'a>, kind: &Kind, keywords: &Map<String, Json>) -> Option<Json> {
        let node = shape.get("default")?;
        if kind.level().is_some() {
            return None;
        }
        if let Some(computed) = shape.member("x-computed").or_else(|| shape.member("x-lookup")) {
            let text = Text::new("计算字段不能有 default", "a computed field cannot have a `default`");
            self.error("form.default", computed.key_span, text);
            return None;
        }
        let normal = normal::value(kind, &node.to_json()).ok().flatten();
        let mut schema = keywords.clone();
        if let Kind::List(item) = kind {
            schema.insert("items".into(), Json::Object(item.keywords.clone()));
        }
        let validator = self.compile(node.span, &Json::Object(schema))?;
        let fits = normal.filter(|value| validator.is_valid(value));
        if fits.is_none() {
            let text = Text::new("default 不符合字段自己的要求", "the `default` does not meet the field's own demands");
            self.error("form.default", node.span, text);
        }
        fits
    }

    /// The field's keywords as schemas carry them: figures and choices in normal form, texts in both languages.
    fn own_keywords(&mut self, shape: &Shape<'a>, kind: &Kind) -> Map<String, Json> {
        let mut own = Map::new();
        let plain = [
            "type",
            "format",
            "title",
            "description",
            "x-en",
            "default",
            "x-computed",
            "x-lookup",
            "x-class",
            "x-digits",
            "x-period",
            "x-columns",
        ];
        for key in plain {
            if let Some(node) = shape.get(key) {
                own.insert(key.to_owned(), node.to_json());
            }
        }
        for key in ["x-unit", "x-placeholder"] {
            if let Some(text) = shape.get(key).and_then(texts::text) {
                own.insert(key.to_owned(), texts::as_json(&text));
            }
        }
        let own_messages = shape.get("x-messages").map_or(&[][..], Node::members).iter();
        let messages: Map<String, Json> =
            own_messages.filter_map(|it| Some((it.key.clone(), texts::as_json(&texts::text(&it.node)?)))).collect();
        if !messages.is_empty() {
            own.insert("x-messages".into(), Json::Object(messages));
        }
        own.extend(self.labels(shape).map(|labels| ("x-labels".to_owned(), labels)));
        own.extend(self.constraints(shape, kind));
        keywords::add_bounds(kind, &mut own);
        own
    }
}

fn string_kind(shape: &Shape<'_>) -> Kind {
    match shape.text("format") {
        Some("textarea") => Kind::Paragraphs,
        Some("money") => Kind::Money,
        Some("decimal") => Kind::Decimal { digits: keywords::digits(shape) },
        Some("date") => Kind::Date,
        Some("date-time") => Kind::DateTime,
        Some("period") => Kind::Period(shape.text("x-period").and_then(period_kind)),
        Some("email") => Kind::Email,
        Some("person") => Kind::Person,
        Some("department") => Kind::Department,
        Some("file") => Kind::File,
        _ => match shape.get("enum") {
            Some(choices) => {
                Kind::Choice(choices.items().iter().filter_map(Node::text).map(ToOwned::to_owned).collect())
            }
            None => Kind::Line,
        },
    }
}

fn period_kind(word: &str) -> Option<PeriodKind> {
    let kinds = [PeriodKind::Week, PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Year];
    kinds.into_iter().find(|kind| super::period_word(*kind) == word)
}
