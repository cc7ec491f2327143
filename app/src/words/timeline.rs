//! One sentence for each thing that happened.

use serde_json::Value;
use zhupi_domain::{Locale, Name, Text};
use zhupi_engine::{Ballot, EventKind, MoveKind, Place, Then, Undone};

use super::{Names, say};
use crate::read::grouped;

/// What happened, for people to read; none for what only the machine cares about.
pub fn sentence(names: &Names<'_>, kind: &EventKind) -> Option<Text> {
    Some(match kind {
        EventKind::Submitted { open: true, .. } => {
            Text::new("按规定发起，等待填写", "Started by rule, to be filled in")
        }
        EventKind::Submitted { .. } => Text::new("提交申请", "Submitted the request"),
        EventKind::LanesOpened { lanes, .. } => {
            say!("开始逐项办理，共 {count} 项", "Begins {count} items, one by one", count = lanes.len())
        }
        EventKind::Warned { warnings, .. } => {
            let (zh, en) = (warnings.join("、"), warnings.join(", "));
            say!("检查提醒：{zh}", "The check warns: {en}", zh = zh, en = en)
        }
        EventKind::Moved { does, account, key, posted, reserved, .. } => {
            let amount = match does {
                MoveKind::Reserve => *reserved,
                MoveKind::Release => -*reserved,
                MoveKind::Post => *posted,
            };
            moved(names, *does, account, key, &grouped(&amount.to_string()))
        }
        EventKind::Voted { ballot, weight, .. } => voted(*ballot, *weight),
        EventKind::Decided { passed: true, value, .. } if value.get("yes").is_some() => {
            say!("票决通过（{tally}）", "The vote passes ({tally})", tally = tally(value))
        }
        EventKind::Decided { passed: false, value, .. } if value.get("yes").is_some() => {
            say!("票决未通过（{tally}）", "The vote fails ({tally})", tally = tally(value))
        }
        EventKind::SignaturesCleared { people, .. } => {
            let who = names.people(people);
            say!(
                "内容有改动，请{zh}重新确认",
                "It was changed; {en} must sign again",
                zh = who.zh,
                en = who.get(Locale::En)
            )
        }
        EventKind::DueMoved { .. } => {
            Text::new("日历已更新，重新计算了到期时间", "The calendar was updated and the deadline counted again")
        }
        EventKind::TaskOpened { person, escalated, .. } => {
            let who = names.person(person);
            if *escalated {
                say!("逾期升级，请{who}处理", "Escalated to {who}", who = who)
            } else {
                say!("等待{who}处理", "Asked {who}", who = who)
            }
        }
        EventKind::Approved { .. } => Text::new("同意", "Approved"),
        EventKind::Filled { .. } => Text::new("填写并提交", "Filled in"),
        EventKind::Resubmitted { .. } => Text::new("修改后重新提交", "Submitted again"),
        EventKind::Rejected { .. } => Text::new("驳回", "Rejected"),
        EventKind::Returned { to, then, rejected, .. } => returned(names, to, *then, *rejected),
        EventKind::WalkedAgain { .. } => Text::new(
            "改动影响到中间的步骤，不能直达，重新逐级办理",
            "The change concerns steps in between: it goes through them again instead of straight back",
        ),
        EventKind::Transferred { to, .. } => say!("转交给{who}", "Handed over to {who}", who = names.person(to)),
        EventKind::TaskCancelled { why: Undone::HolderLeft, .. } => {
            Text::new("处理人已离职，待办收回", "The holder has left; the task is taken back")
        }
        EventKind::TaskCancelled { why: Undone::RoleRevoked, .. } => {
            Text::new("处理人不再担任这一角色，待办收回", "The holder no longer has the role; the task is taken back")
        }
        EventKind::TaskCancelled { why: Undone::TimeUp, .. } => {
            Text::new("到期自动结束，待办收回", "The time is over; the task is taken back")
        }
        EventKind::TaskCancelled { why: Undone::NowOwn, .. } => Text::new(
            "申请改为与处理人本人有关，待办收回",
            "The request is now about its holder; the task is taken back",
        ),
        EventKind::TaskCancelled { why: Undone::OtherDuty { role }, .. } => {
            let role = names.role(role);
            say!(
                "处理人在本申请中已任「{zh}」，不能兼任，待办收回",
                "The holder has acted as “{en}” in this request and may not do both; the task is taken back",
                zh = role.zh,
                en = role.get(Locale::En)
            )
        }
        EventKind::Unqueued { person, why: Undone::OtherDuty { role }, .. } => {
            let role = names.role(role);
            say!(
                "{who}在本申请中已任「{zh}」，不能兼任，移出审批顺序",
                "{who} has acted as “{en}” in this request, may not do both and is no longer in line",
                who = names.person(person),
                zh = role.zh,
                en = role.get(Locale::En)
            )
        }
        EventKind::Unqueued { person, why: Undone::RoleRevoked, .. } => say!(
            "{who}不再担任这一角色，移出审批顺序",
            "{who} no longer has the role and is no longer in line",
            who = names.person(person),
        ),
        EventKind::Unqueued { person, .. } => {
            say!("{who}已离职，移出审批顺序", "{who} has left and is no longer in line", who = names.person(person))
        }
        EventKind::FormChanged { .. } => Text::new("修改了表单", "Changed the form"),
        EventKind::Skipped { place, .. } => {
            let place = names.place(place);
            say!("跳过「{zh}」", "Skipped “{en}”", zh = place.zh, en = place.get(Locale::En))
        }
        EventKind::MachineDone { .. } => Text::new("自动步骤完成", "Done automatically"),
        EventKind::Recounted { .. } => {
            Text::new("日历已更新，重新计算了结果", "The calendar was updated and the result worked out again")
        }
        EventKind::IncidentOpened { .. } => Text::new("出现异常，需要人工处理", "Something needs a person's attention"),
        EventKind::IncidentClosed { .. } => Text::new("异常已处理", "The incident is dealt with"),
        EventKind::Overdue { .. } => Text::new("已逾期", "Overdue"),
        EventKind::Reminded { people, .. } => {
            let who = names.people(people);
            say!("提醒{zh}", "Reminded {en}", zh = who.zh, en = who.get(Locale::En))
        }
        EventKind::Escalated { people, .. } if people.is_empty() => {
            Text::new("逾期升级，但没有找到可升级的人", "Overdue, but nobody was found to escalate to")
        }
        EventKind::Escalated { people, .. } => {
            let who = names.people(people);
            say!("逾期升级给{zh}", "Escalated to {en}", zh = who.zh, en = who.get(Locale::En))
        }
        EventKind::Migrated { to, .. } => {
            say!("改用新版本 {to}", "Goes on under release {to}", to = to.short())
        }
        EventKind::Commented { .. } => Text::new("评论", "Commented"),
        EventKind::Withdrawn { .. } => Text::new("撤回申请", "Withdrew the request"),
        EventKind::Cancelled { .. } => Text::new("作废申请", "Cancelled the request"),
        EventKind::Ended { as_archived: true } => Text::new("归档", "Archived"),
        EventKind::Ended { as_archived: false } => Text::new("流程完成", "Completed"),
        EventKind::BranchTaken { .. }
        | EventKind::Decided { .. }
        | EventKind::VisitOpened { .. }
        | EventKind::Queued { .. }
        | EventKind::VisitClosed { .. }
        | EventKind::MachineRetried { .. }
        | EventKind::TaskCancelled { .. } => return None,
    })
}

