//! A company as its pack describes it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeZone as _};
use chrono_tz::Tz;
use serde::Serialize;
use zhupi_domain::calendar::{Calendar, CalendarData, WorkingHours};
use zhupi_domain::directory::{Directory, Person};
use zhupi_domain::expr::{Type, Value};
use zhupi_domain::{CompanyId, Instant, Locale, Name, PersonId, Span, Text};
use zhupi_forms::Class;

use crate::read::Placed;
use crate::read::accounts::Account;
use crate::read::vote::Committee;

/// What a pack says about its company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    pub id: CompanyId,
    pub name: Text,
    pub time_zone: Tz,
    /// The ISO code, such as CNY.
    pub currency: String,
    pub languages: Vec<Locale>,
    pub hours: WorkingHours,
    pub roles: BTreeMap<Name, Role>,
    /// What is kept of every person besides the usual.
    pub attributes: BTreeMap<Name, Attribute>,
    /// The golden cases that this pack answers for.
    pub claims: Vec<Claim>,
    /// How long requests are kept where their flow says nothing.
    pub retention_years: Option<u32>,
    pub committees: BTreeMap<Name, Committee>,
    pub accounts: BTreeMap<Name, Account>,
    /// Sets of roles of which one person must not do two in the same request.
    pub incompatible: Vec<Vec<Placed<Name>>>,
    /// Libraries whose content is part of the pack.
    pub uses: Vec<Placed<String>>,
}

/// One role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    pub title: Text,
    pub can: BTreeSet<Can>,
    /// Classes of data that are masked for others.
    pub sees: BTreeSet<Class>,
    pub span: Span,
}

/// A right over the platform; none of them gives a right in a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Can {
    /// Makes releases.
    Deploy,
    /// Keeps the directory.
    People,
    /// Looks after incidents.
    Incidents,
    /// Ends running requests.
    Cancel,
    /// Reads every request.
    Audit,
    /// Compares releases on data of people.
    Pilot,
}

impl Can {
    pub const ALL: [Self; 6] = [Self::Deploy, Self::People, Self::Incidents, Self::Cancel, Self::Audit, Self::Pilot];

    /// The right as a pack writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::People => "people",
            Self::Incidents => "incidents",
            Self::Cancel => "cancel",
            Self::Audit => "audit",
            Self::Pilot => "pilot",
        }
    }
}

/// Something that is kept of every person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    pub title: Text,
    pub ty: AttributeType,
    pub class: Class,
}

/// What an attribute's text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeType {
    Text,
    Money,
    Number,
    Rate,
    Count,
    Date,
    Bool,
}

impl AttributeType {
    pub const ALL: [Self; 7] = [Self::Text, Self::Money, Self::Number, Self::Rate, Self::Count, Self::Date, Self::Bool];

    /// The type as a pack writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Money => "money",
            Self::Number => "number",
            Self::Rate => "rate",
            Self::Count => "count",
            Self::Date => "date",
            Self::Bool => "bool",
        }
    }

    /// The type that expressions see.
    pub fn expression_type(self) -> Type {
        match self {
            Self::Text => Type::Text,
            Self::Money | Self::Number | Self::Rate | Self::Count => Type::Number,
            Self::Date => Type::Date,
            Self::Bool => Type::Bool,
        }
    }

    /// The value of a text that was entered for a person; none where it is not of this type.
    pub fn value(self, entered: &str) -> Option<Value> {
        let json = match self {
            Self::Bool => serde_json::Value::Bool(entered.parse().ok()?),
            _ => serde_json::Value::from(entered),
        };
        Value::from_json(&json, &self.expression_type()).ok()
    }
}

/// Which golden cases a pack claims: those of a company, or of policies, with `*` for anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub pattern: String,
    pub span: Span,
}

impl Claim {
    /// Whether a case of a company and a policy is claimed.
    pub fn holds(&self, company: Option<&str>, policy: &str) -> bool {
        company == Some(self.pattern.as_str()) || glob(&self.pattern, policy)
    }
}

/// Whether a text fits a pattern in which `*` stands for anything.
fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut last = None;
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
        last = Some(part);
    }
    match last {
        None => rest.is_empty(),
        Some(last) => last.is_empty() || text.ends_with(last),
    }
}

