//! A pilot as it is kept: what came of it for the whole and for each payee, and the rows that it was made of.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use zhupi_domain::{ContentHash, Instant};
use zhupi_pack::pilot::{Comparison, Outcome, PayeeResult, Row, RowResult, Side};
use zhupi_policies::Class;
use zhupi_store::{NewPilot, Pilot, PilotPayee, PilotRow};

use crate::AppError;
use crate::view::{PilotCounts, PilotDifference, PilotNote, PilotTotal, TextView};

/// The longest name of a payee, in bytes: it is a key.
const MAX_PAYEE: usize = 200;
/// The most bytes of all frozen rows.
const MAX_FROZEN: usize = 64 * 1024 * 1024;
/// The most rows of one payee that say why there is no amount.
const MAX_NOTES: usize = 20;

/// What is kept of the whole.
#[derive(Serialize, Deserialize)]
pub struct Summary {
    pub as_of: NaiveDate,
    pub counts: PilotCounts,
    pub totals: Vec<PilotTotal>,
    /// Whether an amount is of the class `identity`, besides being pay.
    pub identity: bool,
}

/// What is kept of one payee.
#[derive(Serialize, Deserialize)]
pub struct Payee {
    pub amounts: BTreeMap<String, PilotDifference>,
    pub rows: Vec<i64>,
    pub left_out: u64,
    pub assumed: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<PilotNote>,
}

/// Who made a pilot, and when.
pub struct Kept {
    pub id: String,
    pub by: String,
    pub as_of: NaiveDate,
    pub at: Instant,
}

impl Kept {
    /// The pilot with its rows and payees; key, request and candidate are to be added.
    pub fn pilot(self, comparison: &Comparison, rows: &[Row]) -> Result<NewPilot, AppError> {
        let told = serde_json::to_value(comparison).map_err(internal)?;
        let part = |name: &str| told.get(name).cloned().unwrap_or_default();
        let of_class = |class| comparison.totals.iter().any(|total| total.amount.classes.contains(&class));
        let summary = Summary {
            as_of: self.as_of,
            counts: serde_json::from_value(part("counts")).map_err(internal)?,
            totals: serde_json::from_value(part("totals")).map_err(internal)?,
            identity: of_class(Class::Identity),
        };
        Ok(NewPilot {
            pilot: Pilot {
                id: self.id,
                policy: comparison.policy.clone(),
                base: comparison.current,
                candidate: comparison.candidate,
                summary: serde_json::to_string(&summary).map_err(internal)?,
                created_at: self.at,
                created_by: self.by,
            },
            key: String::new(),
            request: ContentHash::ZERO,
            candidate: None,
            rows: frozen(rows)?,
            payees: payees(comparison)?,
        })
    }
}

fn frozen(rows: &[Row]) -> Result<Vec<PilotRow>, AppError> {
    let (mut kept, mut bytes) = (Vec::with_capacity(rows.len()), 0_usize);
    for row in rows {
        let body = serde_json::to_string(row).map_err(internal)?;
        bytes = bytes.saturating_add(body.len());
        if bytes > MAX_FROZEN {
            let most = MAX_FROZEN / 1024 / 1024;
            return Err(AppError::bad(
                "pilot_too_large",
                format!("试点数据连同查到的事实超过 {most} MB，请减少行数"),
                format!("The rows with all that was looked up for them are larger than {most} MB: use fewer rows"),
            ));
        }
        kept.push(PilotRow { number: number(row.number), body });
    }
    Ok(kept)
}

fn payees(comparison: &Comparison) -> Result<Vec<PilotPayee>, AppError> {
    let rows: BTreeMap<usize, &RowResult> = comparison.rows.iter().map(|row| (row.number, row)).collect();
    let keep = |(place, result): (usize, &PayeeResult)| {
        let unfit = |c: char| c.is_control();
        if result.payee.is_empty() || result.payee.len() > MAX_PAYEE || result.payee.contains(unfit) {
            return Err(AppError::bad(
                "payee_unfit",
                format!("收款人应为 1 到 {MAX_PAYEE} 字节的一行文字（第 {} 行）", first(result)),
                format!("A payee is one line of 1 to {MAX_PAYEE} bytes (row {})", first(result)),
            ));
        }
        let concerned = result.rows.iter().filter_map(|number| rows.get(number));
        let amounts = serde_json::to_value(&result.amounts).and_then(serde_json::from_value).map_err(internal)?;
        let body = Payee {
            amounts,
            rows: result.rows.iter().map(|row| number(*row)).collect(),
            left_out: result.left_out as u64,
            assumed: result.assumed,
            notes: concerned.flat_map(|row| notes(row)).take(MAX_NOTES).collect(),
        };
        let body = serde_json::to_string(&body).map_err(internal)?;
        Ok(PilotPayee { place: number(place), payee: result.payee.clone(), body })
    };
    (1..).zip(&comparison.payees).map(keep).collect()
}

fn first(result: &PayeeResult) -> usize {
    result.rows.first().copied().unwrap_or_default()
}

fn notes(row: &RowResult) -> Vec<PilotNote> {
    let note = |side: &Side, candidate: bool| {
        let outcome = match side.outcome {
            Outcome::Accepted => return None,
            Outcome::Refused => "refused",
            Outcome::Incomplete => "incomplete",
            Outcome::Fault => "fault",
        };
        let why = side.why.clone().map(TextView::from);
        Some(PilotNote { row: row.number as u64, candidate, outcome: outcome.to_owned(), why })
    };
    [note(&row.current, false), note(&row.candidate, true)].into_iter().flatten().collect()
}

fn number(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub fn internal(error: serde_json::Error) -> AppError {
    AppError::Internal(format!("a pilot: {error}"))
}