/// What a step moved on an account; the amount as its reader sees it.
pub fn moved(names: &Names<'_>, does: MoveKind, account: &Name, key: &str, amount: &str) -> Text {
    let account = names.account(account);
    let ((did, done), on) = match does {
        MoveKind::Reserve => (("占用", "Reserved"), "on"),
        MoveKind::Release => (("释放", "Released"), "on"),
        MoveKind::Post => (("记入", "Posted"), "to"),
    };
    let en = account.get(Locale::En);
    Text::new(format!("{did}「{}」{key} {amount} 元", account.zh), format!("{done} {amount} {on} “{en}” {key}"))
}

fn voted(ballot: Ballot, weight: u32) -> Text {
    let said = match ballot {
        Ballot::Yes => Text::new("投赞成票", "Voted for it"),
        Ballot::No => Text::new("投反对票", "Voted against it"),
        Ballot::Abstain => Text::new("弃权", "Abstained"),
    };
    if weight == 1 {
        return said;
    }
    say!("{zh}（{weight} 票）", "{en} ({weight} votes)", zh = said.zh, en = said.get(Locale::En), weight = weight)
}

/// For, against and abstained, by weight.
fn tally(value: &Value) -> String {
    let figure = |name: &str| value.get(name).and_then(Value::as_u64).unwrap_or_default();
    format!("{} : {} : {}", figure("yes"), figure("no"), figure("abstain"))
}

fn returned(names: &Names<'_>, to: &Place, then: Then, rejected: bool) -> Text {
    let place = names.place(to);
    let (zh, en) = match rejected {
        false => ("退回", "Sent back"),
        true => ("驳回并退回", "Rejected and sent back"),
    };
    let (way, way_en) = match then {
        Then::Direct => ("修改后直达", "straight back afterwards"),
        Then::Restart => ("修改后重新逐级审批", "step by step again afterwards"),
    };
    say!(
        "{zh}到「{there}」（{way}）",
        "{en} to “{there_en}” ({way_en})",
        zh = zh,
        en = en,
        there = place.zh,
        there_en = place.get(Locale::En),
        way = way,
        way_en = way_en,
    )
}
