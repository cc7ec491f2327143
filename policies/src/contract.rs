//! A policy's contract: what goes in, what comes out, what may be refused.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use zhupi_domain::{Decimal, Locale, Name, Rounding, Span, Text};

use crate::binding::Binding;
use crate::policy_name::PolicyName;
use crate::types::{Field, Presence, Type};

/// What a policy's answer is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Points or a grade.
    Score,
    /// A ruling that a flow acts upon.
    Decision,
    /// Amounts for people: the record also holds `lines`.
    Payout,
}

impl Kind {
    /// Reads the word of a contract.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "score" => Self::Score,
            "decision" => Self::Decision,
            "payout" => Self::Payout,
            _ => return None,
        })
    }
}

/// Who may see an input, as in forms (`x-class`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Class {
    Public,
    #[default]
    Internal,
    /// Pay: masked by default.
    Pay,
    /// Identity: masked by default.
    Identity,
}

impl Class {
    /// Reads the word of a contract.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "public" => Self::Public,
            "internal" => Self::Internal,
            "pay" => Self::Pay,
            "identity" => Self::Identity,
            _ => return None,
        })
    }

    /// Whether it is shown only to those who are told so.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Pay | Self::Identity)
    }
}

/// Where the cents go that a split leaves over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LeftOver {
    /// One each to the first parts in listed order.
    #[default]
    First,
    /// One each to the parts that lost most by the cut; listed order where equal.
    Largest,
    /// They stay with the company: the parts are less than the whole.
    Company,
    /// They are carried to the next time: the parts are less than the whole.
    Carry,
}

impl LeftOver {
    /// Reads the word of a contract, a table or a script.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "first" => Self::First,
            "largest" => Self::Largest,
            "company" => Self::Company,
            "carry" => Self::Carry,
            _ => return None,
        })
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Largest => "largest",
            Self::Company => "company",
            Self::Carry => "carry",
        }
    }
}

/// One input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    pub field: Field,
    pub from: Option<Binding>,
    pub class: Class,
    /// What people call it; the name where absent.
    pub title: Option<Text>,
    /// What people call the texts that it may be.
    pub labels: BTreeMap<String, Text>,
    pub clause: Option<String>,
}

impl Input {
    pub fn new(name: Name, ty: Type) -> Self {
        Self::of(Field::new(name, ty))
    }

    pub fn of(field: Field) -> Self {
        Self { field, from: None, class: Class::Internal, title: None, labels: BTreeMap::new(), clause: None }
    }

    pub fn from(self, binding: Binding) -> Self {
        Self { from: Some(binding), ..self }
    }

    pub fn class(self, class: Class) -> Self {
        Self { class, ..self }
    }

    /// What people call a value, where the contract says so.
    pub(crate) fn label(&self, value: &Json) -> Option<&Text> {
        self.labels.get(value.as_str()?)
    }

    pub fn title(self, title: Text) -> Self {
        Self { title: Some(title), ..self }
    }

    pub fn name(&self) -> &Name {
        &self.field.name
    }
}

/// One field of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    pub field: Field,
    /// Who may see it: pay is for the person it is paid to.
    pub class: Class,
    /// What people call it; the name where absent.
    pub title: Option<Text>,
    /// What people call the texts that it may be or hold, and the parts of its records.
    pub labels: BTreeMap<String, Text>,
    pub clause: Option<String>,
}

impl Output {
    pub fn new(name: Name, ty: Type) -> Self {
        Self::of(Field::new(name, ty))
    }

    pub fn of(field: Field) -> Self {
        Self { field, class: Class::default(), title: None, labels: BTreeMap::new(), clause: None }
    }

    pub fn title(self, title: Text) -> Self {
        Self { title: Some(title), ..self }
    }

    /// What people call a value, where the contract says so.
    pub(crate) fn label(&self, value: &Json) -> Option<&Text> {
        self.labels.get(value.as_str()?)
    }

    pub fn name(&self) -> &Name {
        &self.field.name
    }
}

/// One reason for which the policy may refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The code that answers carry as `reason`.
    pub code: Name,
    /// The data that this refusal must bring.
    pub data: Vec<Field>,
    /// What the person reads.
    pub text: Option<Text>,
    /// What they read besides, where they may see the data: `{over_by}` stands for the value of that field.
    pub detail: Option<Text>,
    pub span: Option<Span>,
}

impl Refusal {
    pub fn new(code: Name) -> Self {
        Self { code, data: Vec::new(), text: None, detail: None, span: None }
    }

    /// The detail with its fields filled in by `say`; none where there is no detail, or a field has no value.
    pub fn told(&self, locale: Locale, say: impl Fn(&Field) -> Option<String>) -> Option<String> {
        let detail = self.detail.as_ref()?.get(locale);
        let filled = parts(detail).map(|part| match part {
            Part::Text(text) => Some(text.to_owned()),
            Part::Field(name) => say(self.data.iter().find(|field| field.name.as_str() == name)?),
        });
        filled.collect()
    }

    /// The fields that the detail tells, in any language, as it names them.
    pub fn tells(&self) -> BTreeSet<&str> {
        let texts = self.detail.iter().flat_map(|detail| std::iter::once(&detail.zh).chain(&detail.en));
        let fields = texts.flat_map(|text| parts(text)).filter_map(|part| match part {
            Part::Field(name) => Some(name),
            Part::Text(_) => None,
        });
        fields.collect()
    }

