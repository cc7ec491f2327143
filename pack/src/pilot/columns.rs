//! What the columns of the rows mean to one contract, and the inputs that a row gives it.

use serde_json::{Map, Value as Json};
use zhupi_domain::{Diagnostic, Span, Text};
use zhupi_policies::{Contract, Type};

use super::source::{Found, Raw, Record, Records};
use crate::convert::entered_json;
use crate::read::Log;

/// Columns that say something about the row besides the inputs.
pub const PAYEE: &str = "payee";
pub const AS_OF: &str = "as_of";
pub const SUBJECT: &str = "subject";
pub const PERIOD: &str = "period";
pub const RESERVED: [&str; 4] = [PAYEE, AS_OF, SUBJECT, PERIOD];

/// Where the values of one column go: an input, or a member somewhere inside it.
struct Slot {
    path: Vec<String>,
    ty: Type,
}

/// What the columns mean to one contract; none for a column that it does not know.
pub struct Columns(Vec<Option<Slot>>);

impl Columns {
    pub fn of(contract: &Contract, records: &Records) -> Self {
        Self(records.columns.iter().map(|(name, _)| slot(contract, name)).collect())
    }

    /// Whether the contract knows a column.
    pub fn knows(&self, column: usize) -> bool {
        self.0.get(column).is_some_and(Option::is_some)
    }

    /// Whether some column fills an input, at least in part.
    pub fn fill(&self, input: &str) -> bool {
        self.0.iter().flatten().any(|slot| slot.path.first().is_some_and(|first| first == input))
    }

    /// The inputs of one row; what no value can be made of goes into the log.
    pub fn inputs(&self, record: &Record, log: &Log<'_>) -> Map<String, Json> {
        let mut inputs = Map::new();
        for (column, found) in &record.cells {
            let Some(slot) = self.0.get(*column).and_then(Option::as_ref) else { continue };
            let Some(value) = value(found, &slot.ty, log) else { continue };
            if !put(&mut inputs, &slot.path, value) {
                let name = slot.path.first().map(String::as_str).unwrap_or_default();
                let (zh, en) = (format!("`{name}` 已由另一列给出"), format!("another column gives `{name}` as well"));
                log.error("pilot.column-twice", found.span, zh, en);
            }
        }
        inputs
    }

    /// The place in a row that a pointer into its inputs means; the row where no cell is meant.
    pub fn place(&self, record: &Record, pointer: &str) -> Span {
        let parts: Vec<String> =
            pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
        let goes_there = |column: &usize| {
            let path = self.0.get(*column).and_then(Option::as_ref).map(|slot| &slot.path);
            path.is_some_and(|path| parts.starts_with(path) || path.starts_with(&parts))
        };
        let cell = record.cells.iter().find(|(column, _)| goes_there(column));
        cell.map_or(record.span, |(_, found)| found.span)
    }
}

/// An input by its name, or a member of one by its path with dots.
fn slot(contract: &Contract, column: &str) -> Option<Slot> {
    let (name, mut rest) = column.split_once('.').map_or((column, None), |(name, rest)| (name, Some(rest)));
    let input = contract.inputs.iter().find(|input| input.name().as_str() == name)?;
    let (mut path, mut ty) = (vec![name.to_owned()], &input.field.ty);
    while let Some(left) = rest {
        let (member, more) = match ty {
            // The keys of a map are any texts, also with dots in them.
            Type::Map(item) if !matches!(item.as_ref(), Type::Map(_) | Type::Record(_)) => (left, None),
            _ => left.split_once('.').map_or((left, None), |(member, more)| (member, Some(more))),
        };
        ty = match ty {
            Type::Map(item) => item,
            Type::Record(fields) => &fields.iter().find(|field| field.name.as_str() == member)?.ty,
            _ => return None,
        };
        path.push(member.to_owned());
        rest = more;
    }
    Some(Slot { path, ty: ty.clone() })
}

