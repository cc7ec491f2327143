//! From a flow as it was written to the flow that the engine runs.

use std::collections::BTreeMap;

use zhupi_domain::{Name, Text};
use zhupi_engine as engine;
use zhupi_engine::{
    Block, Branch, Chair, Check, Choose, Due, Each, Flow, Human, HumanKind, Machine, Move, Parallel, Selector, Step,
    StepKind, Target, Vote,
};

use crate::company::Company;
use crate::read::Placed;
use crate::read::due::DueSource;
use crate::read::flow::{BlockSource, ChooseSource, FieldRight, FlowSource, SubjectSource};
use crate::read::people::{AssignSource, OnEmptySource, OnSelfSource};
use crate::read::start::{AboutSource, RuleSource, StopSource, TriggerSource};
use crate::read::step::{
    Assignment, CheckSource, Doing, HumanSource, KindSource, OnRejectSource, OverdueSource, StepSource,
};
use crate::read::vote::VoteSource;
use crate::starts::{AboutRule, StartRule, Starts, StopRule, Trigger};

/// The flow; none where a part of it could not be read. `titles` names steps that have no title of their own.
pub fn flow(source: &FlowSource, company: &Company, titles: &dyn Fn(&KindSource) -> Option<Text>) -> Option<Flow> {
    let mut lower = Lower { titles, company, choices: 0, eaches: 0 };
    let incompatible = company.incompatible.iter().map(|set| set.iter().map(|role| role.value.clone()).collect());
    Some(Flow {
        name: source.name.value.clone(),
        title: source.title.clone(),
        description: source.description.clone(),
        start_title: source.start_title.clone(),
        form: source.form.as_ref()?.value.clone(),
        start_fields: rights(&source.start_fields),
        start_by: selectors(&source.start_by),
        subject: match source.subject.as_ref().map(|subject| &subject.value) {
            None | Some(SubjectSource::Initiator) => engine::Subject::Initiator,
            Some(SubjectSource::Field(field)) => engine::Subject::Field(field.clone()),
        },
        period: source.period,
        number: source.number.as_ref().map(|format| format.source().to_owned()),
        visible: selectors(&source.visible),
        on_twice: source.on_twice,
        highlights: source.highlights.iter().map(|field| field.value.clone()).collect(),
        retention_years: source.retention_years,
        check: match &source.check {
            None => None,
            Some(source) => Some(check(source)?),
        },
        incompatible: incompatible.collect(),
        steps: lower.blocks(&source.blocks)?,
    })
}

/// What begins and ends requests of a flow; none where a part of it could not be read.
pub fn starts(source: &FlowSource) -> Option<Starts> {
    Some(Starts {
        rules: source.starts.iter().map(rules).collect::<Option<Vec<_>>>()?.concat(),
        about: source.about.iter().map(about).collect::<Option<_>>()?,
        stops: source.stops.iter().map(stop).collect::<Option<_>>()?,
    })
}

/// One rule for each day that it names.
fn rules(source: &RuleSource) -> Option<Vec<StartRule>> {
    let on = |trigger: &TriggerSource| match trigger.clone() {
        TriggerSource::Day(every, months) => Trigger::Day { every, months },
        TriggerSource::Arrival => Trigger::Arrival,
    };
    source.on.iter().map(|trigger| rule(source, on(trigger))).collect()
}

fn rule(source: &RuleSource, on: Trigger) -> Option<StartRule> {
    Some(StartRule {
        on,
        who: source.who.as_ref()?.value.clone(),
        of: source.of.as_ref().map(|fact| fact.value.clone()),
        when: source.when.as_ref().map(|when| when.expr.clone()),
        once: source.once.iter().map(|once| once.expr.clone()).collect(),
        form: assignments(&source.form),
        period: source.period,
    })
}

fn about(source: &AboutSource) -> Option<AboutRule> {
    Some(AboutRule {
        of: source.of.as_ref()?.value.clone(),
        by: selectors(&source.by),
        when: source.when.as_ref().map(|when| when.expr.clone()),
        within: source.within,
        form: assignments(&source.form),
    })
}

