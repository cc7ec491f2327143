//! A form as one plain JSON Schema: whole, to validate against, or cut down to what one view may know.

use serde_json::{Map, Value as Json, json};

use crate::model::{Condition, Field, Form, Kind, Level};
use crate::rights::{Access, View};

/// Whose schema it is.
#[derive(Clone, Copy)]
pub(crate) enum Lens<'a> {
    /// Everything: what the server validates against.
    Whole,
    /// What a browser may know. Conditions on fields it cannot see are decided here, by the data.
    View(View<'a>),
}

impl Form {
    /// The form as one view may know it, a JSON Schema without `$ref`.
    ///
    /// Hidden fields are gone, from `required`, conditions and expressions too; every other field says in `x-access` whether
    /// it is `masked`, `readonly`, `editable` or `required`. Only what the view can write is demanded. A condition on a field
    /// whose value the view cannot see is replaced by its outcome for `data`; inside rows, where it may differ from row to
    /// row, its fields are offered and the server decides.
    pub fn for_client(&self, view: &View<'_>, data: &Json) -> Json {
        whole(&self.root, &self.keywords, Lens::View(*view), Some(data))
    }
}

/// The schema of a form with its own keywords in front.
pub(crate) fn whole(root: &Level, keywords: &Map<String, Json>, lens: Lens<'_>, data: Option<&Json>) -> Json {
    let mut schema = keywords.clone();
    schema.extend(level(root, lens, data));
    Json::Object(schema)
}

/// How a condition appears in a schema.
#[derive(Clone, Copy, PartialEq)]
enum Appears {
    /// As if / then / else.
    Whole,
    /// As its outcome.
    Outcome(bool),
    /// Not at all: nobody can say, so the fields are offered and nothing is demanded.
    Unsaid,
}

fn level(level: &Level, lens: Lens<'_>, data: Option<&Json>) -> Map<String, Json> {
    let appears: Vec<Appears> =
        level.conditions.iter().map(|condition| appears(level, condition, lens, data)).collect();
    let of = |field: &Field| field.shown.and_then(|shown| Some((*appears.get(shown.condition)?, shown.holds)));
    let here = |field: &&Field| match of(field) {
        None | Some((Appears::Unsaid, _)) => true,
        Some((Appears::Outcome(outcome), holds)) => outcome == holds,
        Some((Appears::Whole, _)) => false,
    };
    let fields: Vec<&Field> = level.fields.iter().filter(here).collect();
    let mut wanted: Vec<&str> = fields.iter().filter(|f| f.required || lens.requires(f)).map(|f| f.name()).collect();
    let mut all_of = Vec::new();
    for (index, condition) in level.conditions.iter().enumerate() {
        match appears.get(index) {
            Some(Appears::Whole) => all_of.push(conditional(level, index, condition, lens, data)),
            Some(Appears::Outcome(outcome)) => {
                let branch = condition.branch(*outcome);
                wanted.extend(branch.required.iter().map(String::as_str));
                all_of.extend(demands(level, &branch.demands, lens));
            }
            _ => {}
        }
    }
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    schema.insert("properties".into(), properties(&fields, lens, data));
    put(&mut schema, "required", required(level, wanted, lens));
    let dependents: Map<String, Json> = level.dependents.iter().filter_map(|it| dependent(level, it, lens)).collect();
    put(&mut schema, "dependentRequired", dependents);
    put(&mut schema, "allOf", all_of);
    let order: Vec<&str> = level.fields.iter().filter(|field| lens.shows(field)).map(Field::name).collect();
    put(&mut schema, "x-order", order);
    schema
}

fn appears(level: &Level, condition: &Condition, lens: Lens<'_>, data: Option<&Json>) -> Appears {
    let seen = condition.reads.iter().all(|name| level.field(name).is_some_and(|field| lens.reads(field)));
    match data {
        _ if seen => Appears::Whole,
        Some(data) => Appears::Outcome(condition.validator.is_valid(data)),
        None => Appears::Unsaid,
    }
}

/// One if / then / else, with the fields that exist under it.
fn conditional(level: &Level, index: usize, condition: &Condition, lens: Lens<'_>, data: Option<&Json>) -> Json {
    let side = |holds: bool| {
        let branch = condition.branch(holds);
        let under = |field: &&Field| field.shown.is_some_and(|s| s.condition == index && s.holds == holds);
        let fields: Vec<&Field> = level.fields.iter().filter(under).collect();
        let names = branch.required.iter().map(String::as_str);
        let wanted =
            names.chain(fields.iter().filter(|field| lens.requires(field)).map(|field| field.name())).collect();
        let mut schema = Map::new();
        let mut inside = match properties(&fields, lens, data) {
            Json::Object(inside) => inside,
            _ => Map::new(),
        };
        inside.extend(visible(level, &branch.demands, lens));
        put(&mut schema, "properties", inside);
        put(&mut schema, "required", required(level, wanted, lens));
        schema
    };
    let mut schema = Map::new();
    schema.insert("if".into(), Json::Object(condition.test.clone()));
    put(&mut schema, "then", side(true));
    put(&mut schema, "else", side(false));
    Json::Object(schema)
}

