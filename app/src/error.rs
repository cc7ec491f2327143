//! What can go wrong in a use case, and how it is told.

use chrono::NaiveDateTime;
use serde::Serialize;
use zhupi_domain::Text;
use zhupi_engine::Refusal;
use zhupi_forms::FieldError;
use zhupi_store::StoreError;

use crate::facts::{MAX_ERRORS, RowError};
use crate::history::HistoryError;
use crate::permit::Denied;
use crate::placed::Placed;
use crate::words::{self, say};

/// Why a use case did not do what was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("the form was not accepted")]
    FormInvalid(Vec<FieldError>),
    /// Spreadsheets of people and departments that were not accepted.
    #[error("{} mistakes in the spreadsheets", .0.len())]
    SheetsInvalid(Vec<Placed>),
    /// Records of an import that were not accepted.
    #[error("{} records were not accepted", .0.len())]
    RowsInvalid(Vec<RowError>),
    /// Rows or facts of a pilot that do not fit.
    #[error("{} mistakes in the data of a pilot", .0.len())]
    PilotInvalid(Vec<Placed>),
    #[error("refused: {0}")]
    Refused(Refusal),
    /// A balance does not suffice whose figures are not for everybody; what its account is called.
    #[error("a balance does not suffice")]
    ShortUnseen(Text),
    /// The task was decided already; by whom, how and when, in the company's time.
    #[error("the task is closed")]
    TaskClosed { by: Option<String>, outcome: Text, at: Option<NaiveDateTime> },
    /// A request that cannot be understood; `code` is stable.
    #[error("bad request: {code}")]
    Bad { code: &'static str, message: Text },
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// A draft or a configuration was changed by somebody else meanwhile.
    #[error("it was changed meanwhile")]
    Changed,
    #[error("the pack has errors")]
    PackInvalid(Vec<Placed>),
    /// The company has no release yet, so nothing can be started.
    #[error("no release was deployed yet")]
    NoRelease,
    /// Too many people write to the same thing at once, or the database cannot take it now.
    #[error("try again later: {0}")]
    Busy(String),
    /// Whether it was done is not known; the same request with the same key tells.
    #[error("the outcome is unknown")]
    Unknown,
    #[error("the store: {0}")]
    Store(#[from] StoreError),
    #[error("the history: {0}")]
    History(#[from] HistoryError),
    #[error("ours to mend: {0}")]
    Internal(String),
}

/// An error as a client reads it, before a language is chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Problem {
    /// An HTTP status.
    pub status: u16,
    /// Stable, for machines.
    pub code: &'static str,
    pub title: Text,
    pub detail: Text,
    pub errors: Vec<FieldProblem>,
    /// Seconds after which it makes sense to try again.
    pub retry_after: Option<u32>,
}

/// What is wrong with one field or place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    pub pointer: String,
    pub keyword: String,
    pub message: Text,
}

impl AppError {
    /// A request that cannot be understood.
    pub fn bad(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Bad { code, message: Text::new(zh, en) }
    }

    /// Why something was given up on, kept for whoever looks after the company: in both languages where a person can mend it,
    /// and as the program tells it where only its makers can.
    pub fn cause(&self) -> String {
        let problem = self.problem();
        // What a script or a balance says may hold figures that are not for whoever reads this.
        if let Self::Refused(Refusal::Short(_) | Refusal::Objected(_)) = self {
            return problem.code.to_owned();
        }
        if problem.status >= 500 {
            return self.to_string();
        }
        let said = |locale| {
            let errors = problem.errors.iter().map(|error| error.message.get(locale));
            std::iter::once(problem.detail.get(locale)).chain(errors).collect::<Vec<_>>().join("; ")
        };
        format!("{} / {}", said(zhupi_domain::Locale::Zh), said(zhupi_domain::Locale::En))
    }

