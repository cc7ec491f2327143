//! One flow against everything it names.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::expr::Type;
use zhupi_domain::{Diagnostic, Name, Span, Text};
use zhupi_forms::{Form, Right};

use super::expressions::{Here, english};
use super::people::{self, Place};
use super::scope::{Known, scope_type};
use super::{Offer, accounts, machine, steps};
use crate::company::Company;
use crate::read::due::DueSource;
use crate::read::flow::{BlockSource, ChooseSource, EachSource, FlowSource, SubjectSource};
use crate::read::step::{HumanSource, KindSource, StepSource};
use crate::read::{Log, Placed};

/// Checks a flow.
pub fn flow(flow: &FlowSource, offer: &Offer, log: &Log<'_>) {
    let form = flow.form.as_ref().and_then(|form| offer.form(&form.value, form.span, log));
    head(flow, form, offer, log);
    names(flow, log);
    reachable(&flow.blocks, log);
    recorded_last(flow, log);
    let (Some(company), Some(form)) = (&offer.company, form) else {
        // Without the form nothing can be said about expressions; what steps name is still looked at.
        steps_of(&flow.blocks).into_iter().for_each(|step| steps::names(step, flow, form, offer, log));
        return;
    };
    let results = steps_of(&flow.blocks).into_iter().filter_map(|step| into(step)).map(|into| into.value.to_string());
    let walk = Walk { flow, form, company, offer, log, form_type: form.record_type(), results: results.collect() };
    super::start::starts(flow, form, offer, log);
    if let Some(check) = &flow.check {
        machine::check(check, &walk.here(&Known::default()), &walk, &[&walk.form_type]);
    }
    walk.sequence(&flow.blocks, Known::default());
}

fn head(flow: &FlowSource, form: Option<&Form>, offer: &Offer, log: &Log<'_>) {
    people::selectors(&flow.start_by, Place::Start, form, offer, log);
    people::selectors(&flow.visible, Place::Readers, form, offer, log);
    if let Some(Placed { value: SubjectSource::Field(field), span }) = &flow.subject {
        people::person_field(field, *span, form, log);
    }
    let Some(form) = form else { return };
    steps::rights(form, Right::Editable, &flow.start_fields, log);
    for highlight in flow.highlights.iter().filter(|field| form.field(field.value.as_str()).is_none()) {
        people::unknown_field(highlight.value.as_str(), highlight.span, form, log);
    }
}

/// Step names are unique in the whole flow, and results fit their name.
fn names(flow: &FlowSource, log: &Log<'_>) {
    let mut seen: BTreeMap<&Name, Span> = BTreeMap::new();
    for step in steps_of(&flow.blocks) {
        match seen.get(&step.name.value) {
            None => {
                seen.insert(&step.name.value, step.name.span);
            }
            Some(first) => {
                let line = first.line_column(log.source).0;
                let name = &step.name.value;
                let message = Text::new(format!("步骤名称 `{name}` 重复"), format!("two steps are called `{name}`"));
                log.push(
                    Diagnostic::error("flow.step-twice", step.name.span, message)
                        .hint(Text::new(format!("第一个在第 {line} 行",), format!("the first is on line {line}")))
                        .hint(Text::new("用 step: 起一个不同的名称", "give it another name with `step:`")),
                );
            }
        }
        if let Some(into) = into(step).filter(|into| super::scope::TAKEN.contains(&into.value.as_str())) {
            log.error(
                "flow.taken-name",
                into.span,
                format!("`{}` 在表达式里已有含义，换一个结果名称", into.value),
                format!("`{}` already means something in expressions; choose another name", into.value),
            );
        }
    }
}

/// People act before something is recorded: a fact outlives a later rejection, and nothing takes it back yet.
fn recorded_last(flow: &FlowSource, log: &Log<'_>) {
    if let Some((record, step)) = acts_after_record(&flow.blocks, &mut None) {
        let name = &step.name.value;
        let message = Text::new(
            format!("`{}` 已登记业务记录，之后的人工步骤 `{name}` 可能驳回或退回，尚不支持", record.name.value),
            format!(
                "`{}` records a fact, and `{name}` after it may reject or return: not yet supported",
                record.name.value
            ),
        );
        log.push(
            Diagnostic::error("flow.record-not-last", step.name.span, message)
                .hint(Text::new("把登记放到所有人工步骤之后", "record after all steps at which people act")),
        );
    }
}