    pub fn with(mut self, field: Field) -> Self {
        self.data.push(field);
        self
    }
}

/// A part of a text with fields.
enum Part<'a> {
    Text(&'a str),
    Field(&'a str),
}

/// The parts of a text in which `{name}` stands for a field.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    text.split_inclusive('}').flat_map(|piece| {
        let field = piece.strip_suffix('}').and_then(|piece| piece.rsplit_once('{'));
        match field {
            Some((before, name)) => [Part::Text(before), Part::Field(name)],
            None => [Part::Text(piece), Part::Text("")],
        }
    })
}

/// A sum or comparison that must hold for every answer, in the closed expression language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    pub source: String,
    /// Where `source` begins and ends in the contract.
    pub span: Option<Span>,
}

/// What a policy takes, gives and may refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    pub policy: PolicyName,
    pub kind: Kind,
    pub title: Option<Text>,
    pub inputs: Vec<Input>,
    /// The fields of the answer, in the order in which answers list them.
    pub outputs: Vec<Output>,
    pub refusals: Vec<Refusal>,
    /// How amounts become money where an output has no rule of its own.
    pub rounding: Rounding,
    pub left_over: LeftOver,
    pub control: Vec<Control>,
    /// The clause that the policy carries out.
    pub clause: Option<String>,
}

impl Contract {
    /// An empty contract; rounding is 四舍五入.
    pub fn new(policy: PolicyName, kind: Kind) -> Self {
        Self {
            policy,
            kind,
            title: None,
            inputs: Vec::new(),
            outputs: Vec::new(),
            refusals: Vec::new(),
            rounding: Rounding::HalfUp,
            left_over: LeftOver::First,
            control: Vec::new(),
            clause: None,
        }
    }

    pub fn input(mut self, input: Input) -> Self {
        self.inputs.push(input);
        self
    }

    pub fn output(mut self, output: Output) -> Self {
        self.outputs.push(output);
        self
    }

    /// The refusal that an answer names.
    pub fn refused(&self, code: &str) -> Option<&Refusal> {
        self.refusals.iter().find(|refusal| refusal.code.as_str() == code)
    }

    pub fn refusal(mut self, refusal: Refusal) -> Self {
        self.refusals.push(refusal);
        self
    }

    pub fn control(mut self, source: impl Into<String>) -> Self {
        self.control.push(Control { source: source.into(), span: None });
        self
    }

    /// Whether answers say `accepted`.
    pub fn can_refuse(&self) -> bool {
        !self.refusals.is_empty()
    }

    pub(crate) fn input_named(&self, name: &str) -> Option<&Input> {
        self.inputs.iter().find(|input| input.name().as_str() == name)
    }

    /// The outputs as fields, with the lines of a payout.
    pub(crate) fn answer_fields(&self) -> Vec<Field> {
        let mut fields: Vec<Field> = self.outputs.iter().map(|output| output.field.clone()).collect();
        if self.kind == Kind::Payout {
            fields.extend(lines_field());
        }
        fields
    }
}

/// The field `lines` that every payout has.
fn lines_field() -> Option<Field> {
    let field = |name: &str, ty: Type, presence: Presence| {
        Name::new(name).ok().map(|name| Field::new(name, ty).presence(presence))
    };
    let fields: Option<Vec<Field>> = [
        field("payee", Type::Text, Presence::Required),
        field("item", Type::Text, Presence::Required),
        field("amount", Type::Money, Presence::Required),
        field("component", Type::Text, Presence::Optional),
        field("basis", Type::Text, Presence::Optional),
        field("clause", Type::Text, Presence::Optional),
    ]
    .into_iter()
    .collect();
    field("lines", Type::Record(fields?).list(), Presence::Required)
}

/// The largest absolute value of any number that goes in or comes out.
pub(crate) const LARGEST: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_number_is_ten_to_the_fifteenth() {
        assert_eq!(LARGEST, Decimal::from(1_000_000_000_000_000_i64));
    }

    #[test]
    fn only_a_payout_has_lines() {
        let name = || PolicyName::new("a.b").expect("a name");
        let names =
            |kind| Contract::new(name(), kind).answer_fields().iter().map(|f| f.name.to_string()).collect::<Vec<_>>();
        assert_eq!(names(Kind::Payout), ["lines"]);
        assert_eq!(names(Kind::Decision), [""; 0]);
    }

    #[test]
    fn a_refusal_tells_its_data_where_the_detail_names_them() {
        let over = Field::new(Name::new("over_by").unwrap(), Type::Money);
        let refusal = Refusal {
            detail: Some(Text::new("超出 {over_by} 元}", "{over_by} yuan over {")),
            ..Refusal::new(Name::new("over").unwrap()).with(over)
        };
        let told = |locale, value: Option<&str>| refusal.told(locale, |_| value.map(str::to_owned));
        assert_eq!(told(Locale::Zh, Some("5.00")).as_deref(), Some("超出 5.00 元}"));
        assert_eq!(told(Locale::En, Some("5.00")).as_deref(), Some("5.00 yuan over {"));
        assert_eq!(told(Locale::Zh, None), None, "a figure that is not there leaves no gap in a sentence");
        assert_eq!(refusal.tells(), ["over_by"].into());
        assert_eq!(Refusal::new(Name::new("plain").unwrap()).told(Locale::Zh, |_| None), None);
    }
}