    /// Whether trying again later can help without anybody doing anything.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Unknown | Self::Store(_) | Self::Changed)
    }

    /// What the client is told. Nothing of the inside is in it.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Denied(Denied::NotFound) => Problem::new(404, "not_found", Text::new("没有找到", "Not found"))
                .detail(Text::new("它不存在，或者您无权查看", "It does not exist, or it is not for you")),
            Self::Denied(Denied::Forbidden) => Problem::new(403, "forbidden", Text::new("没有权限", "Not allowed"))
                .detail(Text::new("您没有做这件事的权限", "You may not do this")),
            Self::FormInvalid(errors) => Problem::of_fields(errors),
            Self::SheetsInvalid(errors) => Problem::of_sheets(errors),
            Self::RowsInvalid(errors) => Problem::of_rows(errors),
            Self::PilotInvalid(errors) => Problem::of_pilot(errors),
            Self::Refused(refusal) => refused(refusal),
            Self::ShortUnseen(account) => {
                Problem::new(409, "balance_short", not_this_way()).detail(words::short_unseen(account))
            }
            Self::TaskClosed { by, outcome, at } => task_closed(by.as_deref(), outcome, *at),
            Self::Bad { code, message } => {
                Problem::new(422, code, Text::new("请求有误", "The request cannot be accepted")).detail(message.clone())
            }
            Self::KeyReused => Problem::new(422, "idempotency_key_reused", Text::new("请求重复", "Key used before"))
                .detail(Text::new(
                    "这个幂等键已用于另一个请求，请刷新页面后重试",
                    "This idempotency key was used for another request: reload and try again",
                )),
            Self::Changed => Problem::new(412, "changed", Text::new("内容已有改动", "It was changed meanwhile"))
                .detail(Text::new("它已在别处改动，请刷新后再保存", "It was changed elsewhere: reload before saving")),
            Self::PackInvalid(found) => Problem::of_pack(found),
            Self::NoRelease => Problem::new(409, "no_release", Text::new("尚未发布", "Nothing is released yet"))
                .detail(Text::new("公司还没有发布任何流程", "The company has not released any flow yet")),
            Self::Busy(_)
            | Self::Store(
                StoreError::DiskFull
                | StoreError::Unreachable(_)
                | StoreError::NotAdmitted(_)
                | StoreError::CannotOpen(_)
                | StoreError::ReadOnly,
            ) => Problem::busy(),
            Self::Unknown => {
                Problem::new(503, "outcome_unknown", Text::new("结果待确认", "The outcome is not known")).detail(
                    Text::new("请用同一请求重试，不会重复执行", "Send the same request again: it is not done twice"),
                )
            }
            Self::Store(_) | Self::History(_) | Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Problem {
    pub fn new(status: u16, code: &'static str, title: Text) -> Self {
        Self { status, code, detail: title.clone(), title, errors: Vec::new(), retry_after: None }
    }

    pub fn detail(mut self, detail: Text) -> Self {
        self.detail = detail;
        self
    }

    /// Something of ours broke; it is in the log, not in the answer.
    pub fn internal() -> Self {
        Self::new(500, "internal", Text::new("系统出错", "Something went wrong")).detail(Text::new(
            "错误已记录，请稍后重试或联系管理员",
            "It is in the log. Try again, or tell an administrator",
        ))
    }

    /// The database cannot take it now.
    pub fn busy() -> Self {
        Self {
            retry_after: Some(2),
            ..Self::new(503, "busy", Text::new("暂时无法保存", "Cannot be saved right now")).detail(Text::new(
                "系统繁忙或磁盘已满，请稍后重试",
                "The system is busy or its disk is full: try again later",
            ))
        }
    }

    fn of_fields(errors: &[FieldError]) -> Self {
        let fields = errors.iter().map(|error| FieldProblem {
            pointer: error.pointer.to_string(),
            keyword: error.keyword.to_string(),
            message: error.message.clone(),
        });
        Self {
            errors: fields.collect(),
            ..Self::new(422, "form_invalid", Text::new("表单填写有误", "The form is not complete"))
                .detail(Text::new("请按提示修改后再提交", "Mend the marked fields and send it again"))
        }
    }

    fn of_rows(errors: &[RowError]) -> Self {
        let rows = errors.iter().map(|wrong| FieldProblem {
            pointer: format!("/{}{}", wrong.row - 1, wrong.error.pointer),
            keyword: wrong.error.keyword.to_string(),
            message: wrong.message(),
        });
        let detail = match errors.len() {
            MAX_ERRORS.. => say!(
                "错误太多，只列出前 {most} 处；请修改后重新导入",
                "There are many mistakes, the first {most} are listed; mend them and import again",
                most = MAX_ERRORS,
            ),
            _ => Text::new("请修改标出的记录后重新导入", "Mend the records named and import again"),
        };
        Self {
            errors: rows.collect(),
            ..Self::new(
                422,
                "rows_invalid",
                Text::new("数据有误，未导入", "Some records are wrong, nothing was imported"),
            )
            .detail(detail)
        }
    }

    fn of_sheets(found: &[Placed]) -> Self {
        Self {
            errors: places(found),
            ..Self::new(
                422,
                "sheets_invalid",
                Text::new("表格有误，未导入", "The spreadsheet is wrong, nothing was imported"),
            )
            .detail(Text::new("请按提示修改后重新导入", "Mend what is named and import it again"))
        }
    }

    fn of_pilot(found: &[Placed]) -> Self {
        Self {
            errors: places(found),
            ..Self::new(422, "pilot_invalid", Text::new("数据有误，未试算", "The data is wrong, nothing was compared"))
                .detail(Text::new("请按提示修改后重试", "Mend what is named and try again"))
        }
    }

    fn of_pack(found: &[Placed]) -> Self {
        Self {
            errors: places(found),
            ..Self::new(422, "pack_invalid", Text::new("配置包有错误", "The pack has errors"))
                .detail(Text::new("请先用 zhupi check 检查", "Run `zhupi check` first"))
        }
    }
}