/// The first step at which people act after a record, with that record. `recorded` is the last record on every way here.
fn acts_after_record<'a>(
    blocks: &'a [BlockSource],
    recorded: &mut Option<&'a StepSource>,
) -> Option<(&'a StepSource, &'a StepSource)> {
    blocks.iter().find_map(|block| match block {
        BlockSource::Step(step) => match step.kind {
            Some(KindSource::Record(_)) => {
                *recorded = Some(step);
                None
            }
            Some(KindSource::Human(_)) => Some(((*recorded)?, step.as_ref())),
            _ => None,
        },
        // Only one of the branches is taken.
        BlockSource::Choose(choose) => {
            let before = *recorded;
            choose.branches.iter().find_map(|branch| {
                let mut on_branch = before;
                let found = acts_after_record(&branch.steps, &mut on_branch);
                *recorded = recorded.or(on_branch);
                found
            })
        }
        // While one branch or lane has recorded, people may still act in another.
        BlockSource::Parallel(parallel) => {
            let mut within = || parallel.branches.iter().find_map(|branch| acts_after_record(&branch.steps, recorded));
            within().or_else(within)
        }
        BlockSource::Each(each) => {
            acts_after_record(&each.steps, recorded).or_else(|| acts_after_record(&each.steps, recorded))
        }
        BlockSource::Later(_) => None,
    })
}

/// Every step, also those inside choices, in the order they are written.
pub fn steps_of(blocks: &[BlockSource]) -> Vec<&StepSource> {
    blocks
        .iter()
        .flat_map(|block| match block {
            BlockSource::Step(step) => vec![step.as_ref()],
            BlockSource::Choose(choose) => choose.branches.iter().flat_map(|branch| steps_of(&branch.steps)).collect(),
            BlockSource::Parallel(parallel) => {
                parallel.branches.iter().flat_map(|branch| steps_of(&branch.steps)).collect()
            }
            BlockSource::Each(each) => steps_of(&each.steps),
            BlockSource::Later(_) => Vec::new(),
        })
        .collect()
}

/// Whether a name is given inside a block that is not read yet.
pub fn is_later(blocks: &[BlockSource], name: &str) -> bool {
    blocks.iter().any(|block| match block {
        BlockSource::Step(_) => false,
        BlockSource::Choose(choose) => choose.branches.iter().any(|branch| is_later(&branch.steps, name)),
        BlockSource::Parallel(parallel) => parallel.branches.iter().any(|branch| is_later(&branch.steps, name)),
        BlockSource::Each(each) => is_later(&each.steps, name),
        BlockSource::Later(later) => later.names.iter().any(|known| known.as_str() == name),
    })
}

/// The name of a step's result.
fn into(step: &StepSource) -> Option<&Placed<Name>> {
    match step.kind.as_ref()? {
        KindSource::Human(human) => human.into.as_ref(),
        KindSource::Policy(policy) => policy.into.as_ref(),
        KindSource::Record(_) | KindSource::Archive { .. } | KindSource::Move(_) => None,
    }
}

/// Reports what stands after an archive; true where a sequence always ends with one.
fn reachable(blocks: &[BlockSource], log: &Log<'_>) -> bool {
    let mut ended = false;
    for block in blocks {
        if ended {
            let span = match block {
                BlockSource::Step(step) => step.span,
                BlockSource::Choose(choose) => choose.span,
                BlockSource::Parallel(parallel) => parallel.span,
                BlockSource::Each(each) => each.span,
                BlockSource::Later(later) => later.span,
            };
            log.push(
                Diagnostic::error(
                    "flow.after-archive",
                    span,
                    Text::new(
                        "存档以后流程就结束了，这一步不会执行",
                        "the flow ends with the archive; this is never reached",
                    ),
                )
                .hint(Text::new("把它移到存档前面", "move it before the archive")),
            );
            return true;
        }
        ended = match block {
            BlockSource::Step(step) => matches!(step.kind, Some(KindSource::Archive { .. })),
            BlockSource::Choose(choose) => {
                let ends: Vec<bool> = choose.branches.iter().map(|branch| reachable(&branch.steps, log)).collect();
                !ends.is_empty() && ends.iter().all(|ends| *ends)
            }
            BlockSource::Parallel(parallel) => {
                parallel.branches.iter().for_each(|branch| no_archive(&branch.steps, log));
                false
            }
            BlockSource::Each(each) => {
                no_archive(&each.steps, log);
                false
            }
            BlockSource::Later(_) => false,
        };
    }
    ended
}

/// An archive ends the whole request, so it cannot stand where others still go on.
fn no_archive(blocks: &[BlockSource], log: &Log<'_>) {
    let archives = |step: &&StepSource| matches!(step.kind, Some(KindSource::Archive { .. }));
    for step in steps_of(blocks).into_iter().filter(archives) {
        log.push(
            Diagnostic::error(
                "flow.archive-inside",
                step.span,
                Text::new(
                    "存档会结束整个申请，不能放在并行或逐项办理里面",
                    "an archive ends the whole request; it cannot stand inside `parallel` or `each`",
                ),
            )
            .hint(Text::new("把它放到后面", "put it behind the block")),
        );
    }
    // What is nested further is looked at with it.
}

