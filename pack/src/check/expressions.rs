//! Expressions of a flow against what they can see.

use std::collections::BTreeSet;

use zhupi_domain::expr::Type;
use zhupi_domain::{Diagnostic, Text};

use super::scope::Known;
use crate::read::Log;
use crate::read::scalars::Expression;

/// What one place of a flow offers to its expressions.
pub struct Here<'a> {
    pub scope: Type,
    pub known: &'a Known,
    /// Every result of the flow, also those that come later.
    pub results: &'a BTreeSet<String>,
    pub log: &'a Log<'a>,
}

impl Here<'_> {
    /// The type of an expression; reported where it has none.
    pub fn infer(&self, expression: &Expression) -> Option<Type> {
        let roots: BTreeSet<String> =
            expression.expr.paths().iter().map(|path| path.split('.').next().unwrap_or(path).to_owned()).collect();
        if roots.iter().any(|root| self.known.is_untyped(root)) {
            return None;
        }
        if let Some(later) = roots.iter().find(|root| self.results.contains(*root) && !self.known.has(root)) {
            self.later(later, expression);
            return None;
        }
        if roots.contains("period") && !self.offers("period") {
            self.no_period(expression);
            return None;
        }
        for root in roots.iter().filter(|root| self.known.is_maybe(root) && !is_guarded(root, expression)) {
            self.maybe_missing(root, expression);
        }
        expression.expr.check(&self.scope).map_err(|findings| expression.report(findings, self.log)).ok()
    }

    /// Reports an expression that does not yield what is wanted.
    pub fn expect(&self, wanted: &Type, expression: &Expression) {
        if let Some(found) = self.infer(expression) {
            self.fits(wanted, &found, expression);
        }
    }

    /// Reports an expression that was found to yield something else than what is wanted.
    pub fn fits(&self, wanted: &Type, found: &Type, expression: &Expression) {
        if !wanted.accepts(found) {
            if let (Type::Enum(known), Type::Enum(given)) = (wanted, found) {
                return self.outside(known, given, expression);
            }
            let (wanted, found) = (wanted.describe(), found.describe());
            self.log.error(
                "flow.expression-type",
                expression.text_span(),
                format!("这里需要{}，得到的是{}", wanted.zh, found.zh),
                format!("{} is needed here, not {}", english(&wanted), english(&found)),
            );
        }
    }

    /// A choice that may be something else than what is wanted.
    fn outside(&self, known: &[String], given: &[String], expression: &Expression) {
        let other: Vec<&str> = given.iter().filter(|value| !known.contains(value)).map(String::as_str).collect();
        let known = known.join(", ");
        self.log.error(
            "flow.expression-type",
            expression.text_span(),
            format!("可能是 {}，这里只接受 {known}", other.join("、")),
            format!("it may be {}; only {known} is taken here", other.join(", ")),
        );
    }

    fn offers(&self, name: &str) -> bool {
        matches!(&self.scope, Type::Record(members) if members.contains_key(name))
    }

    fn later(&self, name: &str, expression: &Expression) {
        self.log.push(
            Diagnostic::error(
                "flow.result-later",
                expression.text_span(),
                Text::new(
                    format!("结果 `{name}` 在这里还没有产生"),
                    format!("the result `{name}` does not exist yet here"),
                ),
            )
            .hint(Text::new("把产生它的步骤移到前面", "move the step that makes it before this one")),
        );
    }

    fn no_period(&self, expression: &Expression) {
        self.log.push(
            Diagnostic::error(
                "flow.no-period",
                expression.text_span(),
                Text::new("这个流程没有期间", "this flow has no period"),
            )
            .hint(Text::new("在流程里写 period: month", "write `period: month` in the flow")),
        );
    }

    fn maybe_missing(&self, name: &str, expression: &Expression) {
        self.log.push(
            Diagnostic::warning(
                "flow.maybe-missing",
                expression.text_span(),
                Text::new(
                    format!("有的路径上没有结果 `{name}`，那时这里得不到值"),
                    format!("on some ways there is no result `{name}`, and then there is no value here"),
                ),
            )
            .hint(Text::new(
                format!("用 has({name}) 判断，例如 if has({name}) then … else …"),
                format!("ask has({name}) first, as in `if has({name}) then … else …`"),
            )),
        );
    }
}

/// Whether an expression asks whether a result is there.
fn is_guarded(name: &str, expression: &Expression) -> bool {
    let source: String = expression.expr.source().chars().filter(|c| !c.is_whitespace()).collect();
    let asked = format!("has({name}");
    source
        .match_indices(&asked)
        .any(|(at, _)| source.get(at + asked.len()..).is_some_and(|rest| rest.starts_with([')', '.'])))
}

pub fn english(text: &Text) -> &str {
    text.en.as_deref().unwrap_or(&text.zh)
}
