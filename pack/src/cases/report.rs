//! What came of the cases.

use serde::Serialize;
use serde_json::Value as Json;
use zhupi_domain::{Diagnostic, Diagnostics, Text};

use super::coverage::Coverage;
use super::source::CaseSource;

/// The outcome of a run.
#[derive(Debug, Default)]
pub struct Report {
    pub summary: Summary,
    pub cases: Vec<CaseResult>,
    pub coverage: Coverage,
    /// What is wrong with case files.
    pub diagnostics: Diagnostics,
}

/// How many rows ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
}

/// One row of one case; a case without rows has row 0.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseResult {
    pub id: String,
    pub row: usize,
    pub status: Status,
    pub expected: Json,
    pub actual: Json,
    /// Why it failed or was skipped.
    pub reason: Option<Text>,
    /// The fault of a script that is the reason, with its place.
    pub fault: Option<Diagnostic>,
    /// The file of the case.
    pub file: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Passed,
    Failed,
    Skipped,
}

impl CaseResult {
    pub(crate) fn failed(case: &CaseSource, row: usize, reason: Text) -> Self {
        Self { reason: Some(reason), ..Self::of(case, row, Status::Failed) }
    }

    pub(crate) fn skipped(case: &CaseSource, row: usize, reason: Text) -> Self {
        Self { reason: Some(reason), ..Self::of(case, row, Status::Skipped) }
    }

    /// Passed where nothing differs.
    pub(crate) fn compared(
        case: &CaseSource,
        row: usize,
        expected: Json,
        actual: Json,
        difference: Option<Text>,
    ) -> Self {
        let status = if difference.is_none() { Status::Passed } else { Status::Failed };
        Self { expected, actual, reason: difference, ..Self::of(case, row, status) }
    }

    /// Says that a script's own fault is the reason, where it did not pass.
    pub(crate) fn because_of(self, fault: Option<&Diagnostic>) -> Self {
        let fault = fault.filter(|_| self.status == Status::Failed).cloned();
        Self { reason: fault.as_ref().map(|fault| fault.message.clone()).or(self.reason), fault, ..self }
    }

    fn of(case: &CaseSource, row: usize, status: Status) -> Self {
        let (id, file) = (case.id.value.clone(), case.file.clone());
        Self { id, row, status, expected: Json::Null, actual: Json::Null, reason: None, fault: None, file }
    }
}

impl Report {
    pub(crate) fn finish(mut self, coverage: Coverage, diagnostics: Diagnostics) -> Self {
        let count = |status| self.cases.iter().filter(|case| case.status == status).count();
        self.summary =
            Summary { passed: count(Status::Passed), failed: count(Status::Failed), skipped: count(Status::Skipped) };
        Self { coverage, diagnostics, ..self }
    }

    /// Whether every case that counts passed and every file could be read.
    pub fn is_good(&self) -> bool {
        self.summary.failed == 0 && sources_are_clean(&self.diagnostics)
    }
}

fn sources_are_clean(found: &Diagnostics) -> bool {
    crate::sources::is_clean(found)
}
