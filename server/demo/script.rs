//! What a demo plays: who did what, on which working day before today, at what time. Data, written beside the packs.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use zhupi_domain::{Text, json};

/// The demo of one company.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    pub company: String,
    /// Whom to log in as, and what there is to see; all can log in.
    pub logins: Vec<Login>,
    /// Chapter by chapter; it is played in the order of its moments.
    pub history: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    pub person: String,
    pub see: Text,
}

/// One thing that one person did.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub day: Day,
    #[serde(deserialize_with = "time")]
    pub at: NaiveTime,
    #[serde(rename = "as")]
    pub person: String,
    #[serde(rename = "do")]
    pub act: Act,
}

/// On which day something happens: so many working days from today, or on a day of a month or week that is so many of them
/// away. What follows the calendar, such as a plan that is due on the 20th or on Friday, is told by the month or the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Day {
    /// Before (negative) or after today; 0 is today, or the last working day before it.
    Away(i64),
    /// The last working day up to a date.
    Dated(Dated),
    /// A working day of the month.
    Counted(Counted),
    /// The last working day up to a day of the week, counted from Monday 1.
    Weekly(Weekly),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dated {
    pub month: i64,
    pub date: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    pub month: i64,
    pub workday: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weekly {
    pub week: i64,
    pub weekday: u32,
}

impl std::fmt::Display for Day {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Away(days) => write!(to, "day {days}"),
            Self::Dated(Dated { month, date }) => write!(to, "month {month}, date {date}"),
            Self::Counted(Counted { month, workday }) => write!(to, "month {month}, working day {workday}"),
            Self::Weekly(Weekly { week, weekday }) => write!(to, "week {week}, day {weekday}"),
        }
    }
}

/// What can be done. `request` is the name that the script gave a request when it was submitted. In texts `{number:NAME}` is its
/// document number, `{day:-3}` a date, `{date:-1/20}` and `{workday:-1/5}` the days of a month, `{week:-1}`, `{month:-1}` and
/// `{year:-1}` a period.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    Submit {
        request: String,
        flow: String,
        form: Map<String, Value>,
        #[serde(default)]
        period: Option<String>,
        /// A value that the record which the request is about fills in, such as the number of a plan.
        #[serde(default)]
        about: Option<String>,
    },
    /// `form` holds only the fields that change.
    Approve {
        request: String,
        #[serde(default)]
        comment: Option<String>,
        #[serde(default)]
        form: Option<Map<String, Value>>,
    },
    Fill {
        request: String,
        #[serde(default)]
        comment: Option<String>,
        #[serde(default)]
        form: Option<Map<String, Value>>,
        #[serde(default)]
        data: Option<Map<String, Value>>,
    },
    /// `ballot`: `agree`, `against` or `abstain`.
    Vote {
        request: String,
        ballot: String,
        #[serde(default)]
        comment: Option<String>,
        #[serde(default)]
        minutes: Option<String>,
    },
    Resubmit {
        request: String,
        #[serde(default)]
        comment: Option<String>,
        #[serde(default)]
        form: Option<Map<String, Value>>,
    },
    Reject {
        request: String,
        comment: String,
    },
    Return {
        request: String,
        to: String,
        then: String,
        comment: String,
    },
    Transfer {
        request: String,
        to: String,
        #[serde(default)]
        comment: Option<String>,
    },
    Comment {
        request: String,
        text: String,
    },
    Withdraw {
        request: String,
        #[serde(default)]
        reason: Option<String>,
    },
    /// Imports facts of a kind.
    Facts {
        kind: String,
        rows: Vec<Map<String, Value>>,
    },
    /// Gives a request that the calendar started a name: by its flow and whom it is about, for whoever holds a task of it. Where
    /// the calendar has not come to it yet, what follows of it is left out.
    Started {
        request: String,
        flow: String,
        subject: String,
    },
    /// Compares the pack with one in which a text of a file reads otherwise, over these rows.
    Pilot {
        policy: String,
        file: String,
        from: String,
        to: String,
        rows: Vec<Map<String, Value>>,
        #[serde(default)]
        facts: BTreeMap<String, Vec<Map<String, Value>>>,
    },
    /// Saves a draft to start a flow.
    Draft {
        flow: String,
        form: Map<String, Value>,
        #[serde(default)]
        period: Option<String>,
    },
}

impl Act {
    /// The script's name for the request that is acted on; none where one begins, or where there is none.
    pub fn request(&self) -> Option<&str> {
        match self {
            Self::Approve { request, .. }
            | Self::Fill { request, .. }
            | Self::Vote { request, .. }
            | Self::Resubmit { request, .. }
            | Self::Reject { request, .. }
            | Self::Return { request, .. }
            | Self::Transfer { request, .. }
            | Self::Comment { request, .. }
            | Self::Withdraw { request, .. } => Some(request),
            Self::Submit { .. }
            | Self::Started { .. }
            | Self::Facts { .. }
            | Self::Pilot { .. }
            | Self::Draft { .. } => None,
        }
    }
}

impl Script {
    /// Reads the demo of a company; none when nobody wrote one.
    pub fn read(path: &Path) -> anyhow::Result<Option<Self>> {
        if !path.is_file() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
        let value = json::parse(&text).with_context(|| format!("read {}", path.display()))?;
        let script = serde_path_to_error::deserialize(value).with_context(|| format!("read {}", path.display()))?;
        Ok(Some(script))
    }
}

fn time<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    NaiveTime::parse_from_str(&text, "%H:%M").map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_says_when_who_and_what() {
        let text =
            r#"{ "day": -3, "at": "09:05", "as": "li", "do": { "reject": { "request": "a", "comment": "不行" } } }"#;
        let entry: Entry = serde_json::from_str(text).unwrap();
        assert_eq!(
            (entry.day, entry.at.to_string().as_str(), entry.person.as_str()),
            (Day::Away(-3), "09:05:00", "li")
        );
        assert!(matches!(entry.act, Act::Reject { .. }));
        assert!(serde_json::from_str::<Entry>(&text.replace("reject", "sack")).is_err());
        let on = |day: &str| serde_json::from_str::<Entry>(&text.replace("-3", day)).map(|entry| entry.day).ok();
        assert_eq!(on(r#"{ "month": -1, "date": 20 }"#), Some(Day::Dated(Dated { month: -1, date: 20 })));
        assert_eq!(on(r#"{ "month": -1, "workday": 5 }"#), Some(Day::Counted(Counted { month: -1, workday: 5 })));
        assert_eq!(on(r#"{ "week": -1, "weekday": 5 }"#), Some(Day::Weekly(Weekly { week: -1, weekday: 5 })));
        assert_eq!(on(r#"{ "month": -1, "date": 20, "workday": 5 }"#), None);
    }
}
