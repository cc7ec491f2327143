//! The JSON Schema engine, fenced: nothing is fetched, patterns match in linear time, formats are asserted.

use jsonschema::{Draft, Keyword, PatternOptions, ValidationError, Validator};
use serde_json::Value as Json;
use zhupi_domain::Decimal;
use zhupi_domain::money::parse_decimal;

use crate::accept::normal;
use crate::limits;
use crate::model::Kind;

/// Compiles a schema that the reading made: it has no `$ref`, and no more nodes than the budget allows.
pub(crate) fn compile(schema: &Json) -> Result<Validator, ValidationError<'static>> {
    let patterns = PatternOptions::regex().size_limit(limits::PATTERN_BYTES).dfa_size_limit(limits::PATTERN_BYTES * 2);
    let mut options = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .with_pattern_options(patterns)
        .should_validate_formats(true)
        .with_keyword("x-min", |_, limit, _| Ok(Box::new(Bound { limit: figure(limit), least: true })))
        .with_keyword("x-max", |_, limit, _| Ok(Box::new(Bound { limit: figure(limit), least: false })));
    for (format, kind) in FORMATS {
        options = options.with_format(format, move |text| normal::single(&kind, &Json::from(text)).is_ok());
    }
    options.build(schema)
}

/// Every format by the rule that values are kept by, so that there is one rule.
const FORMATS: [(&str, Kind); 10] = [
    ("textarea", Kind::Paragraphs),
    ("money", Kind::Money),
    ("decimal", Kind::Decimal { digits: 12 }),
    ("date", Kind::Date),
    ("date-time", Kind::DateTime),
    ("period", Kind::Period(None)),
    ("email", Kind::Email),
    ("person", Kind::Person),
    ("department", Kind::Department),
    ("file", Kind::File),
];

/// `x-min` and `x-max`: bounds for figures written as texts. What is no figure is the format's business.
struct Bound {
    limit: Option<Decimal>,
    least: bool,
}

fn figure(json: &Json) -> Option<Decimal> {
    parse_decimal(json.as_str()?)
}

impl Bound {
    fn holds(&self, value: &Json) -> bool {
        figure(value)
            .zip(self.limit)
            .is_none_or(|(value, limit)| if self.least { value >= limit } else { value <= limit })
    }
}

impl<'i> Keyword<'i> for Bound {
    fn validate(&self, instance: &'i Json) -> Result<(), ValidationError<'i>> {
        if self.holds(instance) {
            return Ok(());
        }
        // The error's text carries the limit: branches of conditions may have limits of their own.
        Err(ValidationError::custom(self.limit.map(|limit| limit.to_string()).unwrap_or_default()))
    }

    fn is_valid(&self, instance: &'i Json) -> bool {
        self.holds(instance)
    }
}