fn demands(level: &Level, demands: &Map<String, Json>, lens: Lens<'_>) -> Option<Json> {
    let visible = visible(level, demands, lens);
    (!visible.is_empty()).then(|| json!({ "properties": visible }))
}

fn visible(level: &Level, demands: &Map<String, Json>, lens: Lens<'_>) -> Map<String, Json> {
    let shown = |name: &str| level.field(name).is_some_and(|field| lens.reads(field));
    demands.iter().filter(|(name, _)| shown(name)).map(|(name, demand)| (name.clone(), demand.clone())).collect()
}

/// The names that a view can be asked for, each once.
fn required<'a>(level: &Level, names: Vec<&'a str>, lens: Lens<'_>) -> Vec<&'a str> {
    let mut kept: Vec<&str> = Vec::new();
    for name in names {
        if !kept.contains(&name) && level.field(name).is_some_and(|field| lens.demands(field)) {
            kept.push(name);
        }
    }
    kept
}

fn dependent(level: &Level, (key, names): (&String, &Vec<String>), lens: Lens<'_>) -> Option<(String, Json)> {
    level.field(key).filter(|field| lens.reads(field))?;
    let names = required(level, names.iter().map(String::as_str).collect(), lens);
    (!names.is_empty()).then(|| (key.clone(), json!(names)))
}

fn properties(fields: &[&Field], lens: Lens<'_>, data: Option<&Json>) -> Json {
    let shown = fields.iter().filter(|field| lens.shows(field));
    Json::Object(shown.map(|field| (field.name.clone(), property(field, lens, data))).collect())
}

fn property(field: &Field, lens: Lens<'_>, data: Option<&Json>) -> Json {
    let mut schema = field.keywords.clone();
    match &field.kind {
        Kind::List(item) => {
            schema.insert("items".into(), Json::Object(item.keywords.clone()));
        }
        Kind::Rows(columns) => {
            schema.insert("items".into(), Json::Object(level(&columns.level, lens, None)));
        }
        Kind::Group(columns) => {
            let inside = data.map(|data| data.get(&field.name).unwrap_or(&Json::Null));
            schema.extend(level(&columns.level, lens, inside));
        }
        _ => {}
    }
    if let Lens::View(view) = lens {
        tell_access(field, &view, &mut schema);
    }
    Json::Object(schema)
}

/// Marks what the view may do, and takes away what it cannot use.
fn tell_access(field: &Field, view: &View<'_>, schema: &mut Map<String, Json>) {
    let access = view.access(field);
    schema.insert("x-access".into(), json!(access.as_str()));
    if !access.writes() {
        schema.shift_remove("default");
    }
    if field
        .computed
        .as_ref()
        .is_some_and(|computed| computed.reads.iter().any(|(path, class)| !view.sees(path, *class)))
    {
        schema.shift_remove("x-computed");
    }
    // Where it is looked up is the server's business.
    if field.lookup.is_some() {
        schema.insert("x-lookup".into(), true.into());
    }
    let Some(inside) = field.kind.level() else { return };
    if let Some(Json::Array(columns)) = schema.get_mut("x-columns") {
        columns.retain(|name| {
            let column = name.as_str().and_then(|name| inside.field(name));
            column.is_some_and(|column| view.access(column) != Access::Hidden)
        });
    }
}

/// Inserts what is not empty.
fn put(schema: &mut Map<String, Json>, keyword: &str, value: impl Into<Json>) {
    let value = value.into();
    let empty = match &value {
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        _ => false,
    };
    if !empty {
        schema.insert(keyword.to_owned(), value);
    }
}

impl Lens<'_> {
    /// Whether the field appears at all.
    fn shows(&self, field: &Field) -> bool {
        match self {
            Self::Whole => true,
            Self::View(view) => view.access(field) != Access::Hidden,
        }
    }

    /// Whether its value can be known.
    fn reads(&self, field: &Field) -> bool {
        match self {
            Self::Whole => true,
            Self::View(view) => view.access(field).reads(),
        }
    }

    /// Whether it can be asked for.
    fn demands(&self, field: &Field) -> bool {
        match self {
            Self::Whole => true,
            Self::View(view) => view.access(field).writes(),
        }
    }

    /// Whether the step itself demands it.
    fn requires(&self, field: &Field) -> bool {
        match self {
            Self::Whole => false,
            Self::View(view) => view.access(field) == Access::Required,
        }
    }
}