/// What stays the same on the way through a flow.
pub struct Walk<'a> {
    pub flow: &'a FlowSource,
    pub form: &'a Form,
    pub company: &'a Company,
    pub offer: &'a Offer,
    pub log: &'a Log<'a>,
    form_type: Type,
    results: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    fn sequence(&self, blocks: &[BlockSource], mut known: Known) -> Known {
        for block in blocks {
            known = match block {
                BlockSource::Step(step) => self.step(step, known),
                BlockSource::Choose(choose) => self.choose(choose, known),
                BlockSource::Parallel(parallel) => {
                    let branches = parallel.branches.iter();
                    Known::after_all(branches.map(|branch| self.sequence(&branch.steps, known.clone())).collect())
                }
                BlockSource::Each(each) => self.each(each, known),
                BlockSource::Later(later) => {
                    later.names.iter().for_each(|name| known.add_untyped(name));
                    known
                }
            };
        }
        known
    }

    fn choose(&self, choose: &ChooseSource, known: Known) -> Known {
        // Who comes to a branch knows that none before it was taken, and that its own condition holds.
        let mut here = known;
        let mut branches = Vec::new();
        for branch in &choose.branches {
            let mut inside = here.clone();
            if let Some(when) = &branch.when {
                self.here(&here).expect(&Type::Bool, when);
                inside = inside.with_certain(&when.expr.certain(true));
                here = here.with_certain(&when.expr.certain(false));
            }
            branches.push(self.sequence(&branch.steps, inside));
        }
        Known::after(branches)
    }

    fn each(&self, each: &EachSource, known: Known) -> Known {
        let found = each.of.as_ref().and_then(|of| Some((of, self.here(&known).infer(of)?)));
        let item = match found {
            Some((_, Type::List(item))) => Some(*item),
            Some((of, other)) => {
                let other = other.describe();
                self.log.error(
                    "flow.expression-type",
                    of.text_span(),
                    format!("这里需要列表，得到的是{}", other.zh),
                    format!("a list is needed here, not {}", english(&other)),
                );
                None
            }
            None => None,
        };
        let inside = known.clone().with_item(item);
        if let Some(label) = each.label.as_ref().filter(|_| inside.item.is_some()) {
            self.here(&inside).expect(&Type::Text, label);
        }
        Known::behind_lanes(&known, self.sequence(&each.steps, inside))
    }

    /// What a policy must accept, and when work is due.
    fn human(&self, human: &HumanSource, known: &Known) {
        if let Some(DueSource::Before { of, .. } | DueSource::At(of)) = &human.due
            && let Some(found) = self.here(known).infer(of)
            && !matches!(found, Type::Instant | Type::Date)
        {
            let found = found.describe();
            self.log.error(
                "flow.expression-type",
                of.text_span(),
                format!("这里需要日期或时间，得到的是{}", found.zh),
                format!("a date or a moment is needed here, not {}", english(&found)),
            );
        }
        if let Some(check) = &human.check {
            let own = steps::own_form(human).and_then(|form| self.offer.forms.get(&form.value)?.as_ref());
            let sheet = own.map(Form::record_type);
            let mut seen = known.clone();
            if let (Some(sheet), Ok(name)) = (&sheet, Name::new("sheet")) {
                // The word is reserved, so nothing else is called that.
                let _ = seen.add(&name, sheet.clone(), false);
            }
            let into = human.into.as_ref().and_then(|into| Some((into, steps::result(human, self)?)));
            if let Some((into, (ty, _))) = into {
                let _ = seen.add(&into.value, ty, false);
            }
            let records: Vec<&Type> = sheet.iter().chain([&self.form_type]).collect();
            machine::check(check, &self.here(&seen), self, &records);
        }
    }

    fn step(&self, step: &StepSource, mut known: Known) -> Known {
        steps::names(step, self.flow, Some(self.form), self.offer, self.log);
        let result = match &step.kind {
            Some(KindSource::Human(human)) => {
                self.human(human, &known);
                steps::result(human, self)
            }
            Some(KindSource::Move(moved)) => {
                accounts::moves(moved, &self.here(&known), self.company);
                None
            }
            Some(KindSource::Policy(policy)) => machine::policy(policy, &self.here(&known), self),
            Some(KindSource::Record(record)) => {
                machine::record(record, &self.here(&known), self);
                None
            }
            Some(KindSource::Archive { .. }) | None => None,
        };
        let Some(into) = into(step) else { return known };
        let Some((ty, maybe)) = result else {
            known.add_untyped(&into.value);
            return known;
        };
        if known.add(&into.value, ty, maybe).is_err() {
            self.log.error(
                "flow.result-type",
                into.span,
                format!("结果 `{}` 前面已经是另一种内容", into.value),
                format!("the result `{}` already holds something of another kind", into.value),
            );
        }
        known
    }

    fn here<'k>(&'k self, known: &'k Known) -> Here<'k> {
        let scope = scope_type(self.company, &self.form_type, self.flow.period, known);
        Here { scope, known, results: &self.results, log: self.log }
    }
}
