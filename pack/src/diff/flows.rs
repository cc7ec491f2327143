//! Flows and their steps.

use std::collections::BTreeMap;

use zhupi_domain::Name;
use zhupi_domain::expr::Expr;
use zhupi_domain::time::PeriodKind;
use zhupi_engine::{
    Abstain, Block, Check, Flow, Human, HumanKind, LaneOrder, Late, Machine, MoveKind, OnEmpty, OnReject, OnSelf,
    OnTwice, OverdueAction, Selector, Sheet, Step, StepKind, Subject, Target, Then, Vote,
};

use super::{Area, Outline, Traits, both, joined, word};
use crate::Release;

pub fn outline(release: &Release, outline: &mut Outline) {
    for (name, flow) in release.flows() {
        head(flow, release, outline.add(Area::Flow, name.as_str()));
        for (_, step) in flow.walk() {
            self::step(step, outline.add(Area::Step, format!("{name}/{}", step.name)));
        }
    }
}

fn head(flow: &Flow, release: &Release, traits: &mut Traits) {
    let period = flow.period.map_or("", |period| match period {
        PeriodKind::Week => "week",
        PeriodKind::Month => "month",
        PeriodKind::Quarter => "quarter",
        PeriodKind::Year => "year",
    });
    let on_twice = match flow.on_twice {
        OnTwice::Ask => "ask",
        OnTwice::Once => "once",
        OnTwice::Consecutive => "consecutive",
    };
    let subject = match &flow.subject {
        Subject::Initiator => "initiator".to_owned(),
        Subject::Field(field) => format!("form.{field}"),
    };
    let starts = release.starts().get(&flow.name);
    for (name, value) in [
        ("title", both(&flow.title)),
        ("description", flow.description.as_ref().map(both).unwrap_or_default()),
        ("start_title", both(&flow.start_title)),
        ("form", flow.form.to_string()),
        ("start", joined(&flow.start_by)),
        ("starts", starts.map(|starts| lines(&starts.rules)).unwrap_or_default()),
        ("about", starts.map(|starts| lines(&starts.about)).unwrap_or_default()),
        ("stop", starts.map(|starts| lines(&starts.stops)).unwrap_or_default()),
        ("start_fields", fields(&flow.start_fields)),
        ("subject", subject),
        ("period", period.to_owned()),
        ("number", release.number_format(flow).source().to_owned()),
        ("visible", joined(&flow.visible)),
        ("highlights", joined(&flow.highlights)),
        ("on_twice", on_twice.to_owned()),
        ("retention", years(flow.retention_years)),
        ("check", flow.check.as_ref().map(check).unwrap_or_default()),
        ("steps", route(&flow.steps)),
    ] {
        traits.insert(word(name), value);
    }
}

/// Rules, one beside the other.
fn lines<T: ToString>(rules: &[T]) -> String {
    rules.iter().map(T::to_string).collect::<Vec<_>>().join("; ")
}

/// The way through a flow: `a › [ form.amount > 50000: b | otherwise ] › c`.
fn route(blocks: &[Block]) -> String {
    let block = |block: &Block| match block {
        Block::Step(step) => step.name.to_string(),
        Block::Choose(choose) => {
            let branches = choose.branches.iter().map(|branch| {
                let when = branch.when.as_ref().map_or("otherwise", Expr::source);
                if branch.steps.is_empty() { when.to_owned() } else { format!("{when}: {}", route(&branch.steps)) }
            });
            format!("[ {} ]", branches.collect::<Vec<_>>().join(" | "))
        }
        Block::Parallel(parallel) => {
            let branches = parallel.branches.iter().map(|branch| route(&branch.steps));
            format!("[ {} ]", branches.collect::<Vec<_>>().join(" & "))
        }
        Block::Each(each) => {
            let order = if each.order == LaneOrder::OneByOne { "one by one " } else { "" };
            format!("[ {order}each {}: {} ]", each.of.source(), route(&each.steps))
        }
    };
    blocks.iter().map(block).collect::<Vec<_>>().join(" › ")
}

fn step(step: &Step, traits: &mut Traits) {
    traits.insert(word("title"), both(&step.title));
    let mut say = |name: &str, value: String| drop(traits.insert(word(name), value));
    match &step.kind {
        StepKind::Human(human) => self::human(human, &mut say),
        StepKind::Move(moved) => {
            let word = match moved.does {
                MoveKind::Reserve => "reserve",
                MoveKind::Release => "release",
                MoveKind::Post => "post",
            };
            let amount = moved.amount.as_ref().map(|amount| format!(", {}", amount.source())).unwrap_or_default();
            say(word, format!("{}, {}{amount}", moved.account, moved.of.source()));
        }
        StepKind::Machine(Machine::Policy { run, with, into }) => {
            say("policy", run.clone());
            say("with", assignments(with));
            say("into", into.to_string());
        }
        StepKind::Machine(Machine::Record { fact, set }) => {
            say("record", fact.to_string());
            say("set", assignments(set));
        }
        StepKind::Machine(Machine::Archive { copies, keep_years }) => {
            say("archive", joined(copies));
            say("keep", years(*keep_years));
        }
    }
}

