//! Control sums: what must hold for every answer.

use chrono::NaiveDate;
use serde_json::{Map as JsonMap, Value as Json};
use zhupi_domain::Diagnostic;

use crate::contract::Contract;

/// The first control that an answer does not meet.
pub(crate) fn check(
    _: &Contract,
    _: &JsonMap<String, Json>,
    _: &JsonMap<String, Json>,
    _: NaiveDate,
) -> Option<Diagnostic> {
    None
}
