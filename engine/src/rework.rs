//! Going straight back 直达, and when that would be wrong.
//!
//! Whoever reworks a request may change its form. What was decided between them and the sender stays decided only while it
//! would be decided alike: where a condition, a policy, an amount that is held or the choice of people read a field that was
//! changed, the request goes step by step instead.

use std::collections::BTreeSet;

use zhupi_domain::expr::Expr;

use crate::decide::Draft;
use crate::{
    Assign, Block, Due, EventKind, Flow, Human, Machine, OnEmpty, OnSelf, OverdueAction, PersonRef, Place, Resume,
    Selector, StepKind, Subject, Undone, VisitEnd, VisitId,
};

impl Draft<'_> {
    /// The fields changed by which it must not go straight back; empty where it may.
    pub fn stale(&self, place: &Place, back: &Resume) -> Vec<String> {
        let mut read = BTreeSet::new();
        Reads { flow: self.flow, from: place, to: &back.place, read: &mut read }.all();
        if let Subject::Field(field) = &self.flow.subject {
            read.insert(field.to_string());
        }
        back.changed.intersection(&read).cloned().collect()
    }

    /// Undoes what was passed behind a place, so that it is gone through again.
    pub fn walk_again(&mut self, place: &Place, fields: Vec<String>) {
        let flow = self.flow;
        let behind = |other: &Place| flow.is_after(other, place);
        let passed = self.state.passed.iter().map(|passed| &passed.place);
        let undone: Vec<Place> = passed.filter(|passed| behind(passed)).cloned().collect();
        let open: Vec<VisitId> =
            self.state.visits.iter().filter(|(_, visit)| behind(&visit.place)).map(|(id, _)| *id).collect();
        self.emit(EventKind::WalkedAgain { from: place.clone(), fields, undone });
        for visit in open {
            self.cancel_tasks(visit, &Undone::FormChanged);
            self.close_visit(visit, VisitEnd::Returned);
        }
    }
}

/// Collects the fields of the form that are read between two places.
struct Reads<'a> {
    flow: &'a Flow,
    from: &'a Place,
    to: &'a Place,
    read: &'a mut BTreeSet<String>,
}

impl Reads<'_> {
    fn all(mut self) {
        let mut within = *self.from == Place::Start;
        self.blocks(&self.flow.steps, &mut within);
    }

    /// Goes through blocks in the order in which they are written; whether the end was reached.
    fn blocks(&mut self, blocks: &[Block], within: &mut bool) -> bool {
        blocks.iter().any(|block| self.block(block, within))
    }

    fn block(&mut self, block: &Block, within: &mut bool) -> bool {
        match block {
            Block::Step(step) => {
                let is = |place: &Place| matches!(place, Place::Step(spot) if spot.what == step.name);
                if is(self.to) {
                    return true;
                }
                if *within {
                    self.kind(&step.kind);
                }
                *within |= is(self.from);
                false
            }
            Block::Choose(choose) => {
                if *within {
                    choose.branches.iter().filter_map(|branch| branch.when.as_ref()).for_each(|when| self.expr(when));
                }
                choose.branches.iter().any(|branch| self.blocks(&branch.steps, within))
            }
            Block::Parallel(parallel) => parallel.branches.iter().any(|branch| self.blocks(&branch.steps, within)),
            Block::Each(each) => {
                if *within {
                    self.expr(&each.of);
                }
                self.blocks(&each.steps, within)
            }
        }
    }

    fn kind(&mut self, kind: &StepKind) {
        match kind {
            StepKind::Human(human) => self.human(human),
            StepKind::Machine(Machine::Policy { with, .. }) => with.values().for_each(|expr| self.expr(expr)),
            StepKind::Machine(Machine::Record { set, .. }) => set.values().for_each(|expr| self.expr(expr)),
            StepKind::Machine(Machine::Archive { .. }) => {}
            StepKind::Move(moved) => {
                self.expr(&moved.of);
                moved.amount.iter().for_each(|amount| self.expr(amount));
            }
        }
    }

    fn human(&mut self, human: &Human) {
        let Assign { by, on_self, on_empty, .. } = &human.assign;
        self.selectors(by);
        if let OnSelf::Instead(instead) = on_self {
            self.selectors(instead);
        }
        if let OnEmpty::Instead(instead) = on_empty {
            self.selectors(instead);
        }
        if let Some(Due::Before { of, .. } | Due::At(of)) = &human.due {
            self.expr(of);
        }
        for overdue in &human.overdue {
            if let OverdueAction::Escalate { to } = &overdue.action {
                self.selectors(to);
            }
        }
        human.check.iter().flat_map(|check| check.with.values()).for_each(|expr| self.expr(expr));
    }

    fn selectors(&mut self, selectors: &[Selector]) {
        for selector in selectors {
            let of = match selector {
                Selector::Role { within: Some(of), .. } | Selector::HeadOf(of) | Selector::Is(of) => of,
                Selector::ManagerOf { of, .. } => of,
                _ => continue,
            };
            if let PersonRef::Field(field) = of {
                self.read.insert(field.to_string());
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        let paths = expr.paths();
        let fields = paths.iter().filter_map(|path| path.strip_prefix("form."));
        self.read.extend(fields.filter_map(|rest| rest.split('.').next()).map(str::to_owned));
    }
}
