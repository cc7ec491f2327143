//! Reading pilots: their list, one of them, one payee with the explanations of both releases.

use serde_json::Value;
use zhupi_domain::{PersonId, Text};
use zhupi_pack::Release;
use zhupi_pack::pilot::{Pair, Row, explain};
use zhupi_policies::{Binding, Contract, Evaluation, Outcome, Policy, Presence, Source};
use zhupi_store::{PayeesAfter, Pilot, PilotPayee};

use super::kept::{Payee, Summary, internal};
use super::sight;
use crate::history::person_of;
use crate::permit::{self, Denied, Viewer};
use crate::read::{self, Shown, Tree, Wording};
use crate::view::{
    ExplanationView, PageView, PilotChoices, PilotExplainedView, PilotInput, PilotPayeeView, PilotPolicy, PilotRowView,
    PilotSummaryView, PilotTotal, PilotView, ScriptView,
};
use crate::{App, AppError};

/// Payees of one page.
const PAYEES: usize = 100;
/// The most rows of one payee that are explained.
const MAX_EXPLAINED: usize = 12;

impl App {
    /// The pilots of the reader's company, the newest first.
    pub async fn pilots(&self, viewer: &Viewer, after: Option<&str>) -> Result<PageView<PilotSummaryView>, AppError> {
        let permit = permit::pilot(viewer)?;
        let page = self.store().pilots(&permit.viewer().scope(), after, read::PAGE).await?;
        let items = page.items.into_iter().map(|pilot| Ok(summary_view(viewer, pilot)?.0));
        Ok(PageView { items: items.collect::<Result<_, AppError>>()?, next: page.next })
    }

    /// One pilot, with a page of its payees: by the size of their difference, or by name where amounts are withheld.
    pub async fn pilot_view(
        &self,
        viewer: &Viewer,
        id: &str,
        named: Option<&str>,
        after: Option<&str>,
    ) -> Result<PilotView, AppError> {
        let (pilot, scope) = (self.find_pilot(viewer, id).await?, viewer.scope());
        let (summary, kept) = summary_view(viewer, pilot)?;
        let named = named.map(str::trim).filter(|named| !named.is_empty());
        let after = match summary.masked {
            false => PayeesAfter::Place(after.map_or(Ok(0), str::parse).map_err(|_| Denied::NotFound)?),
            true => PayeesAfter::Name(after.unwrap_or_default().to_owned()),
        };
        let page = self.store().pilot_payees(&scope, id, named, &after, PAYEES).await?;
        let items = page.items.into_iter().map(|payee| Ok(payee_view(viewer, payee, summary.masked)?.0));
        let payees = PageView {
            items: items.collect::<Result<_, AppError>>()?,
            next: page.next.map(|next| match next {
                PayeesAfter::Place(place) => place.to_string(),
                PayeesAfter::Name(name) => name,
            }),
        };
        Ok(PilotView { summary, as_of: kept.as_of.to_string(), payees })
    }

    /// One payee, with the explanations of both releases.
    pub async fn pilot_payee(&self, viewer: &Viewer, id: &str, payee: &str) -> Result<PilotExplainedView, AppError> {
        let pilot = self.find_pilot(viewer, id).await?;
        let company = viewer.company();
        let found = self.store().pilot_payee(company, id, payee).await?.ok_or(Denied::NotFound)?;
        let current = self.pilot_release(company, pilot.base).await?;
        let candidate = self.pilot_release(company, pilot.candidate).await?;
        let pair = Pair::new(current, candidate, &pilot.policy)
            .map_err(|_| AppError::Internal(format!("pilot {id}: a release lost its policy")))?;
        let (summary, _) = summary_view(viewer, pilot)?;
        let (view, numbers) = payee_view(viewer, found, summary.masked)?;
        let shown: Vec<i64> = numbers.iter().take(MAX_EXPLAINED).copied().collect();
        let rows = self.store().pilot_rows(company, id, &shown).await?;
        let rows: Vec<Row> =
            rows.iter().map(|row| serde_json::from_str(&row.body)).collect::<Result<_, _>>().map_err(internal)?;
        let (pair, rows, evaluations) = crate::import::off_the_way(move || {
            let evaluations = explain(&pair, &rows);
            Ok((pair, rows, evaluations))
        })
        .await?;
        let explained = rows.iter().zip(&evaluations).map(|(row, [old, new])| {
            let [current, candidate] = pair.policies();
            PilotRowView {
                row: row.number as u64,
                line: row.line as u64,
                on: row.on.to_string(),
                current: explanation(viewer, (&pair.current, current), old, summary.masked),
                candidate: explanation(viewer, (&pair.candidate, candidate), new, summary.masked),
            }
        });
        let explained = explained.collect();
        let more_rows = numbers.len().saturating_sub(shown.len()) as u64;
        let totals = summary.totals;
        Ok(PilotExplainedView { payee: view, totals, explained, more_rows })
    }

    /// What a pilot can be made of.
    pub async fn pilot_choices(&self, viewer: &Viewer) -> Result<PilotChoices, AppError> {
        let permit = permit::pilot(viewer)?;
        let releases = self.all_releases(permit.viewer()).await?.items;
        let policies = viewer.release()?.policies().values().map(|policy| policy_view(policy.contract())).collect();
        Ok(PilotChoices { releases, policies })
    }

