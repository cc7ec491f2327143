//! What a company shows: its release in plain words, and requests of each flow to look at.

use std::collections::BTreeSet;

use zhupi_domain::{Locale, Name, Text};
use zhupi_engine::{Flow, PersonRef, Selector, StepKind};
use zhupi_pack::Release;
use zhupi_store::{InstanceFilter, MAX_PAGE};

use super::{BalancesQuery, person_view};
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
        let steps = flow.walk().filter(|(_, step)| matches!(step.kind, StepKind::Human(_)));
        Ok(ShownFlow {
            flow: flow.name.to_string(),
            title: flow.title.clone().into(),
            description: flow.description.clone().map(Into::into),
            starters: starters(viewer, release, flow).into_iter().map(Into::into).collect(),
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

/// Who may start a flow, also about a record: each once, in the order of the flow.
fn starters(viewer: &Viewer, release: &Release, flow: &Flow) -> Vec<Text> {
    let about = release.starts().get(&flow.name).map(|starts| starts.about.as_slice()).unwrap_or_default();
    let plainly = flow.start_by.iter().map(|by| (by, None));
    let about = about.iter().flat_map(|rule| rule.by.iter().map(|by| (by, Some(&rule.of))));
    let mut starters = Vec::new();
    for (by, of) in plainly.chain(about) {
        let Some(starter) = starter(viewer, release, by, of) else { continue };
        if !starters.contains(&starter) {
            starters.push(starter);
        }
    }
    starters
}

fn starter(viewer: &Viewer, release: &Release, by: &Selector, of: Option<&Name>) -> Option<Text> {
    Some(match by {
        Selector::Anyone => Text::new("任何人", "anyone"),
        Selector::Role { role, .. } => words::role_title(release, role),
        Selector::Person(person) => Text::same(person_view(viewer.directory(), person).name),
        // Whom a record names, by the titles of the record and of its field.
        Selector::Is(PersonRef::Item(Some(field))) => {
            let (kind, record) = (of?, release.fact(of?)?);
            let title = record.title().cloned().unwrap_or_else(|| Text::same(kind.as_str()));
            let named = record.field(field.as_str())?.title();
            words::say!(
                "「{zh}」里的{who}",
                "{who_en} in “{en}”",
                zh = title.zh,
                who = named.zh,
                en = title.get(Locale::En),
                who_en = named.get(Locale::En),
            )
        }
        _ => return None,
    })
}
