//! The order in which conditional and computed fields can be settled.

use zhupi_domain::{Span, Text};

use super::Reader;
use crate::model::{Field, Level};
use crate::tree::Node;

impl<'a> Reader<'a> {
    /// Finds the order, or names the fields that wait for one another.
    pub(super) fn settle(&mut self, level: &mut Level, sources: &[(Span, Option<&'a Node>)]) {
        match order(level) {
            Ok(order) => level.settling = order,
            Err(circle) => self.circle(&circle, level, sources),
        }
    }

    fn circle(&mut self, circle: &[usize], level: &Level, sources: &[(Span, Option<&'a Node>)]) {
        let names: Vec<&str> = circle.iter().filter_map(|at| level.fields.get(*at)).map(Field::name).collect();
        let span = circle.first().and_then(|at| sources.get(*at)).map_or(Span::default(), |(span, _)| *span);
        let names = names.join("、");
        self.error(
            "form.circle",
            span,
            Text::new(
                format!("这些字段互相依赖，无法确定先后：{names}"),
                format!("these fields depend on one another: {}", names.replace('、', ", ")),
            ),
        );
    }
}

/// Positions of the conditional and computed fields, each after what it depends on; or those that form a circle.
fn order(level: &Level) -> Result<Vec<usize>, Vec<usize>> {
    let depends: Vec<Vec<usize>> = (0..level.fields.len()).map(|at| depends_on(level, at)).collect();
    let depends = |at: usize| depends.get(at).map_or(&[][..], Vec::as_slice);
    let mut waiting: Vec<usize> = (0..level.fields.len()).filter(|at| settles(level, *at)).collect();
    let mut order = Vec::new();
    while !waiting.is_empty() {
        let ready = |at: &usize| depends(*at).iter().all(|other| !waiting.contains(other));
        let Some(next) = waiting.iter().position(ready) else { return Err(circle(depends, &waiting)) };
        order.push(waiting.remove(next));
    }
    Ok(order)
}

/// Of the fields that wait for one another, those that are part of a circle: walking back from one never ends.
fn circle<'a>(depends: impl Fn(usize) -> &'a [usize], waiting: &[usize]) -> Vec<usize> {
    let mut walked: Vec<usize> = Vec::new();
    let mut at = waiting.first().copied();
    while let Some(here) = at {
        if let Some(begin) = walked.iter().position(|it| *it == here) {
            return walked.split_off(begin);
        }
        walked.push(here);
        at = depends(here).iter().copied().find(|other| waiting.contains(other));
    }
    walked
}

fn settles(level: &Level, at: usize) -> bool {
    level.fields.get(at).is_some_and(|field| field.shown.is_some() || field.is_computed())
}

/// The fields of the level that this one's condition and expression look at.
fn depends_on(level: &Level, at: usize) -> Vec<usize> {
    let Some(field) = level.fields.get(at) else { return Vec::new() };
    let condition = field.shown.and_then(|shown| level.conditions.get(shown.condition));
    let tested = condition.map_or(&[][..], |condition| &condition.reads);
    let computed = field.computed.iter().flat_map(|computed| computed.names.iter());
    let found_by = field.lookup.iter().flat_map(|lookup| lookup.matching.values());
    let names: Vec<&String> = tested.iter().chain(computed).chain(found_by).collect();
    let fields = level.fields.iter().enumerate();
    fields.filter(|(_, it)| names.iter().any(|name| **name == it.name)).map(|(at, _)| at).collect()
}