fn places(found: &[Placed]) -> Vec<FieldProblem> {
    let places = found.iter().map(|one| FieldProblem {
        pointer: one.place(),
        keyword: one.finding.code.to_owned(),
        message: one.message(),
    });
    places.collect()
}

fn refused(refusal: &Refusal) -> Problem {
    let status = match refusal {
        Refusal::NotYours
        | Refusal::RoleRevoked
        | Refusal::OwnRequest
        | Refusal::OneVoice
        | Refusal::Incompatible { .. }
        | Refusal::NotInitiator => 403,
        Refusal::CommentRequired
        | Refusal::CommentTooLong
        | Refusal::MinutesRequired
        | Refusal::NoSuchTarget
        | Refusal::NoSuchPerson
        | Refusal::Objected(_) => 422,
        Refusal::NoSuchStep { .. } | Refusal::NotSubmitted | Refusal::BadAnswer => 500,
        Refusal::Ended { .. }
        | Refusal::NoSuchTask
        | Refusal::Stale { .. }
        | Refusal::NotAtThisStep
        | Refusal::AlreadyAsked
        | Refusal::BeingReworked
        | Refusal::TooLate
        | Refusal::Short(_)
        | Refusal::NoSuchIncident
        | Refusal::NotWaitedFor
        | Refusal::TooManyTasks
        | Refusal::DoesNotFit { .. } => 409,
    };
    Problem::new(status, refusal.code(), not_this_way()).detail(words::refusal_text(refusal))
}

fn not_this_way() -> Text {
    Text::new("不能这样操作", "This cannot be done")
}

fn task_closed(by: Option<&str>, outcome: &Text, at: Option<NaiveDateTime>) -> Problem {
    let title = Text::new("这项待办已经处理", "This task is already dealt with");
    let when = at.map(|at| at.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
    let detail = match by {
        Some(by) => Text::new(
            format!("{by} · {} · {when}", outcome.zh),
            format!("{by} · {} · {when}", outcome.get(zhupi_domain::Locale::En)),
        ),
        None => outcome.clone(),
    };
    Problem::new(409, "task_closed", title).detail(detail)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use zhupi_engine::Objection;

    use super::*;

    #[test]
    fn what_a_person_can_mend_is_told_in_both_languages_and_the_rest_as_the_program_tells_it() {
        assert_eq!(
            AppError::bad("no_such_person", "没有这个人", "There is no such person").cause(),
            "没有这个人 / There is no such person"
        );
        assert_eq!(AppError::Refused(Refusal::CommentRequired).cause(), "请填写意见 / Say why");
        assert_eq!(AppError::Internal("a lock".into()).cause(), "ours to mend: a lock");
        assert_eq!(
            AppError::ShortUnseen(Text::new("工资", "Pay")).cause(),
            "「工资」余额不足 / “Pay” does not suffice"
        );
        let text = Text::new("超出 800 元", "800 too much");
        let figures =
            Refusal::Objected(Box::new(Objection { policy: "p".into(), code: None, data: Value::Null, text }));
        assert_eq!(AppError::Refused(figures).cause(), "check_refused", "no figures");
    }
}
