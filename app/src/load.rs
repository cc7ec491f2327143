//! One instance with everything that deciding about it needs.

use std::sync::Arc;

use serde_json::{Map, Value};
use zhupi_domain::calendar::Calendar;
use zhupi_domain::directory::Directory;
use zhupi_domain::expr::Context;
use zhupi_domain::{CompanyId, InstanceId, Instant, Name};
use zhupi_engine::{Event, Flow, Instance, Place};
use zhupi_forms::Rights;
use zhupi_pack::{Release, World, answers};
use zhupi_store::Stream;

use crate::company::Now;
use crate::permit::Denied;
use crate::words::Names;
use crate::{App, AppError, history};

/// How the state row is written. Another number in the row means: fold the events again.
pub const FORMAT: i64 = 2;

/// An instance at one version, and what surrounds it.
#[derive(Clone)]
pub struct Loaded {
    pub company: CompanyId,
    pub id: InstanceId,
    /// Number of its last event.
    pub version: i64,
    pub state: Instance,
    pub around: Around,
    pub started_at: Instant,
}

/// A flow of a release, and the people and days that hold now.
#[derive(Clone)]
pub struct Around {
    pub release: Release,
    pub flow: Arc<Flow>,
    pub directory: Arc<Directory>,
    pub calendar: Arc<Calendar>,
}

impl Loaded {
    /// What sentences about it are made with.
    pub(crate) fn names(&self) -> Names<'_> {
        self.around.names().about(&self.state)
    }
}

impl Around {
    /// What sentences about it are made with.
    pub(crate) fn names(&self) -> Names<'_> {
        Names { directory: &self.directory, release: &self.release, flow: &self.flow, state: None }
    }

    /// The form that the initiator fills.
    pub fn form(&self) -> Result<&zhupi_forms::Form, AppError> {
        let form = self.release.form(&self.flow.form);
        form.ok_or_else(|| AppError::Internal(format!("release without form {}", self.flow.form)))
    }

    /// What somebody may do with the request's form at a place.
    pub fn rights(&self, place: &Place) -> Rights {
        answers::rights(&self.release, &self.flow, place)
    }

    /// Whether a step demands something of the request's form.
    pub fn demands(&self, place: &Place) -> bool {
        let fields = self.flow.human(place).map(|human| &human.fields);
        fields.is_some_and(|fields| fields.values().any(|right| right == zhupi_forms::Right::Required.as_str()))
    }

    /// What expressions filled into the request's form, as it is kept.
    pub fn filled_in(&self, data: Map<String, Value>, now: Instant) -> Result<Map<String, Value>, AppError> {
        let context = Context { today: self.calendar.local_date(now), calendar: Some(&self.calendar) };
        Ok(self.form()?.filled_in(data, context))
    }

    pub fn world(&self, now: Instant) -> World<'_> {
        World { directory: &self.directory, calendar: &self.calendar, now }
    }
}

impl App {
    /// Reads an instance of a company, as it is now.
    pub(crate) async fn load(&self, company: &CompanyId, id: &InstanceId) -> Result<Loaded, AppError> {
        let stored = self.store().instance(company, id).await?.ok_or(AppError::Denied(Denied::NotFound))?;
        let (_, now) = self.cache().company(self.store(), company).await?;
        self.loaded(company, stored, &now).await
    }

    /// An instance as it was read, with what surrounds it.
    pub(crate) async fn loaded(
        &self,
        company: &CompanyId,
        stored: zhupi_store::Instance,
        now: &Now,
    ) -> Result<Loaded, AppError> {
        let id = &stored.summary.id;
        let state = match serde_json::from_str(&stored.state) {
            Ok(state) if stored.format == FORMAT => state,
            _ => self.fold(company, id).await?,
        };
        let release = self.cache().release(self.store(), company, stored.summary.release).await?;
        let around = self.around_at(company, release, &stored.summary.flow, now).await?;
        let (version, started_at) = (stored.summary.version, stored.summary.started_at);
        Ok(Loaded { company: company.clone(), id: id.clone(), version, state, around, started_at })
    }

    /// The state folded from the events: what the row is a cache of.
    pub(crate) async fn fold(&self, company: &CompanyId, id: &InstanceId) -> Result<Instance, AppError> {
        let mut state = None;
        self.each_event(company, id, |event| state = zhupi_engine::apply(state.take(), &event)).await?;
        state.ok_or(AppError::Denied(Denied::NotFound))
    }

    /// Tells all events of an instance, in their order.
    pub(crate) async fn each_event(
        &self,
        company: &CompanyId,
        id: &InstanceId,
        mut tell: impl FnMut(Event),
    ) -> Result<(), AppError> {
        let (stream, mut after) = (Stream::Instance(id.clone()), 0);
        loop {
            let page = self.store().timeline(company, &stream, after, zhupi_store::MAX_PAGE).await?;
            for stored in &page.items {
                tell(history::read(stored)?);
            }
            match page.next {
                Some(next) => after = next,
                None => return Ok(()),
            }
        }
    }

    /// What surrounds a flow of a release now.
    pub(crate) async fn around(&self, company: &CompanyId, release: Release, flow: &str) -> Result<Around, AppError> {
        let (_, now) = self.cache().company(self.store(), company).await?;
        self.around_at(company, release, flow, &now).await
    }

    /// What surrounds a flow of a release, with these people and days.
    async fn around_at(
        &self,
        company: &CompanyId,
        release: Release,
        flow: &str,
        now: &Now,
    ) -> Result<Around, AppError> {
        let flow = flow_of(&release, flow).ok_or(AppError::Denied(Denied::NotFound))?;
        let calendar = self.cache().calendar(self.store(), company, &release, now.days).await?;
        Ok(Around { release, flow, directory: now.directory.clone(), calendar })
    }
}

/// A flow of a release by its name as it was sent or stored.
pub(crate) fn flow_of(release: &Release, name: &str) -> Option<Arc<Flow>> {
    release.flow(&Name::new(name).ok()?).cloned()
}