impl Company {
    /// The company's working time: its own zone and hours, the shipped Chinese holidays, and its own days over them.
    pub fn calendar(&self, own: &CalendarData) -> Calendar {
        Calendar::new(self.time_zone, CalendarData::china().overlaid(own)).with_hours(self.hours.clone())
    }

    /// The date on the company's clocks.
    pub fn date_of(&self, at: Instant) -> NaiveDate {
        self.time_zone.from_utc_datetime(&at.utc().naive_utc()).date_naive()
    }

    /// The roles that somebody holds, anywhere.
    pub fn roles_of<'a>(&'a self, person: &'a PersonId, directory: &'a Directory) -> impl Iterator<Item = &'a Role> {
        let grants = directory.active(person).into_iter().flat_map(|person| &person.roles);
        let held: BTreeSet<&Name> = grants.map(|grant| &grant.role).collect();
        held.into_iter().filter_map(|role| self.roles.get(role))
    }

    /// What somebody may do with the platform.
    pub fn rights_of(&self, person: &PersonId, directory: &Directory) -> BTreeSet<Can> {
        self.roles_of(person, directory).flat_map(|role| role.can.iter().copied()).collect()
    }

    /// The masked classes that somebody may see.
    pub fn classes_of(&self, person: &PersonId, directory: &Directory) -> BTreeSet<Class> {
        self.roles_of(person, directory).flat_map(|role| role.sees.iter().copied()).collect()
    }

    /// What expressions see of a person.
    pub fn person_type(&self) -> Type {
        use zhupi_domain::expr::Field;
        let own = [("id", Field::required(Type::Text)), ("name", Field::required(Type::Text))];
        let more = [("department", Field::optional(Type::Text)), ("post", Field::optional(Type::Text))];
        let usual = own.into_iter().chain(more).map(|(name, field)| (name.to_owned(), field));
        let attributes = self.attributes.iter();
        let attributes =
            attributes.map(|(name, attribute)| (name.to_string(), Field::optional(attribute.ty.expression_type())));
        Type::Record(usual.chain(attributes).collect())
    }

    /// A person as expressions see them; who is not in the directory has an id only.
    pub fn person_value(&self, id: &PersonId, directory: &Directory) -> Value {
        let mut record = BTreeMap::from([("id".to_owned(), Value::Text(id.to_string()))]);
        if let Some(person) = directory.people.get(id) {
            record.insert("name".to_owned(), Value::Text(person.name.clone()));
            record.insert("department".to_owned(), text_or_absent(person.department.as_ref().map(Name::as_str)));
            record.insert("post".to_owned(), text_or_absent(person.post.as_deref()));
            record.extend(self.attribute_values(person));
        }
        Value::Record(record)
    }

    fn attribute_values<'a>(&'a self, person: &'a Person) -> impl Iterator<Item = (String, Value)> + 'a {
        self.attributes.iter().map(|(name, attribute)| {
            let entered = person.attributes.get(name).and_then(|entered| attribute.ty.value(entered));
            (name.to_string(), entered.unwrap_or_default())
        })
    }
}

fn text_or_absent(text: Option<&str>) -> Value {
    text.map_or(Value::Absent, |text| Value::Text(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_names_a_company_or_policies() {
        let claim = |pattern: &str| Claim { pattern: pattern.to_owned(), span: Span::default() };
        assert!(claim("pharma").holds(Some("pharma"), "credit.x"));
        assert!(!claim("pharma").holds(Some("hospital"), "credit.x"));
        assert!(claim("credit.bad_debt_*").holds(None, "credit.bad_debt_deduction"));
        assert!(!claim("credit.bad_debt_*").holds(None, "credit.overdue"));
        assert!(claim("workplan.*").holds(Some("general-workplan"), "workplan.route"));
        assert!(claim("*.route").holds(None, "workplan.route"));
        assert!(claim("a*b*a").holds(None, "abcba"));
        assert!(!claim("a*b*a").holds(None, "ab"));
        assert!(claim("credit.x").holds(None, "credit.x"));
        assert!(!claim("credit.x").holds(None, "credit.xy"));
    }
}
