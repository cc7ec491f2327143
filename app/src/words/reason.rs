//! Why somebody was asked, and why nobody was.

use zhupi_domain::{Locale, Text};
use zhupi_engine::{NotAsked, NotAskedBecause, PersonRef, Selector, Skip, Why};

use super::{Names, say};

/// Why a person was asked, as they may read it.
pub fn why(names: &Names<'_>, why: &Why) -> Text {
    match why {
        Why::By { selector } => is_meant(names, selector),
        Why::SelfAllowed { selector } => {
            let meant = is_meant(names, selector);
            say!(
                "{zh}；流程允许本人办理自己的申请",
                "{en}; the flow allows people to decide their own request",
                zh = meant.zh,
                en = meant.get(Locale::En),
            )
        }
        Why::InsteadOfSelf { of, selector } => {
            let (who, rule) = (names.person(of), selector_text(names, selector));
            say!(
                "{who}不能审批自己的申请，改由{zh}处理",
                "{who} may not decide their own request, so it goes to {en}",
                who = who,
                zh = rule.zh,
                en = rule.get(Locale::En),
            )
        }
        Why::NobodyElse { selector } => {
            let rule = selector_text(names, selector);
            say!(
                "原定审批人为空，改由{zh}处理",
                "Nobody was found by the step's rule, so it goes to {en}",
                zh = rule.zh,
                en = rule.get(Locale::En),
            )
        }
        Why::Returned { by } => say!("由{who}退回", "Sent back by {who}", who = names.person(by)),
        Why::Transferred { by, .. } => say!("由{who}转交", "Handed over by {who}", who = names.person(by)),
        Why::Escalated { selector } => {
            let rule = selector_text(names, selector);
            say!("已逾期，升级给{zh}", "Overdue, escalated to {en}", zh = rule.zh, en = rule.get(Locale::En))
        }
        Why::CameBack { .. } => {
            Text::new("退回修改后直达原处理人", "They sent it back, and it comes straight back to them")
        }
        Why::Started => Text::new("按规定发起，请填写", "Started by rule: please fill it in"),
        Why::Changed { by, .. } => say!(
            "{who}修改了内容，需要重新确认",
            "{who} changed it, so it must be signed again",
            who = names.person(by)
        ),
        Why::Left { person, .. } => {
            say!("接替已离职的{who}", "Takes over from {who}, who has left", who = names.person(person))
        }
    }
}

/// Why a step was passed without asking anybody.
pub fn skip_reason(names: &Names<'_>, skip: &Skip) -> Text {
    match skip {
        Skip::Twice { people, at } => {
            let (people, place) = (names.people(people), names.place(at));
            say!(
                "{who}已在「{zh}」同意，按流程规定不再重复审批",
                "{who_en} agreed at “{en}” already; the flow does not ask twice",
                who = people.zh,
                who_en = people.get(Locale::En),
                zh = place.zh,
                en = place.get(Locale::En),
            )
        }
        Skip::OwnRequest { person } => say!(
            "审批人{who}就是申请当事人，按流程规定跳过",
            "{who} is who the request is about; the flow skips the step then",
            who = names.person(person),
        ),
        Skip::Nobody => Text::new("没有找到审批人，按流程规定跳过", "Nobody was found; the flow skips the step then"),
    }
}

/// Why somebody whom the step's rule named is not asked.
pub fn not_asked(names: &Names<'_>, left_out: &NotAsked) -> Text {
    let who = names.person(&left_out.person);
    match &left_out.why {
        NotAskedBecause::Twice { at } => {
            let place = names.place(at);
            say!(
                "{who}已在「{zh}」同意，不再重复审批",
                "{who} agreed at “{en}” already and is not asked twice",
                who = who,
                zh = place.zh,
                en = place.get(Locale::En),
            )
        }
        NotAskedBecause::Incompatible { role } => {
            let role = names.role(role);
            say!(
                "{who}在本申请中已履行「{zh}」职责，不能兼任",
                "{who} already acted as “{en}” in this request and may not do both",
                who = who,
                zh = role.zh,
                en = role.get(Locale::En),
            )
        }
        NotAskedBecause::OwnRequest => {
            say!("{who}是申请当事人，不参与审批", "{who} does not decide their own request", who = who)
        }
    }
}

/// What makes somebody the one whom a rule names.
fn is_meant(names: &Names<'_>, selector: &Selector) -> Text {
    let who = selector_text(names, selector);
    let (zh, en) = (who.zh.as_str(), who.get(Locale::En));
    match selector {
        Selector::Person(_) => Text::new("流程指定", "Named by the flow"),
        Selector::Role { .. } => say!("担任{zh}", "Holds {en}", zh = zh, en = en),
        Selector::Is(PersonRef::Field(field)) => {
            let title = names.field(field);
            say!("表单「{zh}」一栏所填", "Named in the form under “{en}”", zh = title.zh, en = title.get(Locale::En))
        }
        Selector::Committee(_) => say!("{zh}成员", "Belongs to {en}", zh = zh, en = en),
        Selector::HeadOf(_) | Selector::ManagerOf { .. } | Selector::Is(_) | Selector::Anyone => {
            say!("是{zh}", "Is {en}", zh = zh, en = en)
        }
    }
}

fn selector_text(names: &Names<'_>, selector: &Selector) -> Text {
    match selector {
        Selector::Person(person) => Text::same(names.person(person)),
        Selector::Role { role, within: None } => {
            let role = names.role(role);
            say!("{zh}", "the role “{en}”", zh = role.zh, en = role.get(Locale::En))
        }
        Selector::Role { role, within: Some(of) } => {
            let (role, of) = (names.role(role), person_ref(names, of));
            say!(
                "{whom}所在部门的{zh}",
                "the role “{en}” in the department of {whom_en}",
                whom = of.zh,
                whom_en = of.get(Locale::En),
                zh = role.zh,
                en = role.get(Locale::En),
            )
        }
        Selector::Committee(committee) => {
            let known = names.release.company().committees.get(committee);
            let title = known.map_or_else(|| Text::same(committee.as_str()), |known| known.title.clone());
            say!("{zh}", "the committee “{en}”", zh = title.zh, en = title.get(Locale::En))
        }
        Selector::HeadOf(of) => {
            let of = person_ref(names, of);
            say!("{zh}的部门负责人", "the head of department of {en}", zh = of.zh, en = of.get(Locale::En))
        }
        Selector::ManagerOf { of, levels: 1 } => {
            let of = person_ref(names, of);
            say!("{zh}的直接上级", "the direct superior of {en}", zh = of.zh, en = of.get(Locale::En))
        }
        Selector::ManagerOf { of, levels } => {
            let of = person_ref(names, of);
            say!(
                "{zh}的第 {levels} 级上级",
                "the superior of {en}, {levels} levels up",
                zh = of.zh,
                en = of.get(Locale::En),
                levels = levels,
            )
        }
        Selector::Is(of) => person_ref(names, of),
        Selector::Anyone => Text::new("任何人", "anyone"),
    }
}

fn person_ref(names: &Names<'_>, of: &PersonRef) -> Text {
    match of {
        PersonRef::Initiator => Text::new("发起人", "the initiator"),
        PersonRef::Subject => Text::new("当事人", "the person it is about"),
        PersonRef::Item(_) => Text::new("该项的人员", "the person of the item"),
        PersonRef::Field(field) => {
            let title = names.field(field);
            say!(
                "「{zh}」（表单所填）",
                "the person under “{en}” in the form",
                zh = title.zh,
                en = title.get(Locale::En),
            )
        }
    }
}
