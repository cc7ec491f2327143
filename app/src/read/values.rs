//! Values as one line of text, in the reader's language.

use std::collections::BTreeMap;

use chrono::Datelike;
use chrono_tz::Tz;
use serde_json::{Map, Value};
use zhupi_domain::directory::Directory;
use zhupi_domain::time::{Period, PeriodKind};
use zhupi_domain::{Instant, Locale, PersonId, Text};
use zhupi_forms::{Field, Kind};
use zhupi_pack::Release;
use zhupi_policies::{Refusal, Type};

use crate::permit::Viewer;

/// What is shown instead of a value that is withheld.
pub(crate) const MASK: &str = "＊＊＊";
/// The most rows of a form that one line tells.
const MAX_ROWS: usize = 20;

/// How values are worded: whose names, which zone, which language.
#[derive(Clone, Copy)]
pub(crate) struct Wording<'a> {
    pub directory: &'a Directory,
    pub zone: Tz,
    pub locale: Locale,
}

impl<'a> Wording<'a> {
    /// For a reader of something that belongs to a release.
    pub fn of(viewer: &'a Viewer, release: &Release) -> Self {
        let locale = viewer.entry().map(|person| person.language).unwrap_or_default();
        Self { directory: viewer.directory(), zone: release.company().time_zone, locale }
    }

    pub fn pick<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.locale)
    }

    /// Between what something is called and what it says.
    pub fn colon(&self) -> &'static str {
        self.say("：", ": ")
    }

    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.locale == Locale::Zh { zh } else { en }
    }

    /// The value of a form's field after redaction, where `null` stands for what is withheld.
    pub fn field(&self, field: &Field, value: &Value) -> String {
        match (field.kind(), value) {
            (_, Value::Null) => MASK.into(),
            (Kind::Rows(_), Value::Array(rows)) => self.rows(field, rows),
            (Kind::Group(_), group) => self.members(field, group),
            (_, Value::Array(items)) => {
                items.iter().map(|item| self.single(field, item)).collect::<Vec<_>>().join(self.say("、", ", "))
            }
            (_, value) => self.single(field, value),
        }
    }

    fn rows(&self, field: &Field, rows: &[Value]) -> String {
        let mut told: Vec<String> = rows.iter().take(MAX_ROWS).map(|row| self.members(field, row)).collect();
        let more = rows.len().saturating_sub(MAX_ROWS);
        if more > 0 {
            told.push(self.pick(&Text::new(format!("另有 {more} 行"), format!("{more} more rows"))).to_owned());
        }
        told.join(self.say("；", "; "))
    }

    /// The columns of one row, or the fields of a group, by their titles.
    fn members(&self, around: &Field, value: &Value) -> String {
        let shown = around.children().iter().filter_map(|field| Some((field, value.get(field.name())?)));
        let told = shown
            .map(|(field, value)| format!("{}{}{}", self.pick(field.title()), self.colon(), self.field(field, value)));
        told.collect::<Vec<_>>().join(self.say("，", ", "))
    }

    fn single(&self, field: &Field, value: &Value) -> String {
        if let Some(label) = field.label(value) {
            return self.pick(&label).to_owned();
        }
        let kind = match field.kind() {
            Kind::List(item) => item.kind(),
            kind => kind,
        };
        match (kind, value) {
            (Kind::Person, Value::String(id)) => super::person_view(self.directory, &PersonId::new(id.as_str())).name,
            (Kind::Department, Value::String(id)) => self.department(id),
            (Kind::File, Value::String(_)) => self.say("附件", "a file").to_owned(),
            (Kind::Money, Value::String(amount)) => grouped(amount),
            (Kind::Period(_), Value::String(period)) => self.period(period),
            (Kind::DateTime, Value::String(moment)) => {
                let at = serde_json::from_value::<Instant>(value.clone());
                at.map_or_else(|_| moment.clone(), |at| local_time(at, self.zone))
            }
            (_, value) => self.plain(value),
        }
    }

    /// A period as the pages write it; what is none stays as it is.
    fn period(&self, written: &str) -> String {
        let Some(period) = Period::parse(written) else { return written.to_owned() };
        let first = period.start();
        let (year, zh) = (first.year(), self.locale == Locale::Zh);
        match (period.kind(), zh) {
            (PeriodKind::Year, true) => format!("{year} 年"),
            (PeriodKind::Year, false) => year.to_string(),
            (PeriodKind::Quarter, true) => format!("{year} 年第 {} 季度", first.quarter()),
            (PeriodKind::Quarter, false) => format!("Q{} {year}", first.quarter()),
            (PeriodKind::Month, true) => format!("{year}年{}月", first.month()),
            (PeriodKind::Month, false) => first.format("%B %Y").to_string(),
            (PeriodKind::Week, true) => format!("{} 年第 {} 周", first.iso_week().year(), first.iso_week().week()),
            (PeriodKind::Week, false) => format!("Week {}, {}", first.iso_week().week(), first.iso_week().year()),
        }
    }

    /// Any value as one line.
    pub fn plain(&self, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::Bool(true) => self.say("是", "Yes").into(),
            Value::Bool(false) => self.say("否", "No").into(),
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Array(items) => {
                items.iter().map(|item| self.plain(item)).collect::<Vec<_>>().join(self.say("、", ", "))
            }
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| format!("{name} {}", self.plain(value)));
                members.collect::<Vec<_>>().join(self.say("，", ", "))
            }
        }
    }

    /// What a policy gave, as its contract calls it: names of people, amounts with thousands marks, texts by their labels.
    pub fn given(&self, value: &Value, ty: &Type, labels: &BTreeMap<String, Text>) -> String {
        let called = |text: &str| labels.get(text).map_or(text, |label| self.pick(label)).to_owned();
        match (ty, value) {
            (Type::Money | Type::Rate | Type::Score | Type::Number, Value::String(figure))
                if zhupi_domain::money::parse_decimal(figure).is_some() =>
            {
                grouped(figure)
            }
            (Type::Text | Type::Enum(_), Value::String(text)) => called(text),
            (Type::Person, Value::String(id)) => super::person_view(self.directory, &PersonId::new(id.as_str())).name,
            (Type::Department, Value::String(id)) => self.department(id),
            (Type::Period, Value::String(period)) => self.period(period),
            (Type::DateTime, Value::String(moment)) => clock(moment),
            (Type::List(item), Value::Array(items)) => {
                let told: Vec<String> = items.iter().map(|value| self.given(value, item, labels)).collect();
                let between = if matches!(**item, Type::Record(_)) { ("；", "; ") } else { ("、", ", ") };
                told.join(self.say(between.0, between.1))
            }
            (Type::Record(fields), Value::Object(members)) => {
                let told = fields.iter().filter_map(|field| {
                    let value = self.given(members.get(field.name.as_str())?, &field.ty, labels);
                    Some(format!("{} {value}", called(field.name.as_str())))
                });
                told.collect::<Vec<_>>().join(self.say("，", ", "))
            }
            (Type::Map(item), Value::Object(members)) => {
                let told =
                    members.iter().map(|(key, value)| format!("{} {}", called(key), self.given(value, item, labels)));
                told.collect::<Vec<_>>().join(self.say("，", ", "))
            }
            (_, value) => self.plain(value),
        }
    }

    /// What a refusal says besides its text; none where the contract says nothing, or the data are not there.
    pub fn refused(&self, refusal: &Refusal, data: &Map<String, Value>) -> Option<String> {
        let say = |field: &zhupi_policies::Field| {
            Some(self.given(data.get(field.name.as_str())?, &field.ty, &BTreeMap::new()))
        };
        refusal.told(self.locale, say)
    }

    fn department(&self, id: &str) -> String {
        self.directory.departments.get(id).map_or_else(|| id.to_owned(), |department| department.name.clone())
    }
}

