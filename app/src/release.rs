//! Making releases: a pack is checked, hashed, kept for ever, and pinned by every request that starts from then on.

use std::collections::BTreeMap;

use serde_json::json;
use zhupi_domain::{CompanyId, Diagnostic, Diagnostics, Instant, Locale, ReleaseHash, Text};
use zhupi_pack::{Pack, Release};
use zhupi_store::{Change, Commit, CommitOutcome, NewEvent, Stream, WritePort};

use crate::history::person_key;
use crate::permit::{self, Viewer};
use crate::view::{PageView, ReleaseView};
use crate::{App, AppError, Placed, read};

/// Who deploys: a person with that right, or whoever holds the console.
pub enum Deployer<'a> {
    Person(&'a Viewer),
    /// The data was opened directly, which is marked in the log. The company is made if it is new.
    Console,
}

/// What a deploy did.
#[derive(Debug, Clone)]
pub struct Deployed {
    pub company: CompanyId,
    pub hash: ReleaseHash,
    /// Whether the content differs from what was current before.
    pub changed: bool,
    /// What was current before.
    pub before: Option<Release>,
    pub release: Release,
    /// Warnings and notes of the check.
    pub diagnostics: Diagnostics,
}

/// How often a deploy is tried again because somebody else deployed meanwhile.
const MAX_ROUNDS: usize = 8;

impl App {
    /// Makes a pack the company's current release. Requests that are on their way keep theirs.
    pub async fn deploy(
        &self,
        by: Deployer<'_>,
        files: BTreeMap<String, String>,
        now: Instant,
    ) -> Result<Deployed, AppError> {
        let (checked, files) = tokio::task::spawn_blocking(move || (Pack::read(&files), files))
            .await
            .map_err(|error| AppError::Internal(error.to_string()))?;
        let Some(release) = checked.release else {
            let placed = |found: Diagnostic| {
                let text = files.get(&found.file).map(String::as_str);
                Placed::new(found, text)
            };
            return Err(AppError::PackInvalid(checked.diagnostics.into_iter().map(placed).collect()));
        };
        let company = release.company().id.clone();
        let actor = match &by {
            Deployer::Console => "console".to_owned(),
            Deployer::Person(viewer) => {
                let permit = permit::deploy(viewer)?;
                if *permit.viewer().company() != company {
                    return Err(AppError::bad(
                        "wrong_company",
                        format!("配置包属于公司 {company}，您登录的是 {}", viewer.company()),
                        format!("The pack belongs to {company}, you are logged in to {}", viewer.company()),
                    ));
                }
                person_key(permit.viewer().person())
            }
        };
        for _ in 0..MAX_ROUNDS {
            let before = self.current_release(&company).await?;
            let known = self.store().company(&company).await?.is_some();
            let changed = before.as_ref().is_none_or(|before| before.hash() != release.hash());
            let deployed = Deployed {
                company: company.clone(),
                hash: release.hash(),
                changed,
                before: before.clone(),
                release: release.clone(),
                diagnostics: checked.diagnostics.clone(),
            };
            if !changed {
                return Ok(deployed);
            }
            let commit = self.deployment(&release, before.as_ref(), known, &actor, now);
            match self.store().commit(commit).await {
                CommitOutcome::Committed(_) => return Ok(deployed),
                CommitOutcome::Conflict(_) => {}
                CommitOutcome::Unavailable(error) => return Err(error.into()),
                CommitOutcome::Duplicate(_) | CommitOutcome::KeyReused | CommitOutcome::Unknown => {
                    return Err(AppError::Unknown);
                }
            }
        }
        Err(AppError::Busy("others deploy all the time".into()))
    }

    fn deployment(
        &self,
        release: &Release,
        before: Option<&Release>,
        known: bool,
        actor: &str,
        now: Instant,
    ) -> Commit {
        let company = release.company();
        let mut commit = Commit::new(company.id.clone());
        if !known {
            commit.changes.push(Change::CreateCompany { name: company.name.zh.clone(), at: now });
        }
        let summary = summary(release);
        let hash = release.hash();
        commit.events.push(NewEvent {
            stream: Stream::Releases,
            kind: "release_deployed".into(),
            version: 1,
            actor: actor.into(),
            at: now,
            payload: json!({ "release": hash, "before": before.map(Release::hash), "summary": summary }).to_string(),
        });
        commit.changes.push(Change::PutRelease(Box::new(zhupi_store::Release {
            hash,
            body: release.body().to_owned(),
            summary: json!(summary).to_string(),
            deployed_at: now,
            deployed_by: actor.into(),
        })));
        commit.changes.push(Change::SetCurrentRelease { hash: hash.0, at: now, by: actor.into() });
        commit
    }

    /// The release that new instances of a company pin.
    pub async fn current_release(&self, company: &CompanyId) -> Result<Option<Release>, AppError> {
        match self.store().company(company).await?.and_then(|company| company.release) {
            Some(hash) => self.cache().release(self.store(), company, hash).await.map(Some),
            None => Ok(None),
        }
    }

    /// The releases of the reader's company, the newest first.
    pub async fn releases(&self, viewer: &Viewer) -> Result<PageView<ReleaseView>, AppError> {
        let permit = permit::deploy(viewer)?;
        self.all_releases(permit.viewer()).await
    }

    pub(crate) async fn all_releases(&self, viewer: &Viewer) -> Result<PageView<ReleaseView>, AppError> {
        let current = viewer.release().ok().map(Release::hash);
        let locale = viewer.entry().map(|person| person.language).unwrap_or_default();
        let page = self.store().releases(&viewer.scope(), None, read::PAGE).await?;
        let view = |release: zhupi_store::ReleaseSummary| ReleaseView {
            hash: release.hash.to_string(),
            deployed_at: read::moment(release.deployed_at),
            deployed_by: release.deployed_by,
            current: current == Some(release.hash),
            summary: summary_text(&release.summary, locale),
        };
        Ok(PageView { items: page.items.into_iter().map(view).collect(), next: None })
    }
}

/// What a release holds.
fn summary(release: &Release) -> Text {
    let (flows, policies, forms) = (release.flows().len(), release.policies().len(), release.forms().len());
    Text::new(
        format!("{flows} 个流程、{policies} 条政策、{forms} 张表单"),
        format!("Flows: {flows}, policies: {policies}, forms: {forms}"),
    )
}

/// The stored summary in one language; summaries of before there were two are shown as they are.
fn summary_text(stored: &str, locale: Locale) -> String {
    serde_json::from_str::<Text>(stored).map_or_else(|_| stored.to_owned(), |text| text.get(locale).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_reads_in_the_language_of_its_reader() {
        let stored = json!(Text::new("1 个流程", "Flows: 1")).to_string();
        assert_eq!(summary_text(&stored, Locale::Zh), "1 个流程");
        assert_eq!(summary_text(&stored, Locale::En), "Flows: 1");
        assert_eq!(summary_text("1 flows", Locale::Zh), "1 flows");
    }
}
