//! What one release changes of another, in words.
//!
//! Each release is written out as an outline: every flow, step, form, policy, param … with its traits as short texts. Two
//! outlines are then compared line by line, so that nothing in a release can change unseen.

mod company;
mod flows;
mod forms;
mod params;
mod policies;

use std::collections::BTreeMap;

use serde::Serialize;
use zhupi_domain::Text;

use crate::Release;

/// The differences of two releases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// Files whose text differs, in the order of their paths.
    pub files: Vec<FileChange>,
    /// What that means, in words.
    pub changes: Vec<Change>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileChange {
    pub path: String,
    pub change: Kind,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    pub area: Area,
    /// The flow, form, policy, param …; a step as `flow/step`.
    pub name: String,
    pub change: Kind,
    pub text: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Added,
    Removed,
    Changed,
}

/// What kind of thing a difference is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Area {
    Company,
    Role,
    Flow,
    Step,
    Form,
    Fact,
    Policy,
    Param,
}

impl Area {
    /// What people call it.
    pub fn title(self) -> Text {
        match self {
            Self::Company => Text::new("公司", "company"),
            Self::Role => Text::new("角色", "role"),
            Self::Flow => Text::new("流程", "flow"),
            Self::Step => Text::new("步骤", "step"),
            Self::Form => Text::new("表单", "form"),
            Self::Fact => Text::new("业务事实", "kind of fact"),
            Self::Policy => Text::new("政策", "policy"),
            Self::Param => Text::new("参数", "param"),
        }
    }
}

/// The traits of one thing, by what they are called.
type Traits = BTreeMap<Text, String>;

/// Everything in a release that can change.
#[derive(Debug, Default)]
struct Outline(BTreeMap<(Area, String), Traits>);

impl Outline {
    fn of(release: &Release) -> Self {
        let mut outline = Self::default();
        company::outline(release, &mut outline);
        flows::outline(release, &mut outline);
        forms::outline(release, &mut outline);
        policies::outline(release, &mut outline);
        params::outline(release, &mut outline);
        outline
    }

    /// Writes down one thing.
    fn add(&mut self, area: Area, name: impl Into<String>) -> &mut Traits {
        self.0.entry((area, name.into())).or_default()
    }
}

impl Diff {
    /// What the new release changes of the old one; of nothing, where there is no old one.
    pub fn between(old: Option<&Release>, new: &Release) -> Self {
        let nothing = BTreeMap::new();
        let (before, after) = (old.map_or(&nothing, |old| old.files()), new.files());
        let outline = old.map(Outline::of).unwrap_or_default();
        Self { files: files(before, after), changes: changes(&outline, &Outline::of(new)) }
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

fn files(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<FileChange> {
    let paths: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let change = |path: &&String| match (old.get(*path), new.get(*path)) {
        (None, _) => Some(Kind::Added),
        (_, None) => Some(Kind::Removed),
        (Some(before), Some(after)) => (before != after).then_some(Kind::Changed),
    };
    paths.into_iter().filter_map(|path| Some(FileChange { path: path.clone(), change: change(&path)? })).collect()
}

fn changes(old: &Outline, new: &Outline) -> Vec<Change> {
    let things: std::collections::BTreeSet<&(Area, String)> = old.0.keys().chain(new.0.keys()).collect();
    let mut found = Vec::new();
    for thing in things {
        let (area, name) = (thing.0, thing.1.clone());
        let whole = |change, zh: &str, en: &str| {
            let title = area.title();
            let text =
                Text::new(format!("{zh}{} {name}", title.zh), format!("{} {name} {en}", title.en.unwrap_or_default()));
            Change { area, name: name.clone(), change, text }
        };
        match (old.0.get(thing), new.0.get(thing)) {
            (None, _) => found.push(whole(Kind::Added, "新增", "is new")),
            (_, None) => found.push(whole(Kind::Removed, "删去", "is gone")),
            (Some(before), Some(after)) => found.extend(traits(area, &name, before, after)),
        }
    }
    found
}

/// What changed of one thing.
fn traits(area: Area, name: &str, old: &Traits, new: &Traits) -> Vec<Change> {
    let labels: std::collections::BTreeSet<&Text> = old.keys().chain(new.keys()).collect();
    let change = |label: &Text| {
        let (before, after) = (old.get(label), new.get(label));
        if before == after {
            return None;
        }
        let show = |value: Option<&String>| value.map_or_else(|| "—".to_owned(), |value| shortened(value));
        let (title, en) = (area.title(), label.en.as_ref().unwrap_or(&label.zh));
        let arrow = format!("{} → {}", show(before), show(after));
        let text = Text::new(
            format!("{} {name} · {}：{arrow}", title.zh, label.zh),
            format!("{} {name} · {en}: {arrow}", title.en.unwrap_or_default()),
        );
        let change = match (before, after) {
            (None, _) => Kind::Added,
            (_, None) => Kind::Removed,
            _ => Kind::Changed,
        };
        Some(Change { area, name: name.to_owned(), change, text })
    };
    labels.into_iter().filter_map(change).collect()
}

/// The most characters of a value that are shown.
const MOST: usize = 200;

fn shortened(value: &str) -> String {
    match value.char_indices().nth(MOST) {
        Some((at, _)) => format!("{} …", value.get(..at).unwrap_or(value)),
        None => value.to_owned(),
    }
}

/// A trait that is called by its word in the pack, the same in both languages.
fn word(word: &str) -> Text {
    Text::same(word)
}

/// A text as it is written down in an outline.
fn both(text: &Text) -> String {
    match &text.en {
        Some(en) if *en != text.zh => format!("{} / {en}", text.zh),
        _ => text.zh.clone(),
    }
}

/// Several values as one text.
fn joined<T: ToString>(values: impl IntoIterator<Item = T>) -> String {
    values.into_iter().map(|value| value.to_string()).collect::<Vec<_>>().join(", ")
}
