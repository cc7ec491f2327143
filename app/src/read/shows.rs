//! What a company shows: its release in plain words, and requests of each flow to look at.

use std::collections::BTreeSet;

use zhupi_domain::Text;
use zhupi_engine::{Flow, Selector, StepKind};
use zhupi_store::{InstanceFilter, MAX_PAGE};

use super::BalancesQuery;
use crate::permit::Viewer;
use crate::view::{CompanyShows, ShownFlow, ShownPolicy, ShownRequest};
use crate::{App, AppError, words};

/// Among how many of the newest requests of a flow examples are looked for.
const LOOKED_AT: usize = 40;
/// The most examples of one flow.
const MAX_EXAMPLES: usize = 4;

impl App {
    /// The flows, policies and accounts of the reader's company; requests and accounts as far as they may see them.
    pub async fn company_shows(&self, viewer: &Viewer) -> Result<CompanyShows, AppError> {
        let release = viewer.release()?;
        let mut flows = Vec::new();
        for flow in release.flows().values() {
            flows.push(self.shown_flow(viewer, flow).await?);
        }
        let policies = release.policies().iter().map(|(name, policy)| {
            let contract = policy.contract();
            let title = contract.title.clone().unwrap_or_else(|| Text::same(name.to_string()));
            ShownPolicy { policy: name.to_string(), title: title.into(), clause: contract.clause.clone() }
        });
        Ok(CompanyShows {
            name: release.company().name.clone().into(),
            flows,
            policies: policies.collect(),
            accounts: self.balances(viewer, BalancesQuery::default()).await?.accounts,
        })
    }

    /// The flows of which somebody may read requests, among their newest.
    pub async fn flows_read(&self, viewer: &Viewer) -> Result<BTreeSet<String>, AppError> {
        let page = self.store().instances(&viewer.scope(), &InstanceFilter::default(), None, MAX_PAGE).await?;
        Ok(page.items.into_iter().map(|item| item.flow).collect())
    }

    async fn shown_flow(&self, viewer: &Viewer, flow: &Flow) -> Result<ShownFlow, AppError> {
        let release = viewer.release()?;
        let starters = flow.start_by.iter().filter_map(|selector| match selector {
            Selector::Role { role, .. } => Some(words::role_title(release, role).into()),
            _ => None,
        });
        let steps = flow.walk().filter(|(_, step)| matches!(step.kind, StepKind::Human(_)));
        Ok(ShownFlow {
            flow: flow.name.to_string(),
            title: flow.title.clone().into(),
            description: flow.description.clone().map(Into::into),
            starters: starters.collect(),
            steps: steps.map(|(_, step)| step.title.clone().into()).collect(),
            examples: self.examples(viewer, flow).await?,
        })
    }

    /// The newest request for each way in which one can stand.
    async fn examples(&self, viewer: &Viewer, flow: &Flow) -> Result<Vec<ShownRequest>, AppError> {
        let filter = InstanceFilter { flow: Some(flow.name.to_string()), ..InstanceFilter::default() };
        let page = self.store().instances(&viewer.scope(), &filter, None, LOOKED_AT).await?;
        let mut seen = BTreeSet::new();
        let mut examples = Vec::new();
        for item in page.items.iter().filter(|item| seen.insert(item.status.clone())).take(MAX_EXAMPLES) {
            let summary = self.summary(viewer, item).await?;
            examples.push(ShownRequest {
                id: summary.id,
                number: summary.number,
                initiator: summary.initiator,
                status: summary.status,
                status_text: summary.status_text,
            });
        }
        Ok(examples)
    }
}
