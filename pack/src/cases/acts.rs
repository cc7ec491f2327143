//! What happens in a flow case, and what is expected of it.

use chrono::NaiveDateTime;
use serde_json::{Map, Value as Json};
use zhupi_domain::calendar::Span as Stretch;
use zhupi_domain::{Diagnostic, Name, PersonId, Span, Text};
use zhupi_engine::{Ballot, Spot, Then};

use super::setting::moment;
use super::source::answer;
use crate::read::scalars::{expected, named, placed_spot, string, word};
use crate::read::{Fields, Log, Placed};
use crate::yaml::Node;

/// One thing that happens.
#[derive(Debug, Clone)]
pub struct Act {
    pub by: Option<Placed<PersonId>>,
    pub what: What,
    pub comment: Option<String>,
    /// The code with which it must be refused.
    pub refused: Option<String>,
    pub expect: Option<Expect>,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum What {
    Submit {
        form: Json,
        period: Option<String>,
        /// The record that it is about: the newest of a kind with these values.
        about: Option<(Placed<Name>, Json)>,
    },
    /// A record arrives: it starts the request, or ends it.
    Arrives {
        kind: Placed<Name>,
        body: Json,
    },
    /// The clock moves, and the calendar starts the request on the way.
    Calendar(NaiveDateTime),
    Approve {
        step: Placed<Spot>,
        form: Option<Json>,
    },
    Fill {
        step: Placed<Spot>,
        data: Option<Json>,
        form: Option<Json>,
    },
    Vote {
        step: Placed<Spot>,
        ballot: Ballot,
        minutes: Option<String>,
    },
    Reject {
        step: Placed<Spot>,
    },
    Return {
        step: Placed<Spot>,
        to: Placed<String>,
        then: Then,
    },
    Transfer {
        step: Placed<Spot>,
        to: Placed<PersonId>,
    },
    Resubmit {
        form: Json,
    },
    Withdraw {
        reason: String,
    },
    Cancel {
        reason: String,
    },
    /// Only says something.
    Comment,
    /// Tries again what an incident at this step stopped.
    Retry {
        step: Placed<Spot>,
    },
    /// Somebody acts for a person from now on.
    Substitute {
        of: Placed<PersonId>,
        by: Placed<PersonId>,
    },
    /// The clock moves; timers that fall due go off on the way.
    Clock(ClockMove),
    /// Somebody leaves the company.
    Leave {
        person: Placed<PersonId>,
    },
}

impl What {
    /// Whether somebody does it; everything else happens.
    fn is_somebodys(&self) -> bool {
        let happens = matches!(
            self,
            Self::Clock(_) | Self::Leave { .. } | Self::Substitute { .. } | Self::Arrives { .. } | Self::Calendar(_)
        );
        !happens
    }

    /// The key by which a case says it.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Submit { .. } => "submit",
            Self::Approve { .. } => "approve",
            Self::Fill { .. } => "fill",
            Self::Vote { .. } => "vote",
            Self::Reject { .. } => "reject",
            Self::Return { .. } => "return",
            Self::Transfer { .. } => "transfer",
            Self::Resubmit { .. } => "resubmit",
            Self::Withdraw { .. } => "withdraw",
            Self::Cancel { .. } => "cancel",
            Self::Comment => COMMENT,
            Self::Retry { .. } => "retry",
            Self::Clock(_) => "clock",
            Self::Leave { .. } => LEAVES,
            Self::Substitute { .. } => "substitute",
            Self::Arrives { .. } => "arrives",
            Self::Calendar(_) => "calendar",
        }
    }
}

#[derive(Debug, Clone)]
pub enum ClockMove {
    By(Stretch),
    To(NaiveDateTime),
}

/// What must be so: only what is named is compared.
#[derive(Debug, Clone, Default)]
pub struct Expect(pub Map<String, Json>);

/// What a flow case can expect.
pub const EXPECTABLE: [&str; 13] = [
    "status",
    "open",
    "passed",
    "skipped",
    "reasons",
    "form",
    "results",
    "incidents",
    "facts",
    "number",
    "due",
    "copies",
    "balances",
];

/// One entry of `do:`.
pub fn act(node: &Node, log: &Log<'_>) -> Option<Act> {
    let fields = Fields::of(node, log)?;
    let by = fields.optional("as", person_id);
    let (comment, refused) = (fields.optional(COMMENT, string), fields.optional("refused", string));
    let expect = fields.optional("expect", expect);
    let what = what(&fields);
    let span = fields.head();
    if by.is_none() && what.as_ref().is_some_and(What::is_somebodys) {
        log.error("pack.missing-key", span, "缺少 `as`：由谁来做", "`as` is missing: who does it");
    }
    fields.finish();
    Some(Act { by, what: what?, comment, refused, expect, span })
}

