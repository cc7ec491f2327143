//! How things stand and how they ended.

use zhupi_domain::time::PeriodKind;
use zhupi_domain::{Locale, Text};
use zhupi_engine::{Ballot, Objection, Refusal, Status, TaskOutcome, Undone};

use super::{Names, say};
use crate::read::{Wording, grouped};

/// How an instance stands.
pub fn status_text(names: &Names<'_>, status: &Status) -> Text {
    match status {
        Status::Running => Text::new("审批中", "In progress"),
        Status::Completed => Text::new("已完成", "Completed"),
        Status::Archived => Text::new("已归档", "Archived"),
        Status::Rejected { at } => {
            let place = names.place(at);
            say!("已驳回（{zh}）", "Rejected at “{en}”", zh = place.zh, en = place.get(Locale::En))
        }
        Status::Withdrawn => Text::new("已撤回", "Withdrawn"),
        Status::Cancelled => Text::new("已作废", "Cancelled"),
    }
}

/// The word under which a task's end is stored.
pub fn task_outcome_code(outcome: &TaskOutcome) -> &'static str {
    match outcome {
        TaskOutcome::Approved => "approved",
        TaskOutcome::Filled => "filled",
        TaskOutcome::Voted { ballot: Ballot::Yes } => "voted-yes",
        TaskOutcome::Voted { ballot: Ballot::No } => "voted-no",
        TaskOutcome::Voted { ballot: Ballot::Abstain } => "abstained",
        TaskOutcome::Resubmitted => "resubmitted",
        TaskOutcome::Rejected => "rejected",
        TaskOutcome::Returned => "returned",
        TaskOutcome::Transferred { .. } => "transferred",
        TaskOutcome::Cancelled(Undone::DecidedBy { .. }) => "decided-by-another",
        TaskOutcome::Cancelled(Undone::ReturnedBy { .. }) => "returned-by-another",
        TaskOutcome::Cancelled(Undone::InstanceEnded) => "ended",
        TaskOutcome::Cancelled(Undone::HolderLeft) => "left",
        TaskOutcome::Cancelled(Undone::RoleRevoked) => "role-revoked",
        TaskOutcome::Cancelled(Undone::NowOwn) => "now-own",
        TaskOutcome::Cancelled(Undone::OtherDuty { .. }) => "other-duty",
        TaskOutcome::Cancelled(Undone::TimeUp) => "time-up",
        TaskOutcome::Cancelled(Undone::FormChanged) => "form-changed",
    }
}

/// What a policy says against something, with its data where they may be told.
pub fn objected(names: &Names<'_>, objection: &Objection) -> Text {
    let refusal =
        names.release.policy(&objection.policy).and_then(|of| of.contract().refused(objection.code.as_deref()?));
    let told = |locale| {
        let wording = Wording { directory: names.directory, zone: names.release.company().time_zone, locale };
        wording.refused(refusal?, objection.data.as_object()?)
    };
    let text = &objection.text;
    let zh = told(Locale::Zh).map(|told| format!("{}：{told}", text.zh));
    let en = told(Locale::En).map(|told| format!("{}: {told}", text.get(Locale::En)));
    Text { zh: zh.unwrap_or_else(|| text.zh.clone()), en: en.or_else(|| text.en.clone()) }
}

/// Whether a task's end, by its stored word, was its holder's own doing.
pub fn is_own_act(outcome: Option<&str>) -> bool {
    matches!(
        outcome,
        Some(
            "approved"
                | "filled"
                | "voted-yes"
                | "voted-no"
                | "abstained"
                | "resubmitted"
                | "rejected"
                | "returned"
                | "transferred"
        )
    )
}

/// What stands in a list for something that cannot be read.
pub fn unreadable() -> Text {
    Text::new("数据无法读取，请联系管理员", "The data cannot be read: tell an administrator")
}

/// How a task ended, from its stored word.
pub fn task_outcome(code: &str) -> Text {
    match code {
        "approved" => Text::new("已同意", "Approved"),
        "filled" => Text::new("已填写", "Filled in"),
        "voted-yes" => Text::new("投了赞成票", "Voted for it"),
        "voted-no" => Text::new("投了反对票", "Voted against it"),
        "abstained" => Text::new("弃权", "Abstained"),
        "form-changed" => Text::new("申请有改动，重新办理", "The request was changed and goes through it again"),
        "time-up" => Text::new("已到期，自动结束", "The time was over"),
        "resubmitted" => Text::new("已重新提交", "Submitted again"),
        "rejected" => Text::new("已驳回", "Rejected"),
        "returned" => Text::new("已退回", "Sent back"),
        "transferred" => Text::new("已转交", "Handed over"),
        "decided-by-another" => Text::new("他人已处理", "Decided by somebody else"),
        "returned-by-another" => Text::new("他人已退回", "Sent back by somebody else"),
        "ended" => Text::new("申请已结束", "The request has ended"),
        "left" => Text::new("处理人已离职", "The holder has left"),
        "role-revoked" => Text::new("处理人不再担任这一角色，已收回", "The holder no longer has the role"),
        "other-duty" => {
            Text::new("处理人已任不能兼任的职责，已收回", "The holder has done a duty that excludes this one")
        }
        "now-own" => Text::new("申请改为与处理人本人有关，已收回", "The request is now about the holder"),
        other => Text::same(other),
    }
}