fn stop(source: &StopSource) -> Option<StopRule> {
    Some(StopRule {
        of: source.of.as_ref()?.value.clone(),
        when: source.when.as_ref()?.expr.clone(),
        reason: source.reason.clone()?,
    })
}

struct Lower<'a> {
    titles: &'a dyn Fn(&KindSource) -> Option<Text>,
    company: &'a Company,
    choices: u32,
    eaches: u32,
}

impl Lower<'_> {
    fn blocks(&mut self, blocks: &[BlockSource]) -> Option<Vec<Block>> {
        blocks
            .iter()
            .map(|block| match block {
                BlockSource::Step(step) => self.step(step).map(|step| Block::Step(Box::new(step))),
                BlockSource::Choose(choose) => self.choose(choose).map(Block::Choose),
                BlockSource::Parallel(parallel) => {
                    let branches = parallel.branches.iter().map(|branch| {
                        let (title, steps) = (branch.title.clone(), self.blocks(&branch.steps)?);
                        Some(Branch { title, when: None, steps })
                    });
                    Some(Block::Parallel(Parallel { branches: branches.collect::<Option<_>>()? }))
                }
                BlockSource::Each(each) => {
                    let number = self.eaches;
                    self.eaches += 1;
                    let label = each.label.as_ref().map(|label| label.expr.clone());
                    let (of, steps) = (each.of.as_ref()?.expr.clone(), self.blocks(&each.steps)?);
                    Some(Block::Each(Each { number, of, label, order: each.order, steps }))
                }
                BlockSource::Later(_) => None,
            })
            .collect()
    }

    fn choose(&mut self, choose: &ChooseSource) -> Option<Choose> {
        let number = self.choices;
        self.choices += 1;
        let branches = choose.branches.iter().map(|branch| {
            let when = branch.when.as_ref().map(|when| when.expr.clone());
            let complete = branch.otherwise || when.is_some();
            let steps = self.blocks(&branch.steps)?;
            complete.then(|| Branch { title: branch.title.clone(), when, steps })
        });
        Some(Choose { number, branches: branches.collect::<Option<_>>()? })
    }

    fn step(&mut self, step: &StepSource) -> Option<Step> {
        let kind = step.kind.as_ref()?;
        let name = step.name.value.clone();
        let title = step.title.clone().or_else(|| (self.titles)(kind)).unwrap_or_else(|| Text::same(name.as_str()));
        let kind = match kind {
            KindSource::Human(human) => StepKind::Human(self::human(human, self.company)?),
            KindSource::Move(moved) => StepKind::Move(Move {
                does: moved.does,
                account: moved.account.as_ref()?.value.clone(),
                of: moved.of.as_ref()?.expr.clone(),
                amount: moved.amount.as_ref().map(|amount| amount.expr.clone()),
            }),
            KindSource::Policy(policy) => StepKind::Machine(Machine::Policy {
                run: policy.run.as_ref()?.value.to_string(),
                with: assignments(&policy.with),
                into: policy.into.as_ref()?.value.clone(),
            }),
            KindSource::Record(record) => StepKind::Machine(Machine::Record {
                fact: record.fact.as_ref()?.value.clone(),
                set: assignments(&record.set),
            }),
            KindSource::Archive { copies, keep_years } => {
                StepKind::Machine(Machine::Archive { copies: copies.clone(), keep_years: *keep_years })
            }
        };
        Some(Step { name, title, kind })
    }
}

fn human(source: &HumanSource, company: &Company) -> Option<Human> {
    let mut assign = assign(&source.assign);
    let kind = match &source.does {
        Doing::Approve => HumanKind::Approve,
        Doing::Fill { form, sheet } => {
            HumanKind::Fill { form: form.as_ref().map(|form| form.value.clone()), sheet: *sheet }
        }
        Doing::Vote(vote) => HumanKind::Vote(Box::new(self::vote(vote, &mut assign, company))),
    };
    Some(Human {
        kind,
        assign,
        due: source.due.as_ref().map(due),
        overdue: source.overdue.iter().map(overdue).collect(),
        late: source.late,
        check: match &source.check {
            None => None,
            Some(source) => Some(check(source)?),
        },
        on_reject: match &source.on_reject {
            None | Some(OnRejectSource::End) => engine::OnReject::End,
            Some(OnRejectSource::Continue) => engine::OnReject::Continue,
            Some(OnRejectSource::Return { to, then }) => {
                engine::OnReject::Return { to: target(&to.value), then: *then }
            }
        },
        fields: rights(&source.fields),
        into: source.into.as_ref().map(|into| into.value.clone()),
    })
}

