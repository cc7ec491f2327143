//! `readings:` where a rule leaves something open, contradicts itself or may be unlawful: what the pack takes.
//!
//! Nothing is computed from them. Each is a note of the check, so that nobody who decides about a release overlooks it.

use zhupi_domain::{Diagnostic, Span, Text};

use super::scalars::{expected, list, string, text};
use super::{Fields, Log};
use crate::yaml::Node;

/// What is the matter with a clause.
#[derive(Clone, Copy)]
struct Kind {
    /// The key that begins it.
    key: &'static str,
    code: &'static str,
    zh: &'static str,
    en: &'static str,
}

const KINDS: [Kind; 3] = [
    Kind { key: "gap", code: "reading.gap", zh: "规章没有写明", en: "the rule leaves open" },
    Kind { key: "contra", code: "reading.contra", zh: "规章前后矛盾", en: "the rule contradicts itself" },
    Kind { key: "legal", code: "reading.legal", zh: "可能不合法", en: "may be unlawful" },
];

/// Notes every reading that stands in these fields.
pub fn note(fields: &Fields<'_>) {
    fields.optional("readings", list(reading));
}

fn reading(node: &Node, log: &Log<'_>) -> Option<()> {
    let fields = Fields::of(node, log)?;
    let kind = KINDS.into_iter().find(|kind| fields.has(kind.key));
    let said = kind.and_then(|kind| fields.required(kind.key, text));
    let clause = fields.required("clause", string);
    let repairs = fields.required("repairs", list(text)).unwrap_or_default();
    let takes = fields.required("takes", |node, log| takes(node, repairs.len(), log));
    let span = fields.head();
    fields.finish();
    let Some(kind) = kind else {
        expected(node, log, "gap、contra 或 legal 之一", "one of `gap`, `contra`, `legal`");
        return None;
    };
    if repairs.len() < 2 {
        log.error("reading.repairs", span, "至少写两种补法", "at least two repairs are needed");
        return None;
    }
    log.push(finding(kind, span, &said?, &clause?, &repairs, takes?));
    Some(())
}

/// The number of a repair, from 1; none for `nothing`: the rule is off.
fn takes(node: &Node, repairs: usize, log: &Log<'_>) -> Option<Option<usize>> {
    let written = string(node, log)?;
    if written == "nothing" {
        return Some(None);
    }
    let number = written.parse().ok().filter(|number| (1..=repairs).contains(number));
    if number.is_none() {
        expected(node, log, &format!("1 到 {repairs}，或 nothing"), &format!("1 to {repairs}, or `nothing`"));
    }
    number.map(Some)
}

fn finding(kind: Kind, span: Span, said: &Text, clause: &str, repairs: &[Text], takes: Option<usize>) -> Diagnostic {
    let message = Text::new(
        format!("{}（{clause}）：{}", kind.zh, said.zh),
        format!("{} ({clause}): {}", kind.en, said.en.as_deref().unwrap_or(&said.zh)),
    );
    let list = |english: bool| {
        let lines = repairs.iter().zip(1usize..).map(|(repair, number)| {
            let words = if english { repair.en.as_deref().unwrap_or(&repair.zh) } else { &repair.zh };
            match (takes == Some(number), english) {
                (true, false) => format!("{number}. {words}（现取）"),
                (true, true) => format!("{number}. {words} (taken)"),
                _ => format!("{number}. {words}"),
            }
        });
        lines.collect::<Vec<_>>().join(if english { "; " } else { "；" })
    };
    let off = if takes.is_none() { ("现未启用。", "Off for now. ") } else { ("", "") };
    let hint = Text::new(format!("{}补法：{}", off.0, list(false)), format!("{}Repairs: {}", off.1, list(true)));
    Diagnostic::note(kind.code, span, message).hint(hint)
}
