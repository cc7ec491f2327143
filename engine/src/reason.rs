//! Why: of everybody who was asked or not, of every task that ended by itself, of every step passed and of everything that
//! stopped. Parts of events, so a promise to every later version of this program, too.

use serde::{Deserialize, Serialize};
use zhupi_domain::{Name, PersonId, Text};

use crate::{At, Lanes, Place, Selector, Shortfall, Spot};

/// Why somebody was asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Why {
    /// The step's own rule.
    By { selector: Selector },
    /// The step's own rule names the initiator or the subject, and the flow allows them to decide themselves.
    SelfAllowed { selector: Selector },
    /// Instead of the initiator or the subject, whom the step's rule named.
    InsteadOfSelf { of: PersonId, selector: Selector },
    /// The step's rule named nobody; its rule for that case did.
    NobodyElse { selector: Selector },
    /// It came back to its initiator.
    Returned { by: PersonId },
    /// It was started for them, and they have to fill it.
    Started,
    /// They had signed, and the sheet was changed since.
    Changed {
        by: PersonId,
        /// What named them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        selector: Option<Selector>,
    },
    Transferred {
        by: PersonId,
        /// The role for which the task is done, whoever does it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duty: Option<Name>,
    },
    /// The step is overdue.
    Escalated { selector: Selector },
    /// Somebody who held the task has left.
    Left {
        person: PersonId,
        /// What names who takes over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        selector: Option<Selector>,
    },
    /// They sent it back, and it comes straight back to them (直达).
    CameBack {
        /// What named them when they sent it back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        selector: Option<Selector>,
    },
}

impl Why {
    /// What named them; none where a person did.
    pub fn selector(&self) -> Option<&Selector> {
        match self {
            Self::By { selector }
            | Self::SelfAllowed { selector }
            | Self::InsteadOfSelf { selector, .. }
            | Self::NobodyElse { selector }
            | Self::Escalated { selector } => Some(selector),
            Self::Left { selector, .. } | Self::CameBack { selector } | Self::Changed { selector, .. } => {
                selector.as_ref()
            }
            Self::Returned { .. } | Self::Transferred { .. } | Self::Started => None,
        }
    }

    /// The name of the role for which they are asked.
    pub fn duty(&self) -> Option<&Name> {
        match (self, self.selector()) {
            (Self::Transferred { duty, .. }, _) => duty.as_ref(),
            (_, Some(Selector::Role { role, .. })) => Some(role),
            _ => None,
        }
    }

    /// The role by which they were asked. Who loses it may not act any more.
    pub fn role(&self) -> Option<&Selector> {
        self.selector().filter(|selector| matches!(selector, Selector::Role { .. }))
    }
}

/// Somebody whom a step's rule named and who is not asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotAsked {
    pub person: PersonId,
    pub why: NotAskedBecause,
}

/// Why somebody is not asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum NotAskedBecause {
    /// They agreed at an earlier step.
    Twice { at: Place },
    /// They are the initiator or the subject.
    OwnRequest,
    /// They did another duty in this request that must not be in the same hands.
    Incompatible { role: Name },
}

/// Why an open task ended without its holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Undone {
    /// Somebody else decided the step.
    DecidedBy { person: PersonId },
    /// Somebody sent the request back.
    ReturnedBy { person: PersonId },
    /// The instance ended.
    InstanceEnded,
    /// The holder has left the company.
    HolderLeft,
    /// The holder was asked for a role that they no longer hold.
    RoleRevoked,
    /// The request is now about the holder.
    NowOwn,
    /// The holder has done a duty in it that must not be in the same hands.
    OtherDuty { role: Name },
    /// The time for it was over.
    TimeUp,
    /// A change of the form sends the request through the steps again.
    FormChanged,
}

impl Undone {
    /// Why people waiting in line were passed over before events said so.
    pub(crate) fn left() -> Self {
        Self::HolderLeft
    }

    pub(crate) fn is_left(&self) -> bool {
        *self == Self::HolderLeft
    }
}

/// Why a step was passed without asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Skip {
    /// The same people agreed at an earlier step.
    Twice { people: Vec<PersonId>, at: Place },
    /// Only the initiator or the subject was named, and the flow skips the step then.
    OwnRequest { person: PersonId },
    /// Nobody was found, and the flow skips the step then.
    Nobody,
}

/// What a person must look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Problem {
    /// Nobody was found for a step.
    Nobody,
    /// Too many people were found for a step.
    TooManyPeople { found: u32 },
    /// No branch of a choice could be taken: its condition could not be evaluated.
    Condition {
        choose: u32,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lanes: Lanes,
        #[serde(flatten)]
        said: Obstacle,
    },
    /// The items of an `each` could not be found, or are too many.
    Items {
        each: At<u32>,
        #[serde(flatten)]
        said: Obstacle,
    },
    /// A step could not move a balance.
    NotMoved {
        step: Spot,
        #[serde(flatten)]
        said: Obstacle,
    },
    /// A balance does not suffice.
    Short { step: Spot, shortfall: Shortfall },
    /// A step is overdue, and nobody (or far too many) was found to escalate it to.
    NotEscalated,
    /// A policy's answer is incomplete: these params have no value.
    Incomplete { params: Vec<String> },
    /// A policy refused.
    Refused { code: String },
    /// A machine step failed.
    Failed {
        #[serde(flatten)]
        said: Obstacle,
    },
}

/// What stands in the way, in Chinese and, since somebody wrote it, in English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obstacle {
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    en: Option<String>,
    /// It holds nothing of the request: everybody may read it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    plain: bool,
}

impl Obstacle {
    /// What everybody may read, such as that a calendar has no data for a year.
    pub fn plain(told: Text) -> Self {
        Self { plain: true, ..Self::from(told) }
    }

    pub fn is_plain(&self) -> bool {
        self.plain
    }

    pub fn zh(&self) -> &str {
        &self.message
    }

    /// In Chinese where nobody wrote it in English.
    pub fn en(&self) -> &str {
        self.en.as_ref().unwrap_or(&self.message)
    }
}

impl From<Text> for Obstacle {
    fn from(told: Text) -> Self {
        Self { message: told.zh, en: told.en, plain: false }
    }
}

impl From<Obstacle> for Text {
    fn from(said: Obstacle) -> Self {
        Self { zh: said.message, en: said.en }
    }
}

impl Problem {
    /// A machine step failed, and this is told of it.
    pub fn failed(told: impl Into<Obstacle>) -> Self {
        Self::Failed { said: told.into() }
    }
}
