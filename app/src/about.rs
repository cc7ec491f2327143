//! Requests about a record: who may start one, about which, and until when.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zhupi_domain::{CompanyId, InstanceId, Instant, Name, Text};
use zhupi_engine::{Flow, Status};
use zhupi_forms::{Kind, Rights, View};
use zhupi_pack::answers::FactQuery;
use zhupi_pack::{AboutRule, Item, Occasion, Release};
use zhupi_policies::Pick;

use crate::commit::status_code;
use crate::load::Around;
use crate::permit::Viewer;
use crate::read::{Wording, local_time};
use crate::start::{id_of, item};
use crate::view::{AboutView, FigureKind, Highlight};
use crate::{App, AppError};

/// The most records that are offered to one person.
const MAX_OFFERED: usize = 100;
/// How often a request about one record can be taken back and started again.
const MAX_TIMES: usize = 20;

/// The record that a request is to be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub fact: String,
    pub id: String,
}

/// A record that a person may start a request about, and the rule that says so.
pub(crate) struct Chosen<'a> {
    rule: &'a AboutRule,
    item: Item,
    until: Option<Instant>,
}

/// The rules of a flow under which a person may start something about a record, if there is one for them.
pub(crate) fn rules<'r>(release: &'r Release, flow: &Flow, viewer: &'r Viewer) -> impl Iterator<Item = &'r AboutRule> {
    let rules = release.starts().get(&flow.name).map(|starts| starts.about.as_slice()).unwrap_or_default();
    rules.iter().filter(|rule| rule.may(viewer.person(), None, viewer.directory()))
}

impl App {
    /// The records about which a person may start a flow now, the newest first.
    pub(crate) async fn offered(
        &self,
        viewer: &Viewer,
        around: &Around,
        now: Instant,
    ) -> Result<Vec<AboutView>, AppError> {
        let mut chosen = Vec::new();
        for rule in rules(&around.release, &around.flow, viewer) {
            for item in self.candidates(viewer, around, rule).await? {
                chosen.extend(choose(viewer, around, rule, item, now)?);
            }
        }
        // What was imported at once goes by what it is about: September before July.
        chosen.sort_by(|one, other| newness(other).cmp(&newness(one)));
        let mut offered = Vec::new();
        for chosen in chosen {
            if offered.len() == MAX_OFFERED {
                break;
            }
            if self.free_id(viewer.company(), around, &chosen).await?.is_some() {
                offered.push(shown(viewer, around, &chosen));
            }
        }
        Ok(offered)
    }