/// Why an action was refused, for the person who tried it.
pub fn refusal_text(refusal: &Refusal) -> Text {
    match refusal {
        Refusal::Ended { .. } => {
            Text::new("申请已结束，不能再操作", "The request has ended; nothing can be done to it any more")
        }
        Refusal::NoSuchTask => Text::new("这项待办已经处理或已取消", "This task is done or cancelled"),
        Refusal::NotYours => Text::new("这项待办不属于您", "This task belongs to somebody else"),
        Refusal::RoleRevoked => Text::new(
            "您已不再担任处理这一步的角色，这项待办会转给其他人",
            "You no longer have the role for which you were asked: the task goes to somebody else",
        ),
        Refusal::Stale { .. } => Text::new(
            "内容在您打开之后有改动，请刷新后再处理",
            "Something has changed since you opened it: reload and look again",
        ),
        Refusal::CommentRequired => Text::new("请填写意见", "Say why"),
        Refusal::NotAtThisStep => Text::new("当前步骤不能这样操作", "This cannot be done at this step"),
        Refusal::NoSuchTarget => Text::new("不能退回到这一步", "It cannot be sent back there"),
        Refusal::BeingReworked => Text::new(
            "已有人退回到这一步，正在修改；请等修改完，或选择重新逐级",
            "Somebody sent it back there already and it is being reworked: wait, or choose “step by step again”",
        ),
        Refusal::Incompatible { .. } => Text::new(
            "您在本申请中已履行另一项职责，按规定不能兼任",
            "You already did another duty in this request; both must not be in the same hands",
        ),
        Refusal::TooLate => Text::new("已过期限，不能再办理", "The time for this is over"),
        Refusal::MinutesRequired => Text::new("请填写会议纪要", "Write the minutes of the meeting"),
        Refusal::Objected(objection) => objection.text.clone(),
        Refusal::Short(short) => {
            let missing = short.wanted - short.free;
            say!(
                "余额不足：需要 {wanted} 元，可用 {free} 元，还差 {missing} 元（{key}）",
                "The balance does not suffice: {wanted} is wanted, {free} is free, {missing} is missing ({key})",
                wanted = grouped(&short.wanted.to_string()),
                free = grouped(&short.free.to_string()),
                missing = grouped(&missing.to_string()),
                key = short.key,
            )
        }
        Refusal::OwnRequest => Text::new("任何人都不能审批自己的申请", "Nobody may decide their own request"),
        Refusal::OneVoice => Text::new(
            "一人一票：您在这一步已经表态，或本人就是审批人，不能再代他人办理",
            "One person, one voice: you decide at this step yourself, or have decided, and cannot do so for somebody else",
        ),
        Refusal::AlreadyAsked => Text::new("此人已在这一步处理或待处理", "This person is already asked at this step"),
        Refusal::NoSuchPerson => Text::new("没有这个人，或已离职", "There is no such person, or they have left"),
        Refusal::CommentTooLong => Text::new("意见最多 2000 字", "A comment has at most 2,000 characters"),
        Refusal::NotInitiator => Text::new("只有发起人可以撤回", "Only the initiator may withdraw it"),
        Refusal::NoSuchIncident => Text::new("这个异常已经处理", "This incident is dealt with already"),
        Refusal::NotWaitedFor => Text::new("这一步已不再等待", "This step is no longer waited for"),
        Refusal::TooManyTasks => Text::new("一份申请最多 500 项待办", "A request may have at most 500 open tasks"),
        Refusal::DoesNotFit { .. } => Text::new(
            "新版本没有这一步，或这一步的类型不同，不能改用",
            "The other release does not have this step, or has another kind of step there",
        ),
        Refusal::NoSuchStep { .. } | Refusal::NotSubmitted | Refusal::BadAnswer => Text::new(
            "流程定义与申请不一致，已记录，请联系管理员",
            "The flow does not fit the request: tell an administrator",
        ),
    }
}

/// What a kind of period is called.
pub fn period_kind(kind: PeriodKind) -> &'static str {
    match kind {
        PeriodKind::Week => "week",
        PeriodKind::Month => "month",
        PeriodKind::Quarter => "quarter",
        PeriodKind::Year => "year",
    }
}