/// What a case can say that somebody does, by the key that says it.
pub const ACTS: [&str; 16] = [
    "submit",
    "approve",
    "fill",
    "vote",
    "reject",
    "return",
    "transfer",
    "resubmit",
    "withdraw",
    "cancel",
    "retry",
    "clock",
    LEAVES,
    "substitute",
    "arrives",
    "calendar",
];
/// The act of who only says something, which goes with other acts, too.
pub const COMMENT: &str = "comment";
const LEAVES: &str = "leaves";
const BALLOTS: [(&str, Ballot); 3] = [("agree", Ballot::Yes), ("against", Ballot::No), ("abstain", Ballot::Abstain)];
const THEN: [(&str, Then); 2] = [("direct", Then::Direct), ("restart", Then::Restart)];

fn what(fields: &Fields<'_>) -> Option<What> {
    let said = ACTS.into_iter().find(|act| fields.has(act));
    let Some(said) = said else {
        if fields.has(COMMENT) {
            return Some(What::Comment);
        }
        let finding =
            Diagnostic::error("cases.no-act", fields.head(), Text::new("没有说做什么", "it does not say what is done"));
        fields.log().push(fields.log().hints(finding, "", &ACTS));
        return None;
    };
    let step = || fields.required(said, placed_spot);
    Some(match said {
        "submit" => {
            let (period, about) = (fields.optional("period", string), fields.optional("about", record));
            What::Submit { form: fields.required("submit", answer)?, period, about }
        }
        "approve" => What::Approve { step: step()?, form: fields.optional("form", answer) },
        "fill" => {
            What::Fill { step: step()?, data: fields.optional("data", answer), form: fields.optional("form", answer) }
        }
        "vote" => {
            let (step, ballot) = (step(), fields.required("ballot", word(&BALLOTS)));
            What::Vote { step: step?, ballot: ballot?, minutes: fields.optional("minutes", string) }
        }
        "reject" => What::Reject { step: step()? },
        "return" => {
            let to = fields.required("to", |node, log| string(node, log).map(|to| Placed::new(to, node.span)));
            let then = fields.optional("then", word(&THEN)).unwrap_or(Then::Restart);
            What::Return { step: step()?, to: to?, then }
        }
        "transfer" => {
            let (step, to) = (step(), fields.required("to", person_id));
            What::Transfer { step: step?, to: to? }
        }
        "resubmit" => What::Resubmit { form: fields.required("resubmit", answer)? },
        "withdraw" => What::Withdraw { reason: fields.required("withdraw", string)? },
        "cancel" => What::Cancel { reason: fields.required("cancel", string)? },
        "retry" => What::Retry { step: step()? },
        "clock" => What::Clock(fields.required("clock", clock)?),
        "substitute" => {
            let (of, by) = (fields.required("of", person_id), fields.required("substitute", person_id));
            What::Substitute { of: of?, by: by? }
        }
        "arrives" => {
            let (kind, body) = fields.required("arrives", record)?;
            What::Arrives { kind, body }
        }
        "calendar" => What::Calendar(fields.required("calendar", moment)?),
        _ => What::Leave { person: fields.required("leaves", person_id)? },
    })
}

/// `{ receivable: { invoice_no: F-1 } }`: one record of one kind.
fn record(node: &Node, log: &Log<'_>) -> Option<(Placed<Name>, Json)> {
    let entries = Fields::of(node, log)?.rest();
    match entries.as_slice() {
        [only] => {
            let name = named(&only.key, only.key_span, log)?;
            Some((Placed::new(name, only.key_span), answer(&only.node, log)?))
        }
        _ => {
            expected(node, log, "一种业务事实和它的内容", "one kind of fact with what it says");
            None
        }
    }
}

fn person_id(node: &Node, log: &Log<'_>) -> Option<Placed<PersonId>> {
    string(node, log).map(|id| Placed::new(PersonId::new(id), node.span))
}

/// `+2 workdays`, or a local date and time.
fn clock(node: &Node, log: &Log<'_>) -> Option<ClockMove> {
    let written = node.scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
    match written.strip_prefix('+').map(Stretch::parse) {
        Some(Ok(stretch)) => Some(ClockMove::By(stretch)),
        Some(Err(_)) => {
            expected(node, log, "一段时间，如 +2 workdays", "a time such as +2 workdays");
            None
        }
        None => moment(node, log).map(ClockMove::To),
    }
}

/// Reads what must be so.
pub fn expect(node: &Node, log: &Log<'_>) -> Option<Expect> {
    let fields = Fields::of(node, log)?;
    let mut wanted = Map::new();
    for key in EXPECTABLE {
        if let Some(node) = fields.node(key) {
            wanted.insert(key.to_owned(), node.to_json());
        }
    }
    fields.finish();
    Some(Expect(wanted))
}
