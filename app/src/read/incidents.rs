//! What waits for somebody to look at it, over all requests of the company.

use serde::Deserialize;
use zhupi_engine::{Place, Problem};

use super::{PAGE, moment};
use crate::permit::{self, Viewer};
use crate::view::{AdminIncident, PageView};
use crate::words::{self, Names};
use crate::{App, AppError};

/// What the store keeps of an incident.
#[derive(Deserialize)]
struct Body {
    place: Place,
    problem: Problem,
}

impl App {
    /// Open incidents, for those who look after them. They see that something stopped and why, not the request itself.
    pub async fn incidents(&self, viewer: &Viewer) -> Result<PageView<AdminIncident>, AppError> {
        let permit = permit::incidents(viewer)?;
        let viewer = permit.viewer();
        let page = self.store().incidents(&viewer.scope(), None, PAGE).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for incident in page.items {
            let loaded = self.load(viewer.company(), &incident.instance).await?;
            let around = &loaded.around;
            let names = Names { directory: &around.directory, release: &around.release, flow: &around.flow };
            let body: Body =
                serde_json::from_str(&incident.body).map_err(|error| AppError::Internal(error.to_string()))?;
            items.push(AdminIncident {
                instance: incident.instance.to_string(),
                incident: u32::try_from(incident.number).unwrap_or_default(),
                number: loaded.state.number.clone(),
                flow_title: around.flow.title.clone().into(),
                step_title: names.place(&body.place).into(),
                text: words::problem_text(&body.problem).into(),
                opened_at: moment(incident.opened_at),
            });
        }
        Ok(PageView { items, next: None })
    }
}