fn human(human: &Human, say: &mut impl FnMut(&str, String)) {
    let (kind, form) = match &human.kind {
        HumanKind::Approve => ("approve", String::new()),
        HumanKind::Fill { form, sheet } => {
            let own = match sheet {
                Sheet::Shared => "",
                Sheet::Own { unseen: false } => " (own sheets)",
                Sheet::Own { unseen: true } => " (own sheets, unseen)",
            };
            ("fill", form.as_ref().map(|form| format!("{form}{own}")).unwrap_or_default())
        }
        HumanKind::Vote(_) => ("vote", String::new()),
    };
    if let HumanKind::Vote(vote) = &human.kind {
        self::vote(vote, say);
    }
    say("kind", kind.to_owned());
    say("form", form);
    say("into", human.into.as_ref().map(Name::to_string).unwrap_or_default());
    say("by", joined(&human.assign.by));
    say(
        "decide",
        serde_json::to_value(human.assign.decide).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
    );
    say("on_self", on_self(&human.assign.on_self));
    say("on_empty", on_empty(&human.assign.on_empty));
    say("due", human.due.as_ref().map(ToString::to_string).unwrap_or_default());
    let late = match human.late {
        Late::Mark => "",
        Late::Refuse => "refuse",
        Late::Close => "close",
    };
    say("late", late.to_owned());
    say("check", human.check.as_ref().map(check).unwrap_or_default());
    let overdue = human.overdue.iter().map(|rule| {
        let after = rule.after.map(|after| format!("after {after} ")).unwrap_or_default();
        match &rule.action {
            OverdueAction::Remind => format!("{after}remind"),
            OverdueAction::Escalate { to } => format!("{after}escalate to {}", joined(to)),
        }
    });
    say("overdue", joined(overdue));
    say("on_reject", on_reject(&human.on_reject));
    say("fields", fields(&human.fields));
}

fn vote(vote: &Vote, say: &mut impl FnMut(&str, String)) {
    say("pass", vote.pass.to_string());
    say("quorum", vote.quorum.map(|quorum| quorum.to_string()).unwrap_or_default());
    say("abstain", if vote.abstain == Abstain::Ignored { "ignored" } else { "counts" }.to_owned());
    say("minutes", if vote.minutes { "required" } else { "" }.to_owned());
    say("weights", joined(vote.weights.iter().map(|(by, weight)| format!("{by}: {weight}"))));
    let chair =
        vote.chair.as_ref().map(|chair| format!("{}{}", chair.by, if chair.casting { ", casting" } else { "" }));
    say("chair", chair.unwrap_or_default());
}

fn check(check: &Check) -> String {
    let with = assignments(&check.with);
    if with.is_empty() { check.run.clone() } else { format!("{}, {with}", check.run) }
}

fn on_self(rule: &OnSelf) -> String {
    match rule {
        OnSelf::Exclude => String::new(),
        OnSelf::Manager => "manager".to_owned(),
        OnSelf::Skip => "skip".to_owned(),
        OnSelf::Allow => "allow".to_owned(),
        OnSelf::Instead(selectors) => joined::<&Selector>(selectors),
    }
}

fn on_empty(rule: &OnEmpty) -> String {
    match rule {
        OnEmpty::Incident => "incident".to_owned(),
        OnEmpty::Skip => "skip".to_owned(),
        OnEmpty::Instead(selectors) => joined(selectors),
    }
}

fn on_reject(rule: &OnReject) -> String {
    match rule {
        OnReject::End => "end".to_owned(),
        OnReject::Continue => "continue".to_owned(),
        OnReject::Return { to, then } => {
            let to = match to {
                Target::Initiator => "initiator",
                Target::Previous => "previous",
                Target::Step(step) => step.as_str(),
            };
            format!("return {to}, {}", if *then == Then::Direct { "direct" } else { "restart" })
        }
    }
}

fn fields(fields: &BTreeMap<String, String>) -> String {
    joined(fields.iter().map(|(field, right)| format!("{field}: {right}")))
}

fn assignments(lines: &BTreeMap<Name, Expr>) -> String {
    joined(lines.iter().map(|(name, expr)| format!("{name}: {}", expr.source())))
}

fn years(years: Option<u32>) -> String {
    years.map(|years| format!("{years} years")).unwrap_or_default()
}
