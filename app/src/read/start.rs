//! What a person may start, and what starting it asks for.

use serde_json::{Map, Value};
use zhupi_domain::Instant;
use zhupi_domain::time::{Period, PeriodKind};
use zhupi_engine::Place;
use zhupi_forms::{Class, View};

use super::forms::form_view;
use crate::about::{self, About};
use crate::permit::{self, Viewer};
use crate::submit::period_of;
use crate::view::{AboutChoice, FlowView, PeriodChoice, PreviewView, StartView};
use crate::{App, AppError, drafts, words};

impl App {
    /// The flows of the current release that this person may start.
    pub fn startable(&self, viewer: &Viewer) -> Result<Vec<FlowView>, AppError> {
        let release = viewer.release()?;
        let mine = release.flows().values().filter(|flow| permit::start(viewer, flow.name.as_str()).is_ok());
        let view = |flow: &std::sync::Arc<zhupi_engine::Flow>| FlowView {
            flow: flow.name.to_string(),
            title: flow.title.clone().into(),
            description: flow.description.clone().map(Into::into),
        };
        Ok(mine.map(view).collect())
    }

    /// The form of a flow, and whom the request would go to; filled in from the record that it is about.
    pub async fn start_form(
        &self,
        viewer: &Viewer,
        flow: &str,
        about: Option<&About>,
        now: Instant,
    ) -> Result<StartView, AppError> {
        let permit = permit::start(viewer, flow)?;
        let flow = permit.act().flow.clone();
        let around = self.around(viewer.company(), viewer.release()?.clone(), flow.name.as_str()).await?;
        let form = around.form()?;
        let mut blank = form.blank().as_object().cloned().unwrap_or_default();
        let mut rights = around.rights(&Place::Start);
        if let Some(about) = about {
            let chosen = self.chosen(viewer, &around, about, now).await?;
            blank.extend(chosen.filled(&around, now)?);
            rights = chosen.rights(rights);
        }
        let offers = about::rules(&around.release, &flow, viewer).next().is_some();
        let records = if offers { self.offered(viewer, &around, now).await? } else { Vec::new() };
        let today = around.calendar.local_date(now);
        Ok(StartView {
            flow: flow.name.to_string(),
            title: flow.title.clone().into(),
            start_title: flow.start_title.clone().into(),
            form: form_view(form, &blank, &View { rights: &rights, classes: &Class::ALL.into_iter().collect() }),
            period: flow
                .period
                .map(|kind| PeriodChoice { kind: words::period_kind(kind).into(), suggested: suggested(kind, today) }),
            // What was begun about one record is nothing for another.
            draft: match about {
                None => self.find_draft(viewer, &drafts::start_key(&flow.name)).await?,
                Some(_) => None,
            },
            route: super::preview::preview(viewer, &around, blank, None, now),
            about: offers.then(|| AboutChoice { required: !permit.act().plainly, records }),
        })
    }

    /// Whom a request with this form would go to, and why, and what its fields look up; nothing is kept.
    pub async fn preview(
        &self,
        viewer: &Viewer,
        flow: &str,
        form: Map<String, Value>,
        period: Option<String>,
        now: Instant,
    ) -> Result<PreviewView, AppError> {
        let permit = permit::start(viewer, flow)?;
        let flow = permit.act().flow.clone();
        let around = self.around(viewer.company(), viewer.release()?.clone(), flow.name.as_str()).await?;
        let period = period.as_deref().and_then(|period| period_of(&flow, Some(period)).ok().flatten());
        let (form, looked_up) = self.with_lookups(viewer, &around, form, now).await?;
        Ok(PreviewView { route: super::preview::preview(viewer, &around, form, period, now), looked_up })
    }
}

/// The period of today, the one before and the one after.
fn suggested(kind: PeriodKind, today: chrono::NaiveDate) -> Vec<String> {
    let now = Period::of(kind, today);
    let before = now.start().pred_opt().map(|day| Period::of(kind, day));
    let after = now.end().succ_opt().map(|day| Period::of(kind, day));
    [Some(now), before, after].into_iter().flatten().map(|period| period.to_string()).collect()
}