/// A cell as its type wants it; JSON is taken as it is. What does not fit the type is told when the inputs are checked.
fn value(found: &Found, ty: &Type, log: &Log<'_>) -> Option<Json> {
    match (&found.raw, ty) {
        (Raw::Json(json), _) => Some(json.clone()),
        (Raw::Cell(text), Type::List(_) | Type::Record(_) | Type::Map(_)) => match zhupi_domain::json::parse(text) {
            Ok(json) => Some(json),
            Err(error) => {
                let message = Text::new(
                    format!("这一格应为 JSON：{}", error.message.zh),
                    format!("this cell should hold JSON: {}", error.message.get(zhupi_domain::Locale::En)),
                );
                log.push(Diagnostic::error("pilot.json", found.span, message).hint(Text::new(
                    "列表写成 [\"…\"]，记录写成 {\"名\": \"值\"}，或一项一列：列名写成 `输入.成员`",
                    "write a list as [\"…\"], a record as {\"name\": \"value\"}, or give each member a column `input.member`",
                )));
                None
            }
        },
        (Raw::Cell(text), ty) => Some(entered_json(text, ty)),
    }
}

/// Puts a value where a path says; false where something stands in its way.
fn put(into: &mut Map<String, Json>, path: &[String], value: Json) -> bool {
    match path {
        [] => false,
        [name] => into.insert(name.clone(), value).is_none(),
        [name, rest @ ..] => {
            let inner = into.entry(name.clone()).or_insert_with(|| Json::Object(Map::new()));
            inner.as_object_mut().is_some_and(|inner| put(inner, rest, value))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zhupi_domain::Name;
    use zhupi_policies::{Field, Input, Kind, PolicyName};

    use super::super::source::Source;
    use super::*;

    fn contract() -> Contract {
        let name = |text: &str| Name::new(text).unwrap();
        let input = |text: &str, ty: Type| Input::new(name(text), ty);
        let team = Type::Record(vec![Field::new(name("id"), Type::Text), Field::new(name("share"), Type::Rate)]);
        Contract::new(PolicyName::new("a.b").unwrap(), Kind::Decision)
            .input(input("amount", Type::Money))
            .input(input("visits", Type::Count))
            .input(input("done", Type::Bool))
            .input(input("contracts", Type::Count.map()))
            .input(input("head", team.clone()))
            .input(input("team", team.list()))
    }

    fn inputs(text: &str) -> (Json, Vec<(&'static str, usize, usize)>) {
        let source = Source::new("x.csv", text);
        let log = Log::new("x.csv", text);
        let records = Records::read(&source, &log, 10);
        let columns = Columns::of(&contract(), &records);
        let inputs = Json::Object(columns.inputs(&records.rows[0], &log));
        let place = |found: Diagnostic| {
            let (line, column) = found.span.unwrap().line_column(text);
            (found.code, line, column)
        };
        (inputs, log.into_found().into_iter().map(place).collect())
    }

    #[test]
    fn cells_become_what_the_contract_means() {
        let text = "amount,visits,done,contracts.A,contracts.B.1,head.id,head.share,team\n\
                    8000.00,3,true,1,2,li,0.5,\"[{\"\"id\"\": \"\"li\"\", \"\"share\"\": \"\"1\"\"}]\"\n";
        let expected = json!({
            "amount": "8000.00", "visits": 3, "done": true, "contracts": { "A": 1, "B.1": 2 },
            "head": { "id": "li", "share": "0.5" }, "team": [{ "id": "li", "share": "1" }],
        });
        assert_eq!(inputs(text), (expected, vec![]));
    }

    #[test]
    fn a_cell_that_is_no_json_and_an_input_given_twice_are_findings() {
        assert_eq!(inputs("team\nli;wang\n").1, [("pilot.json", 2, 1)]);
        assert_eq!(inputs("contracts,contracts.A\n\"{\"\"A\"\": 1}\",2\n").1, [("pilot.column-twice", 2, 14)]);
    }

    #[test]
    fn a_place_is_the_cell_that_a_pointer_means() {
        let text = "head.id,amount\nli,5\n";
        let log = Log::new("x.csv", text);
        let records = Records::read(&Source::new("x.csv", text), &log, 10);
        let columns = Columns::of(&contract(), &records);
        let place = |pointer: &str| columns.place(&records.rows[0], pointer).line_column(text);
        assert_eq!((place("/amount"), place("/head/id"), place("/head")), ((2, 4), (2, 1), (2, 1)));
        assert_eq!(place("/visits"), (2, 1));
        assert!(columns.knows(0) && columns.fill("head") && !columns.fill("visits"));
    }
}
