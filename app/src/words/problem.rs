//! What a person must look at, and how much of it a reader is told.

use zhupi_domain::{Locale, Text};
use zhupi_engine::{Place, Problem};

use super::{Names, say};

/// How much of a problem a reader is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Everything, also the words of a script or a condition, which may carry any value they looked at.
    Whole,
    /// What kind of problem it is.
    Outline,
}

impl Told {
    pub fn whole_if(whole: bool) -> Self {
        if whole { Self::Whole } else { Self::Outline }
    }
}

/// That a balance does not suffice, without its figures and without whose it is.
pub fn short_unseen(account: &Text) -> Text {
    say!("「{zh}」余额不足", "“{en}” does not suffice", zh = account.zh, en = account.get(Locale::En))
}

/// What a person must look at.
pub fn problem_text(names: &Names<'_>, problem: &Problem, told: Told) -> Text {
    match problem {
        Problem::Nobody => {
            Text::new("没有找到审批人，请检查人员与角色设置", "Nobody was found for this step: check people and roles")
        }
        Problem::TooManyPeople { found } => say!(
            "按规定找到 {found} 人，超过单个步骤 200 人的上限",
            "The rule names {found} people, more than the 200 that one step may ask",
            found = found,
        ),
        Problem::Condition { said, .. } if told == Told::Whole || said.is_plain() => say!(
            "分支条件无法计算：{zh}",
            "The condition of a branch cannot be evaluated: {en}",
            zh = said.zh(),
            en = said.en(),
        ),
        Problem::Condition { .. } => Text::new(
            "分支条件无法计算，等待管理员处理",
            "The condition of a branch cannot be evaluated; it waits for an administrator",
        ),
        Problem::Items { said, .. } if told == Told::Whole || said.is_plain() => say!(
            "逐项办理的清单无法得出：{zh}",
            "The list of items cannot be made: {en}",
            zh = said.zh(),
            en = said.en(),
        ),
        Problem::Items { .. } => Text::new(
            "逐项办理的清单无法得出，等待管理员处理",
            "The list of items cannot be made; it waits for an administrator",
        ),
        Problem::NotMoved { said, .. } if told == Told::Whole || said.is_plain() => {
            say!("台账无法记录：{zh}", "The account cannot be moved: {en}", zh = said.zh(), en = said.en(),)
        }
        Problem::NotMoved { .. } => {
            Text::new("台账无法记录，等待管理员处理", "The account cannot be moved; it waits for an administrator")
        }
        Problem::Short { shortfall, .. } => {
            let account = names.account(&shortfall.account);
            if told == Told::Outline && names.is_masked(&shortfall.account) {
                return short_unseen(&account);
            }
            say!(
                "「{zh}」{key} 余额不足：需要 {wanted} 元，可用 {free} 元",
                "“{en}” {key} does not suffice: {wanted} is wanted, {free} is free",
                zh = account.zh,
                en = account.get(Locale::En),
                key = shortfall.key,
                wanted = shortfall.wanted,
                free = shortfall.free,
            )
        }
        Problem::NotEscalated => Text::new(
            "已逾期，但没有找到可升级的人，或人数过多",
            "Overdue, and nobody (or far too many) was found to escalate it to",
        ),
        Problem::Incomplete { params } => {
            let titles: Vec<Text> = params.iter().map(|param| names.param(param)).collect();
            let list = |locale, comma| titles.iter().map(|title| title.get(locale)).collect::<Vec<_>>().join(comma);
            say!(
                "政策参数尚未填写：{zh}。填写参数、发布新版本并让在办申请改用新版本后，可以重试",
                "These params have no value yet: {en}. Try again once they are released and running requests have taken the release",
                zh = list(Locale::Zh, "、"),
                en = list(Locale::En, ", "),
            )
        }
        Problem::Refused { code } => {
            let why = names.refusal(code);
            say!(
                "政策拒绝了这份数据：{zh}",
                "The policy refused these data: {en}",
                zh = why.zh,
                en = why.get(Locale::En)
            )
        }
        Problem::Failed { said } if told == Told::Whole || said.is_plain() => {
            say!("自动步骤出错：{zh}", "The automatic step failed: {en}", zh = said.zh(), en = said.en(),)
        }
        Problem::Failed { .. } => {
            Text::new("自动步骤出错，等待管理员处理", "The automatic step failed; it waits for an administrator")
        }
    }
}

/// Where a problem is: a condition that cannot be evaluated stands behind the step that was passed last, not at it.
pub fn problem_place(names: &Names<'_>, place: &Place, problem: &Problem) -> Text {
    let title = names.place(place);
    match problem {
        Problem::Items { .. } => {
            say!("「{zh}」之后的逐项办理", "the items after “{en}”", zh = title.zh, en = title.get(Locale::En),)
        }
        Problem::Condition { .. } => {
            say!("「{zh}」之后的条件分支", "the branches after “{en}”", zh = title.zh, en = title.get(Locale::En),)
        }
        _ => title,
    }
}
