//! Where a policy's inputs came from.

use zhupi_domain::expr::Expr;
use zhupi_domain::{Locale, Name, Text};
use zhupi_engine::Place;
use zhupi_policies::{Binding, Contract, Source};

use super::{Names, say};

/// Where the value of an input came from; `handed` is what the flow's step hands over under its name.
pub fn origin(names: &Names<'_>, contract: &Contract, input: &str, source: &Source, handed: Option<&Expr>) -> Text {
    let from =
        contract.inputs.iter().find(|known| known.name().as_str() == input).and_then(|known| known.from.as_ref());
    match (source, handed, from) {
        (Source::Absent, ..) => Text::new("未提供", "not given"),
        (Source::Default, _, Some(from)) => {
            let from = bound(names, from);
            say!("{zh}没有记载，取默认值", "default: nothing in {en}", zh = from.zh, en = from.get(Locale::En))
        }
        (Source::Default, _, None) => Text::new("默认值", "default"),
        (Source::Bound(from), ..) => Text::same(from),
        (Source::Given, Some(expr), _) => handed_over(names, expr),
        (Source::Given, None, Some(from)) => bound(names, from),
        (Source::Given, None, None) => Text::new("流程提供", "from the flow"),
    }
}

fn bound(names: &Names<'_>, from: &Binding) -> Text {
    match from {
        Binding::Fact(fact) => {
            let title = names.release.fact(&fact.fact).and_then(|form| form.title().cloned());
            let title = title.unwrap_or_else(|| Text::same(fact.fact.as_str()));
            say!("「{zh}」记录", "the records “{en}”", zh = title.zh, en = title.get(Locale::En))
        }
        Binding::Balance(balance) => {
            let title = names.account(&balance.account);
            say!("台账「{zh}」", "the account “{en}”", zh = title.zh, en = title.get(Locale::En))
        }
        Binding::Person(attribute) => {
            let known = names.release.company().attributes.get(attribute);
            let title = known.map_or_else(|| Text::same(attribute.as_str()), |known| known.title.clone());
            say!("人员资料「{zh}」", "the person's “{en}”", zh = title.zh, en = title.get(Locale::En))
        }
        Binding::Calendar(_) => Text::new("公司日历", "the company's calendar"),
        Binding::Param(param) => Text::same(format!("param:{param}")),
    }
}

/// A field of the request's form or what a step before gave; anything else is the flow's own computing.
fn handed_over(names: &Names<'_>, expr: &Expr) -> Text {
    let (root, rest) = expr.source().trim().split_once('.').unwrap_or_default();
    let field = Name::new(rest).ok().filter(|_| root == "form");
    if let Some(title) = field.map(|field| names.field(&field)) {
        return say!("申请表「{zh}」", "“{en}” of the request", zh = title.zh, en = title.get(Locale::En));
    }
    let mut steps = names.flow.walk().map(|(_, step)| step);
    match steps.find(|step| step.into_name().is_some_and(|name| name.as_str() == root)) {
        Some(step) => {
            let title = names.place(&Place::Step(step.name.clone().into()));
            say!("步骤「{zh}」", "the step “{en}”", zh = title.zh, en = title.get(Locale::En))
        }
        None => Text::new("流程提供", "from the flow"),
    }
}
