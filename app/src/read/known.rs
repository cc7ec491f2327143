//! What lists show of an instance.

use std::sync::Arc;

use zhupi_domain::{InstanceId, Instant, PersonId, ReleaseHash, Text};
use zhupi_engine::{Flow, Instance};
use zhupi_pack::Release;

use super::sight::Followed;
use super::{moment, person_view};
use crate::commit::status_code;
use crate::permit::Viewer;
use crate::view::{InstanceSummary, Waiting};
use crate::words::{self, Names};
use crate::{App, AppError};

/// An instance with its own release.
pub(crate) struct Known {
    pub state: Instance,
    pub release: Release,
    pub flow: Arc<Flow>,
}

impl App {
    /// An instance for a list, without asking for calendars or people again.
    ///
    /// None where it cannot be read: one damaged instance does not take the whole list away, and the log says which it is.
    pub(crate) async fn known(
        &self,
        viewer: &Viewer,
        id: &InstanceId,
        release: ReleaseHash,
        flow: &str,
    ) -> Result<Option<Known>, AppError> {
        match self.read_known(viewer, id, release, flow).await {
            Ok(known) => Ok(Some(known)),
            Err(error) if error.is_passing() => Err(error),
            Err(error) => {
                tracing::error!(company = %viewer.company(), instance = %id, %error, "an instance cannot be listed");
                Ok(None)
            }
        }
    }

    async fn read_known(
        &self,
        viewer: &Viewer,
        id: &InstanceId,
        release: ReleaseHash,
        flow: &str,
    ) -> Result<Known, AppError> {
        let stored = self.store().instance(viewer.company(), id).await?;
        let state = match stored.map(|stored| (stored.format, serde_json::from_str(&stored.state))) {
            Some((crate::load::FORMAT, Ok(state))) => state,
            _ => self.fold(viewer.company(), id).await?,
        };
        let release = self.cache().release(self.store(), viewer.company(), release).await?;
        let flow = crate::load::flow_of(&release, flow)
            .ok_or_else(|| AppError::Internal(format!("release without flow {flow}")))?;
        Ok(Known { state, release, flow })
    }

    /// One line of a list, for what the store keeps of an instance.
    pub(crate) async fn summary(
        &self,
        viewer: &Viewer,
        item: &zhupi_store::InstanceSummary,
    ) -> Result<InstanceSummary, AppError> {
        let known = self.known(viewer, &item.id, item.release, &item.flow).await?;
        Ok(match known {
            Some(known) => InstanceSummary {
                highlights: self.telling_fields(viewer, &item.id, &known).await?,
                ..known.summary(viewer, item.id.as_str(), item.started_at, item.ended_at)
            },
            None => unreadable(viewer, item),
        })
    }
}

impl Known {
    pub fn names<'a>(&'a self, viewer: &'a Viewer) -> Names<'a> {
        Names { directory: viewer.directory(), release: &self.release, flow: &self.flow, state: Some(&self.state) }
    }

    pub fn followed(&self) -> Followed<'_> {
        Followed { state: &self.state, flow: &self.flow, release: &self.release }
    }

    /// One line of a list.
    pub fn summary(
        &self,
        viewer: &Viewer,
        id: &str,
        started_at: Instant,
        ended_at: Option<Instant>,
    ) -> InstanceSummary {
        let (state, names, directory) = (&self.state, self.names(viewer), viewer.directory());
        let waiting = state.visits.values().filter(|visit| !visit.tasks.is_empty()).map(|visit| Waiting {
            step_title: names.place(&visit.place).into(),
            people: visit.tasks.values().map(|task| person_view(directory, &task.person)).collect(),
        });
        InstanceSummary {
            id: id.to_owned(),
            number: state.number.clone(),
            flow: state.flow.to_string(),
            title: self.flow.title.clone().into(),
            status: status_code(&state.status).into(),
            status_text: words::status_text(&names, &state.status).into(),
            initiator: person_view(directory, &state.initiator),
            subject: (state.subject != state.initiator).then(|| person_view(directory, &state.subject)),
            period: state.period.map(|period| period.to_string()),
            started_at: moment(started_at),
            ended_at: ended_at.map(moment),
            highlights: Vec::new(),
            waiting: waiting.collect(),
            has_incident: !state.incidents.is_empty(),
        }
    }
}

/// What the store alone can say.
fn unreadable(viewer: &Viewer, item: &zhupi_store::InstanceSummary) -> InstanceSummary {
    let person = |id: &String| person_view(viewer.directory(), &PersonId::new(id.as_str()));
    InstanceSummary {
        id: item.id.to_string(),
        number: item.number.clone().unwrap_or_default(),
        flow: item.flow.clone(),
        title: Text::same(&item.title).into(),
        status: item.status.clone(),
        status_text: words::unreadable().into(),
        initiator: person(&item.initiator),
        subject: item.subject.as_ref().map(person),
        period: item.period.clone(),
        started_at: moment(item.started_at),
        ended_at: item.ended_at.map(moment),
        highlights: Vec::new(),
        waiting: Vec::new(),
        has_incident: false,
    }
}
