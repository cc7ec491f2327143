//! Every sentence that a clerk may read about a field, in both languages: one catalogue for the server and the browser.
//!
//! A key is a keyword, or a keyword with what makes it special (`required.upload`); who finds no special sentence takes the
//! plain one. `corpus/messages.json` holds the same catalogue for the browser. Placeholders: `{title}` is the field, in
//! English with its article; `{Title}` is the field at the start of a sentence; `{limit}`, `{name}`, `{reason}` come from
//! the fault; `{rows}` and `{row}` tell the place of a cell; `{message}` is an author's own sentence.

use serde_json::{Map, Value as Json, json};
use zhupi_domain::Text;

/// Key, Chinese, English.
type Sentence = (&'static str, &'static str, &'static str);

const CATALOGUE: &[Sentence] = &[
    ("required", "请填写{title}", "Enter {title}"),
    ("required.choose", "请选择{title}", "Choose {title}"),
    ("required.upload", "请上传{title}", "Upload {title}"),
    ("required.rows", "请至少填写一行{title}", "Add at least one row to {title}"),
    ("type", "{title}填写有误，请重新填写", "{Title} could not be read; fill it in again"),
    ("type.integer", "{title}应为整数", "{Title} must be a whole number"),
    ("type.boolean", "{title}应为“是”或“否”", "{Title} must be yes or no"),
    ("enum", "请从列出的选项中选择{title}", "Choose {title} from the list"),
    ("const", "{title}必须为“{limit}”", "{Title} must be “{limit}”"),
    ("const.true", "请勾选{title}", "Tick {title}"),
    ("minLength", "{title}至少 {limit} 个字", "{Title} is too short; the minimum is {limit} characters"),
    ("maxLength", "{title}最多 {limit} 个字", "{Title} is too long; the limit is {limit} characters"),
    ("pattern", "{title}的格式不正确", "{Title} does not have the right form"),
    ("minimum", "{title}不能小于 {limit}", "{Title} must be at least {limit}"),
    ("maximum", "{title}不能大于 {limit}", "{Title} must be at most {limit}"),
    ("exclusiveMinimum", "{title}必须大于 {limit}", "{Title} must be more than {limit}"),
    ("exclusiveMaximum", "{title}必须小于 {limit}", "{Title} must be less than {limit}"),
    ("x-min", "{title}不能小于 {limit}", "{Title} must be at least {limit}"),
    ("x-max", "{title}不能大于 {limit}", "{Title} must be at most {limit}"),
    ("x-digits", "{title}最多 {limit} 位小数", "{Title} has too many decimal places; the limit is {limit}"),
    ("x-digits.whole", "{title}应为整数", "{Title} must be a whole number"),
    ("minItems", "{title}至少选 {limit} 项", "Choose at least {limit} for {title}"),
    ("minItems.rows", "{title}至少填写 {limit} 行", "{Title} has too few rows; the minimum is {limit}"),
    ("minItems.upload", "{title}至少上传 {limit} 个文件", "{Title} has too few files; the minimum is {limit}"),
    ("maxItems", "{title}最多选 {limit} 项", "Choose at most {limit} for {title}"),
    ("maxItems.rows", "{title}最多填写 {limit} 行", "{Title} has too many rows; the limit is {limit}"),
    ("maxItems.upload", "{title}最多上传 {limit} 个文件", "{Title} has too many files; the limit is {limit}"),
    ("format", "{title}的格式不正确", "{Title} does not have the right form"),
    ("format.money", "{title}应为金额，例如 12800.50", "{Title} must be an amount, such as 12800.50"),
    ("format.money.too-fine", "{title}最多保留两位小数", "{Title} must have at most two digits after the point"),
    ("format.decimal", "{title}应为数字，例如 0.3", "{Title} must be a number, such as 0.3"),
    ("format.full-width", "{title}请使用半角数字，例如 12800.50", "Use plain digits for {title}, such as 12800.50"),
    (
        "format.separators",
        "{title}请勿使用千位分隔符，例如 12800.50",
        "Write {title} without thousands marks, such as 12800.50",
    ),
    ("format.too-large", "{title}超出允许的范围", "{Title} is too large"),
    ("format.date", "{title}应为有效日期，例如 2026-03-01", "{Title} must be a date, such as 2026-03-01"),
    (
        "format.date-time",
        "{title}应为有效的日期和时间，例如 2026-03-01T09:00:00+08:00",
        "{Title} must be a date and time, such as 2026-03-01T09:00:00+08:00",
    ),
    (
        "format.period",
        "{title}应为有效期间，例如 2026-03 或 2026-Q1",
        "{Title} must be a period, such as 2026-03 or 2026-Q1",
    ),
    ("x-period.week", "{title}应为某一周，例如 2026-W05", "{Title} must be a week, such as 2026-W05"),
    ("x-period.month", "{title}应为某个月份，例如 2026-03", "{Title} must be a month, such as 2026-03"),
    ("x-period.quarter", "{title}应为某个季度，例如 2026-Q1", "{Title} must be a quarter, such as 2026-Q1"),
    ("x-period.year", "{title}应为某一年，例如 2026", "{Title} must be a year, such as 2026"),
    ("format.email", "{title}应为有效的电子邮箱地址", "{Title} must be an e-mail address"),
    ("format.person", "{title}无效，请重新选择人员", "{Title} is not a person; choose again"),
    ("format.department", "{title}无效，请重新选择部门", "{Title} is not a department; choose again"),
    ("format.file", "{title}无效，请重新上传", "{Title} is not a file; upload it again"),
    ("characters", "{title}含有无法使用的字符", "{Title} contains characters that cannot be used"),
    ("characters.lines", "{title}只能填写一行", "{Title} must be a single line"),
    ("reference.person", "{title}所选的人员不存在或已离职", "{Title} names a person who does not work here"),
    ("reference.department", "{title}所选的部门不存在", "{Title} names a department that does not exist"),
    ("reference.file", "{title}的文件不存在，请重新上传", "A file of {title} does not exist; upload it again"),
    ("unknown", "表单中没有“{name}”这个字段", "The form has no field “{name}”"),
    ("readonly", "{title}在此步骤不能修改", "{Title} cannot be changed at this step"),
    ("readonly.rows", "{title}在此步骤不能增减行", "No rows can be added to {title} or removed at this step"),
    ("computed", "无法计算{title}：{reason}", "{Title} cannot be computed: {reason}"),
    (
        "computed.empty",
        "{title}尚无法计算，请先填写相关内容",
        "{Title} cannot be computed yet; fill in what it depends on",
    ),
    ("computed.lookup", "没有查到{title}，请核对查询它的内容", "{Title} was not found: check what it is looked up by"),
    ("rows", "{title}的行已发生变化，请刷新后重试", "The rows of {title} have changed; refresh and try again"),
    ("size", "提交的内容过多，请减少后重试", "There is too much data; send less"),
    ("check", "提交的内容未通过校验，请联系管理员", "The data did not pass a check; ask an administrator"),
    ("place.row", "{rows}第 {row} 行的{title}", "{title} in row {row} of {rows}"),
    ("place.item", "{title}第 {row} 项", "item {row} of {title}"),
    ("place.message", "{rows}第 {row} 行：{message}", "Row {row} of {rows}: {message}"),
];

/// An English title that begins with one of these is no noun that takes an article; it is put in quotes instead.
const QUOTED: &[&str] = &[
    "a", "an", "are", "did", "do", "does", "has", "have", "how", "i", "is", "my", "our", "the", "was", "what", "when",
    "where", "whether", "which", "who", "why", "will", "your",
];

/// The sentence of a key: the most special one there is.
pub(crate) fn sentence(key: &str) -> Text {
    let mut key = key;
    loop {
        if let Some((_, zh, en)) = CATALOGUE.iter().find(|(known, ..)| *known == key) {
            return Text::new(*zh, *en);
        }
        match key.rsplit_once('.') {
            Some((plainer, _)) => key = plainer,
            None => return Text::new("{title}填写有误，请重新填写", "{Title} could not be read; fill it in again"),
        }
    }
}

/// The catalogue as the browser reads it: `{"quoted": […], "messages": {key: {"zh", "en"}}}`.
pub fn catalogue() -> Json {
    let messages: Map<String, Json> =
        CATALOGUE.iter().map(|(key, zh, en)| ((*key).to_owned(), json!({"zh": zh, "en": en}))).collect();
    json!({"quoted": QUOTED, "messages": messages})
}

/// What a field is called inside a sentence.
#[derive(Debug, Clone)]
pub(crate) struct Called {
    pub zh: String,
    /// At the start of a sentence: `Customer name`.
    pub start: String,
    /// Within a sentence: `the customer name`.
    pub within: String,
}

impl Called {
    pub fn new(title: &Text) -> Self {
        let en = title.get(zhupi_domain::Locale::En);
        Self { zh: title.zh.clone(), start: capital(en), within: noun(en) }
    }

    /// The same field in one of several rows.
    pub fn in_row(self, rows: &Called, row: usize) -> Self {
        self.placed("place.row", row, Some(rows))
    }

    /// One of several values of the field.
    pub fn item(self, row: usize) -> Self {
        self.placed("place.item", row, None)
    }

    fn placed(self, key: &str, row: usize, rows: Option<&Called>) -> Self {
        let text = sentence(key);
        let en = text.en.unwrap_or_default();
        let row = row.to_string();
        let rows_zh = rows.map_or("", |rows| rows.zh.as_str());
        let rows_en = rows.map_or("", |rows| rows.within.as_str());
        let put = |template: &str, title: &str, rows: &str| {
            fill(template, |name| match name {
                "title" => Some(title.to_owned()),
                "row" => Some(row.clone()),
                "rows" => Some(rows.to_owned()),
                _ => None,
            })
        };
        Self {
            zh: put(&text.zh, &self.zh, rows_zh),
            start: capital(&put(&en, if rows.is_some() { &self.start } else { &self.within }, rows_en)),
            within: put(&en, &self.within, rows_en),
        }
    }
}

/// Puts values into the `{places}` of a sentence; a place that has no value stays as it is written.
pub(crate) fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}').and_then(|(name, after)| value(name).map(|value| (value, after))) {
            Some((value, after)) => {
                filled.push_str(&value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// `Customer name` as `the customer name`; `VAT number` keeps its capitals; a title in Chinese stays as it is.
fn noun(title: &str) -> String {
    let first_word = title.split(' ').next().unwrap_or_default();
    if !first_word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return format!("“{title}”");
    }
    if QUOTED.contains(&first_word.to_ascii_lowercase().as_str()) {
        return format!("“{title}”");
    }
    let is_word = first_word.chars().skip(1).all(|c| c.is_lowercase() || !c.is_alphabetic()) && first_word.len() > 1;
    match title.chars().next() {
        Some(first) if is_word => {
            format!("the {}{}", first.to_lowercase(), title.get(first.len_utf8()..).unwrap_or_default())
        }
        _ => format!("the {title}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_reads_the_same_catalogue() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/messages.json");
        let ours = format!("{}\n", serde_json::to_string_pretty(&catalogue()).unwrap());
        if std::env::var_os("UPDATE_CORPUS").is_some() {
            std::fs::write(path, &ours).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), ours, "run the tests with UPDATE_CORPUS=1");
    }

    #[test]
    fn every_place_of_a_sentence_is_known() {
        for (key, zh, en) in CATALOGUE {
            for template in [zh, en] {
                let filled = fill(template, |name| {
                    ["title", "Title", "limit", "name", "reason", "rows", "row", "message"]
                        .contains(&name)
                        .then(String::new)
                });
                assert!(!filled.contains('{'), "{key}: {template}");
            }
        }
    }

    #[test]
    fn a_title_becomes_a_noun() {
        assert_eq!(noun("Customer name"), "the customer name");
        assert_eq!(noun("VAT number"), "the VAT number");
        assert_eq!(noun("Why it is lost"), "“Why it is lost”");
        assert_eq!(noun("客户"), "“客户”");
        assert_eq!(noun(""), "“”");
    }

    #[test]
    fn a_cell_is_named_with_its_row() {
        let rows = Called::new(&Text::new("欠款明细", "Debts"));
        let cell = Called::new(&Text::new("金额", "Amount")).in_row(&rows, 2);
        assert_eq!(cell.zh, "欠款明细第 2 行的金额");
        assert_eq!(cell.within, "the amount in row 2 of the debts");
        assert_eq!(cell.start, "Amount in row 2 of the debts");
        assert_eq!(Called::new(&Text::new("附件", "Files")).item(3).start, "Item 3 of the files");
    }

    #[test]
    fn an_unknown_place_stays_as_written() {
        assert_eq!(fill("{a} {b} {", |name| (name == "a").then(|| "x".to_owned())), "x {b} {");
    }
}