    /// One record that a person may start a flow about now; what may not be is told like what is not there.
    pub(crate) async fn chosen<'a>(
        &self,
        viewer: &Viewer,
        around: &'a Around,
        about: &About,
        now: Instant,
    ) -> Result<Chosen<'a>, AppError> {
        let gone = || {
            AppError::bad(
                "about_gone",
                "这条记录不存在、已过期限，或者您不能就它发起申请",
                "This record is not there, its time has passed, or you may not start a request about it",
            )
        };
        let kind = Name::new(about.fact.as_str()).map_err(|_| gone())?;
        let fact = self.store().fact(viewer.company(), &kind, &about.id).await?.ok_or_else(gone)?;
        let starts = around.release.starts().get(&around.flow.name);
        for rule in starts.iter().flat_map(|starts| &starts.about).filter(|rule| rule.of == kind) {
            let key = around.release.fact(&kind).map(|form| form.key()).unwrap_or_default();
            if let Some(chosen) = choose(viewer, around, rule, item(&fact, key)?, now)? {
                return Ok(chosen);
            }
        }
        Err(gone())
    }

    /// The id of the next request about a record; none while there is one that was not taken back.
    pub(crate) async fn free_id(
        &self,
        company: &CompanyId,
        around: &Around,
        chosen: &Chosen<'_>,
    ) -> Result<Option<InstanceId>, AppError> {
        let Chosen { rule, item, .. } = chosen;
        for time in 0..MAX_TIMES {
            let key = format!("about {} {} {time}", rule.of, item.id);
            let id = id_of(company, &around.flow.name, &key, item.recorded_at);
            match self.store().instance(company, &id).await? {
                None => return Ok(Some(id)),
                Some(before) if before.summary.status == status_code(&Status::Withdrawn) => {}
                Some(_) => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Records of the kind that may be for this person: the newest about each thing.
    async fn candidates(&self, viewer: &Viewer, around: &Around, rule: &AboutRule) -> Result<Vec<Item>, AppError> {
        let key = around.release.fact(&rule.of).map(|form| form.key()).unwrap_or_default();
        let query = FactQuery {
            input: rule.of.clone(),
            kind: rule.of.clone(),
            matching: rule.own_key(viewer.person(), key, viewer.directory()),
            pick: Pick::All,
        };
        let mut newest = BTreeMap::new();
        // Oldest first: a later record about the same takes the place of an earlier one.
        for fact in self.facts_found(viewer.company(), &query).await? {
            let item = item(&fact, key)?;
            newest.insert(item.about.clone(), item);
        }
        Ok(newest.into_values().collect())
    }
}

impl Chosen<'_> {
    /// What the record fills in.
    pub fn filled(&self, around: &Around, now: Instant) -> Result<Map<String, Value>, AppError> {
        let filled = self.rule.filled(&occasion(around, &self.item), &self.item);
        around.filled_in(filled.map_err(|error| AppError::Internal(format!("about {}: {error}", self.item.id)))?, now)
    }

    /// The rights of whoever starts: what the record fills in is not theirs to write.
    pub fn rights(&self, rights: Rights) -> Rights {
        rights.with_readonly(self.rule.form.keys().map(Name::as_str))
    }
}

fn newness<'a>(chosen: &'a Chosen<'_>) -> (Instant, &'a str, &'a str) {
    let Item { recorded_at, about, id, .. } = &chosen.item;
    (*recorded_at, about, id)
}

fn occasion<'a>(around: &'a Around, item: &Item) -> Occasion<'a> {
    let Around { release, flow, calendar, .. } = around;
    let today = calendar.local_date(item.recorded_at);
    Occasion { flow, release, calendar, on: today, today }
}

/// Whether a person may start something about a record now; none where not.
fn choose<'a>(
    viewer: &Viewer,
    around: &Around,
    rule: &'a AboutRule,
    item: Item,
    now: Instant,
) -> Result<Option<Chosen<'a>>, AppError> {
    if !rule.may(viewer.person(), Some(&item), viewer.directory()) {
        return Ok(None);
    }
    let holds = rule.holds(&occasion(around, &item), &item);
    if !holds.map_err(|error| AppError::Internal(format!("about {}: {error}", item.id)))? {
        return Ok(None);
    }
    // Nobody loses a right because next year's holidays are not known yet.
    let until = rule.until(&around.calendar, &item).unwrap_or(None);
    Ok(until.is_none_or(|until| now <= until).then_some(Chosen { rule, item, until }))
}

/// A record as whoever chooses it sees it: its lookup fields, as far as they are open to them.
fn shown(viewer: &Viewer, around: &Around, chosen: &Chosen<'_>) -> AboutView {
    let (release, zone) = (&around.release, around.release.company().time_zone);
    let form = release.fact(&chosen.rule.of);
    let wording = Wording::of(viewer, release);
    let title = form.and_then(|form| form.title().cloned()).unwrap_or_else(|| Text::same(chosen.rule.of.as_str()));
    let fields = form.map(|form| {
        let (rights, classes) = (Rights::readonly(), viewer.sees());
        let shown = form.redact(&Value::Object(chosen.item.body.clone()), &View { rights: &rights, classes }).data;
        let line = |name: &String| {
            let field = form.field(name)?;
            let value = shown.get(name).filter(|value| !value.is_null())?;
            let kind = if matches!(field.kind(), Kind::Money) { FigureKind::Money } else { FigureKind::Plain };
            Some(Highlight { title: field.title().clone().into(), value: wording.field(field, value), kind })
        };
        form.key().iter().filter_map(line).collect()
    });
    AboutView {
        fact: chosen.rule.of.to_string(),
        id: chosen.item.id.clone(),
        title: title.into(),
        fields: fields.unwrap_or_default(),
        recorded_at: local_time(chosen.item.recorded_at, zone),
        until: chosen.until.map(|until| local_time(until, zone)),
    }
}
