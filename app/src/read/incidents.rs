//! What waits for somebody to look at it, over all requests of the company.

use serde::Deserialize;
use zhupi_domain::{InstanceId, Text};
use zhupi_engine::{Place, Problem};
use zhupi_store::Incident;

use super::inbox::bad_cursor;
use super::sight::sees_every_class;
use super::{PAGE, moment};
use crate::permit::{self, Viewer};
use crate::view::{AdminIncident, PageView};
use crate::words::{self, Told};
use crate::{App, AppError};

/// What the store keeps of an incident.
#[derive(Deserialize)]
struct Body {
    place: Place,
    problem: Problem,
}

impl App {
    /// Open incidents, for those who look after them. They see that something stopped and why, not the request itself.
    pub async fn incidents(&self, viewer: &Viewer, after: Option<&str>) -> Result<PageView<AdminIncident>, AppError> {
        let permit = permit::incidents(viewer)?;
        let viewer = permit.viewer();
        let after = after.map(read_cursor).transpose()?;
        let page = self.store().incidents(&viewer.scope(), after.as_ref(), PAGE).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for incident in &page.items {
            items.push(self.admin_incident(viewer, incident).await?);
        }
        Ok(PageView { items, next: page.next.map(|(instance, number)| format!("{instance}~{number}")) })
    }

    /// One line of the list; also of a request that cannot be read, which is when it is needed most.
    async fn admin_incident(&self, viewer: &Viewer, incident: &Incident) -> Result<AdminIncident, AppError> {
        let nothing = Text::same("—");
        let mut view = AdminIncident {
            instance: incident.instance.to_string(),
            incident: u32::try_from(incident.number).unwrap_or_default(),
            number: String::new(),
            flow_title: nothing.clone().into(),
            step_title: nothing.into(),
            text: words::unreadable().into(),
            opened_at: moment(incident.opened_at),
        };
        match self.describe(viewer, incident, &mut view).await {
            Err(error) if error.is_passing() => return Err(error),
            Err(error) => {
                let instance = &incident.instance;
                tracing::error!(company = %viewer.company(), %instance, %error, "an incident cannot be described");
            }
            Ok(()) => {}
        }
        Ok(view)
    }

    async fn describe(&self, viewer: &Viewer, incident: &Incident, view: &mut AdminIncident) -> Result<(), AppError> {
        let body: Body = serde_json::from_str(&incident.body).map_err(|error| AppError::Internal(error.to_string()))?;
        let loaded = self.load(viewer.company(), &incident.instance).await?;
        let around = &loaded.around;
        let names = loaded.names();
        let told = Told::whole_if(sees_every_class(viewer));
        view.number = loaded.state.number.clone();
        view.flow_title = around.flow.title.clone().into();
        view.step_title = words::problem_place(&names, &body.place, &body.problem).into();
        view.text = words::problem_text(&names, &body.problem, told).into();
        Ok(())
    }
}

fn read_cursor(text: &str) -> Result<(InstanceId, i64), AppError> {
    let cursor =
        text.split_once('~').and_then(|(instance, number)| Some((InstanceId::new(instance), number.parse().ok()?)));
    cursor.ok_or_else(bad_cursor)
}