/// A vote of these people: members of committees by name, so that each has the weight that the company gives them.
fn vote(source: &VoteSource, assign: &mut engine::Assign, company: &Company) -> Vote {
    let (mut by, mut weights, mut chair) = (Vec::new(), Vec::new(), None);
    for selector in std::mem::take(&mut assign.by) {
        let committee = match &selector {
            Selector::Committee(name) => company.committees.get(name),
            _ => None,
        };
        let Some(committee) = committee else {
            by.push(selector);
            continue;
        };
        for (member, weight) in &committee.members {
            by.push(member.value.clone());
            weights.push((member.value.clone(), *weight));
        }
        let led = committee.chair.as_ref();
        chair = chair.or(led.map(|by| Chair { by: by.value.clone(), casting: committee.casting }));
    }
    assign.by = by;
    let VoteSource { pass, quorum, abstain, minutes } = source.clone();
    Vote { weights, chair, pass, quorum, abstain, minutes }
}

fn due(source: &DueSource) -> Due {
    match source {
        DueSource::Within(span) => Due::Within(*span),
        DueSource::Before { span, of } => Due::Before { span: *span, of: of.expr.clone() },
        DueSource::At(of) => Due::At(of.expr.clone()),
        DueSource::Window(window) => Due::Window(*window),
    }
}

fn check(source: &CheckSource) -> Option<Check> {
    Some(Check { run: source.run.as_ref()?.value.to_string(), with: assignments(&source.with) })
}

fn assign(source: &AssignSource) -> engine::Assign {
    engine::Assign {
        by: selectors(&source.by),
        decide: source.decide.as_ref().map(|decide| decide.value).unwrap_or_default(),
        on_self: match &source.on_self {
            OnSelfSource::Exclude => engine::OnSelf::Exclude,
            OnSelfSource::Manager => engine::OnSelf::Manager,
            OnSelfSource::Skip => engine::OnSelf::Skip,
            OnSelfSource::Allow => engine::OnSelf::Allow,
            OnSelfSource::Instead(instead) => engine::OnSelf::Instead(selectors(instead)),
        },
        on_empty: match &source.on_empty {
            OnEmptySource::Incident => engine::OnEmpty::Incident,
            OnEmptySource::Skip => engine::OnEmpty::Skip,
            OnEmptySource::Instead(instead) => engine::OnEmpty::Instead(selectors(instead)),
        },
    }
}

fn overdue(source: &OverdueSource) -> engine::Overdue {
    let action = match &source.escalate_to {
        None => engine::OverdueAction::Remind,
        Some(to) => engine::OverdueAction::Escalate { to: selectors(to) },
    };
    engine::Overdue { after: source.after, action }
}

/// A step whose name could not be one was reported; it then means the initiator.
fn target(word: &str) -> Target {
    match (word, Name::new(word)) {
        ("previous", _) => Target::Previous,
        ("initiator", _) | (_, Err(_)) => Target::Initiator,
        (_, Ok(step)) => Target::Step(step),
    }
}

fn selectors(list: &[Placed<Selector>]) -> Vec<Selector> {
    list.iter().map(|placed| placed.value.clone()).collect()
}

fn rights(lines: &[FieldRight]) -> BTreeMap<String, String> {
    lines.iter().map(|line| (line.field.value.clone(), line.right.as_str().to_owned())).collect()
}

fn assignments(lines: &[Assignment]) -> BTreeMap<Name, zhupi_domain::expr::Expr> {
    lines.iter().map(|line| (line.name.value.clone(), line.value.expr.clone())).collect()
}