/// A moment as people of a time zone read it, to the minute.
pub(crate) fn local_time(at: Instant, zone: Tz) -> String {
    at.utc().with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()
}

/// An amount with thousands marks.
pub(crate) fn grouped(amount: &str) -> String {
    let (sign, digits) = amount.strip_prefix('-').map_or(("", amount), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut marked = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            marked.push(',');
        }
        marked.push(digit);
    }
    match fraction {
        Some(fraction) => format!("{sign}{marked}.{fraction}"),
        None => format!("{sign}{marked}"),
    }
}

/// A moment of the company's clock as people write it: seconds only where there are any.
fn clock(moment: &str) -> String {
    let moment = moment.replacen('T', " ", 1);
    moment.strip_suffix(":00").filter(|short| short.contains(':')).map_or(moment.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zhupi_domain::Name;
    use zhupi_domain::directory::Department;
    use zhupi_forms::Form;

    use super::*;

    const FORM: &str = r#"{
      "title": "试", "type": "object",
      "properties": {
        "urgent": { "type": "boolean", "title": "加急" },
        "cause": { "type": "string", "enum": ["a"], "title": "原因",
                   "x-labels": { "a": { "zh": "甲", "en": "Alpha" } } },
        "unit": { "type": "string", "format": "department", "title": "部门" },
        "at": { "type": "string", "format": "date-time", "title": "时间" },
        "month": { "type": "string", "format": "period", "title": "期间" },
        "proof": { "type": "string", "format": "file", "title": "凭证" },
        "lines": { "type": "array", "title": "明细", "items": { "type": "object", "properties": {
            "what": { "type": "string", "title": "事项", "x-en": { "title": "What" } },
            "pay": { "type": "string", "format": "money", "title": "工资", "x-en": { "title": "Pay" } } } } }
      } }"#;

    fn word(locale: Locale, name: &str, value: Value) -> String {
        let form = Form::read(FORM).unwrap();
        let mut directory = Directory::default();
        let sales = Name::new("sales").unwrap();
        let department = Department { id: sales.clone(), name: "业务部".into(), parent: None, head: None };
        directory.departments.insert(sales, department);
        let wording = Wording { directory: &directory, zone: chrono_tz::Asia::Shanghai, locale };
        wording.field(form.field(name).unwrap(), &value)
    }

    #[test]
    fn values_read_as_people_write_them() {
        for (name, value, zh, en) in [
            ("urgent", json!(true), "是", "Yes"),
            ("cause", json!("a"), "甲", "Alpha"),
            ("unit", json!("sales"), "业务部", "业务部"),
            ("at", json!("2026-03-04T20:30:00Z"), "2026-03-05 04:30", "2026-03-05 04:30"),
            ("month", json!("2026-09"), "2026年9月", "September 2026"),
            ("month", json!("2026-Q4"), "2026 年第 4 季度", "Q4 2026"),
            ("month", json!("2026-W01"), "2026 年第 1 周", "Week 1, 2026"),
            ("month", json!("2026"), "2026 年", "2026"),
            ("proof", json!("0190-file"), "附件", "a file"),
            ("urgent", Value::Null, MASK, MASK),
        ] {
            assert_eq!(word(Locale::Zh, name, value.clone()), zh);
            assert_eq!(word(Locale::En, name, value), en);
        }
    }

    #[test]
    fn rows_are_told_by_the_titles_of_their_columns() {
        let rows = json!([{ "what": "一", "pay": "1200.00" }, { "what": "二", "pay": null }]);
        assert_eq!(word(Locale::Zh, "lines", rows.clone()), "事项：一，工资：1,200.00；事项：二，工资：＊＊＊");
        assert_eq!(word(Locale::En, "lines", rows), "What: 一, Pay: 1,200.00; What: 二, Pay: ＊＊＊");
        let many: Value = (0..25).map(|_| json!({ "what": "一" })).collect();
        assert!(word(Locale::Zh, "lines", many).ends_with("另有 5 行"));
    }

    #[test]
    fn what_a_policy_gave_reads_as_its_contract_calls_it() {
        let labels = BTreeMap::from([
            ("charged".to_owned(), Text::new("已扣款", "Charged")),
            ("why".to_owned(), Text::new("原因", "Why")),
            ("fine".to_owned(), Text::new("罚款", "Fine")),
        ]);
        let text = Type::Enum(vec!["charged".into(), "kept".into()]);
        let field = |name: &str, ty: &Type| zhupi_policies::Field::new(Name::new(name).unwrap(), ty.clone());
        let rows = Type::List(Box::new(Type::Record(vec![field("why", &text), field("fine", &Type::Money)])));
        let directory = Directory::default();
        let given = |locale, ty: &Type, value: Value| {
            Wording { directory: &directory, zone: chrono_tz::Asia::Shanghai, locale }.given(&value, ty, &labels)
        };
        assert_eq!(given(Locale::Zh, &text, json!("charged")), "已扣款");
        assert_eq!(given(Locale::En, &text, json!("charged")), "Charged");
        assert_eq!(given(Locale::Zh, &text, json!("kept")), "kept", "what has no label shows itself");
        let two = json!([{ "why": "charged", "fine": "1200.00" }, { "why": "kept", "fine": "1.00" }]);
        assert_eq!(given(Locale::Zh, &rows, two), "原因 已扣款，罚款 1,200.00；原因 kept，罚款 1.00");
        // A year is no amount.
        assert_eq!(given(Locale::Zh, &Type::Text, json!("2026")), "2026");
        assert_eq!(given(Locale::Zh, &Type::Money, json!("2026.00")), "2,026.00");
        assert_eq!(given(Locale::En, &Type::Period, json!("2026-03")), "March 2026");
        assert_eq!(given(Locale::Zh, &Type::DateTime, json!("2026-11-13T17:30:00")), "2026-11-13 17:30");
        assert_eq!(given(Locale::Zh, &Type::DateTime, json!("2026-11-13T17:30:05")), "2026-11-13 17:30:05");
    }

    #[test]
    fn thousands_are_marked() {
        for (plain, marked) in [
            ("0.00", "0.00"),
            ("999.99", "999.99"),
            ("1000.00", "1,000.00"),
            ("-1234567.80", "-1,234,567.80"),
            ("12", "12"),
        ] {
            assert_eq!(grouped(plain), marked);
        }
    }
}