    async fn find_pilot(&self, viewer: &Viewer, id: &str) -> Result<Pilot, AppError> {
        let permit = permit::pilot(viewer)?;
        self.store().pilot(permit.viewer().company(), id).await?.ok_or(AppError::Denied(Denied::NotFound))
    }
}

fn summary_view(viewer: &Viewer, pilot: Pilot) -> Result<(PilotSummaryView, Summary), AppError> {
    let kept: Summary = serde_json::from_str(&pilot.summary).map_err(internal)?;
    let masked = sight::is_masked(viewer, &kept);
    let total = |total: &PilotTotal| match masked {
        true => sight::masked_total(total.clone()),
        false => total.clone(),
    };
    let known = viewer.release().ok().and_then(|release| release.policy(&pilot.policy)?.contract().title.clone());
    let by = person_of(&pilot.created_by).unwrap_or_else(|| PersonId::new(pilot.created_by.as_str()));
    let view = PilotSummaryView {
        title: known.unwrap_or_else(|| Text::same(&pilot.policy)).into(),
        id: pilot.id,
        policy: pilot.policy,
        current: pilot.base.to_string(),
        candidate: pilot.candidate.to_string(),
        created_at: read::moment(pilot.created_at),
        created_by: read::person_view(viewer.directory(), &by),
        masked,
        counts: kept.counts.clone(),
        totals: kept.totals.iter().map(total).collect(),
    };
    Ok((view, kept))
}

/// A payee as this reader sees them, and the numbers of their rows.
fn payee_view(viewer: &Viewer, kept: PilotPayee, masked: bool) -> Result<(PilotPayeeView, Vec<i64>), AppError> {
    let Payee { amounts, rows, left_out, assumed, notes } = serde_json::from_str(&kept.body).map_err(internal)?;
    let person = viewer.directory().people.get(&PersonId::new(kept.payee.as_str()));
    let amounts = amounts.into_iter().map(|(name, amount)| {
        let amount = if masked { sight::masked() } else { amount };
        (name, amount)
    });
    let view = PilotPayeeView {
        name: person.map(|person| person.name.clone()),
        payee: kept.payee,
        amounts: amounts.collect(),
        rows: rows.len() as u64,
        left_out,
        assumed,
        notes: notes.into_iter().map(|note| sight::note(viewer, note)).collect(),
    };
    Ok((view, rows))
}

/// How one release came to its answer, without what this reader may not see.
fn explanation(
    viewer: &Viewer,
    (release, policy): (&Release, &Policy),
    evaluation: &Evaluation,
    masked: bool,
) -> ExplanationView {
    let contract = policy.contract();
    let hidden = match masked {
        true => contract.inputs.iter().map(|input| input.name().to_string()).collect(),
        false => sight::hidden(viewer, release, contract),
    };
    let wording = Wording::of(viewer, release);
    let shown = Shown::of(contract, Some(&evaluation.explanation), &hidden, viewer.sees());
    let (state, data) = match &evaluation.outcome {
        Outcome::Accepted { output } => ("accepted", output.clone()),
        Outcome::Refused { data, .. } => ("refused", data.clone()),
        Outcome::Incomplete { .. } => ("incomplete", serde_json::Map::new()),
        Outcome::Fault(_) => ("fault", serde_json::Map::new()),
    };
    let origin = |input: &str, source: &Source| origin(contract, input, source);
    let tree = shown.explanation().map(|explanation| Tree { wording, origin: &origin, explanation, contract }.whole());
    let sentences = shown.explanation().map(|explanation| explanation.sentences.as_slice()).unwrap_or_default();
    ExplanationView {
        policy: contract.policy.to_string(),
        title: contract.title.clone().unwrap_or_else(|| Text::same(contract.policy.to_string())).into(),
        on: evaluation.explanation.on.to_string(),
        release: release.hash().to_string(),
        state: state.to_owned(),
        output: shown.figures(wording, contract, &data),
        sentences: sentences.iter().map(|sentence| sentence.text.clone().into()).collect(),
        tree: tree.unwrap_or(Value::Null),
        script: ScriptView { path: contract.policy.script_file(), source: policy.source().to_owned() },
    }
}

/// Where an input of a pilot came from.
fn origin(contract: &Contract, input: &str, source: &Source) -> Text {
    let bound = contract.inputs.iter().find(|known| known.name().as_str() == input);
    match (source, bound.and_then(|input| input.from.as_ref())) {
        (Source::Absent, _) => Text::new("未提供", "not given"),
        (Source::Default, _) => Text::new("默认值", "default"),
        (Source::Bound(from), _) => Text::same(from),
        (Source::Given, Some(from @ (Binding::Fact(_) | Binding::Person(_) | Binding::Calendar(_)))) => {
            Text::new(format!("试点数据（{}）", from.source()), format!("data of the pilot ({})", from.source()))
        }
        (Source::Given, _) => Text::new("试点数据", "data of the pilot"),
    }
}

fn policy_view(contract: &Contract) -> PilotPolicy {
    let input = |input: &zhupi_policies::Input| PilotInput {
        name: input.name().to_string(),
        title: input.title.clone().unwrap_or_else(|| Text::same(input.name().as_str())).into(),
        ty: input.field.ty.word(),
        required: input.field.presence == Presence::Required && input.from.is_none(),
        from: input.from.as_ref().map(Binding::source),
    };
    PilotPolicy {
        name: contract.policy.to_string(),
        title: contract.title.clone().unwrap_or_else(|| Text::same(contract.policy.to_string())).into(),
        inputs: contract.inputs.iter().map(input).collect(),
    }
}
