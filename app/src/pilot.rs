//! Pilot 试点: two releases beside each other on the same rows. Nothing is written but the pilot itself.

mod kept;
mod read;
mod sight;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::NaiveDate;
use tokio::sync::Semaphore;
use zhupi_domain::calendar::Calendar;
use zhupi_domain::directory::Directory;
use zhupi_domain::{CompanyId, Diagnostic, Diagnostics, Instant, ReleaseHash, Text};
use zhupi_pack::pilot::{Comparison, Data, NoPolicy, Pair, Row, Source, compare, freeze};
use zhupi_pack::{Pack, Release, World};
use zhupi_store::NewPilot;

use crate::history::person_key;
use crate::import::off_the_way;
use crate::permit::{self, Viewer};
use crate::{Answer, App, AppError, Placed, RequestKey, company};

/// What is to be compared, and over what.
#[derive(Debug, Clone)]
pub struct PilotRequest {
    pub candidate: Candidate,
    /// None: the one that is deployed.
    pub current: Option<ReleaseHash>,
    pub policy: String,
    /// The day at which params are read for rows that name none; none: today.
    pub as_of: Option<NaiveDate>,
    pub rows: Source,
    /// By kind.
    pub facts: BTreeMap<String, Source>,
}

/// The release that is tried.
#[derive(Debug, Clone)]
pub enum Candidate {
    /// One of the company's, or one that was tried before.
    Release(ReleaseHash),
    /// The files of a pack, by path. It becomes no release.
    Files(BTreeMap<String, String>),
}

/// How many pilots are computed at once; each takes all processors that it gets.
static TURNS: Semaphore = Semaphore::const_new(2);

/// How long one may take: less than clients are kept waiting.
const BUDGET: Duration = Duration::from_secs(25);

impl App {
    /// Compares two releases, and keeps what came of it. The same request again finds what it made.
    pub async fn pilot(
        &self,
        viewer: &Viewer,
        request: PilotRequest,
        key: &RequestKey,
        now: Instant,
    ) -> Result<Answer, AppError> {
        let permit = permit::pilot(viewer)?;
        let (company, by) = (viewer.company(), person_key(permit.viewer().person()));
        let id = self.new_id(now);
        let name = key.key.clone().unwrap_or_else(|| id.clone());
        if let Some(made) = self.made_before(viewer, &by, &name, key).await? {
            return Ok(made);
        }
        let _turn = TURNS.try_acquire().map_err(|_| AppError::Busy("others run pilots".into()))?;
        let current = match request.current {
            Some(hash) => self.pilot_release(company, hash).await?,
            None => viewer.release()?.clone(),
        };
        let (candidate, body) = self.candidate(viewer, request.candidate).await?;
        let pair = Pair::new(current, candidate, &request.policy).map_err(|missing| no_policy(&missing))?;
        let calendar = company::calendar(self.store(), company, &pair.current).await?;
        let as_of = request.as_of.unwrap_or_else(|| calendar.local_date(now));
        let data = Data { rows: request.rows, facts: request.facts };
        let directory = Arc::new(viewer.directory().clone());
        let (comparison, rows) = computed(pair, data, directory, calendar, as_of, now).await?;
        let kept = kept::Kept { id, by: by.clone(), as_of, at: now };
        let new =
            NewPilot { key: name.clone(), request: key.request, candidate: body, ..kept.pilot(&comparison, &rows)? };
        let id = new.pilot.id.clone();
        if self.store().add_pilot(company, new).await? {
            return self.answer(viewer, &id).await;
        }
        self.made_before(viewer, &by, &name, key).await?.ok_or(AppError::Unknown)
    }

    async fn made_before(
        &self,
        viewer: &Viewer,
        by: &str,
        name: &str,
        key: &RequestKey,
    ) -> Result<Option<Answer>, AppError> {
        match self.store().pilot_of_key(viewer.company(), by, name).await? {
            Some((id, request)) if request == key.request => self.answer(viewer, &id).await.map(Some),
            Some(_) => Err(AppError::KeyReused),
            None => Ok(None),
        }
    }

    async fn answer(&self, viewer: &Viewer, id: &str) -> Result<Answer, AppError> {
        let view = self.pilot_view(viewer, id, None, None).await?;
        let body = serde_json::to_value(view).map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(Answer { status: 201, body })
    }

    /// The candidate, and its body where it is no release of the company.
    async fn candidate(&self, viewer: &Viewer, candidate: Candidate) -> Result<(Release, Option<String>), AppError> {
        let company = viewer.company();
        let release = match candidate {
            Candidate::Release(hash) => self.pilot_release(company, hash).await?,
            Candidate::Files(files) => off_the_way(move || checked(files)).await?,
        };
        if release.company().id != *company {
            return Err(AppError::bad(
                "wrong_company",
                format!("配置包属于公司 {}，您登录的是 {company}", release.company().id),
                format!("The pack belongs to {}, you are logged in to {company}", release.company().id),
            ));
        }
        let known = self.store().release(company, &release.hash()).await?.is_some();
        let body = (!known).then(|| release.body().to_owned());
        Ok((release, body))
    }

    /// A release of a company, or a candidate that was tried before.
    pub async fn pilot_release(&self, company: &CompanyId, hash: ReleaseHash) -> Result<Release, AppError> {
        match self.cache().release(self.store(), company, hash).await {
            Err(AppError::Denied(_)) => {}
            found => return found,
        }
        let unknown = || {
            let short = hash.short();
            AppError::bad(
                "release_unknown",
                format!("公司没有版本 {short}"),
                format!("The company has no release {short}"),
            )
        };
        let body = self.store().pilot_release(company, &hash).await?.ok_or_else(unknown)?;
        off_the_way(move || Release::from_body(&body).map_err(|found| AppError::PackInvalid(placed(found, &[])))).await
    }

    /// The people and days of a company as they are now, for a pilot that is not kept.
    pub async fn pilot_world(
        &self,
        company: &CompanyId,
        release: &Release,
    ) -> Result<(Arc<Directory>, Calendar), AppError> {
        let directory = self.cache().directory(self.store(), company).await?;
        Ok((directory, company::calendar(self.store(), company, release).await?))
    }
}

fn checked(files: BTreeMap<String, String>) -> Result<Release, AppError> {
    let checked = Pack::read(&files);
    let text = |found: Diagnostic| {
        let text = files.get(&found.file).map(String::as_str);
        Placed::new(found, text)
    };
    checked.release.ok_or_else(|| AppError::PackInvalid(checked.diagnostics.into_iter().map(text).collect()))
}

/// Freezes and compares where it holds nobody up, and gives up after its time.
async fn computed(
    pair: Pair,
    data: Data,
    directory: Arc<Directory>,
    calendar: Calendar,
    as_of: NaiveDate,
    now: Instant,
) -> Result<(Comparison, Vec<Row>), AppError> {
    let stopped = Arc::new(AtomicBool::new(false));
    let stop = stopped.clone();
    let work = off_the_way(move || {
        let world = World { directory: &directory, calendar: &calendar, now };
        let rows = freeze(&pair, &data, &world, as_of).map_err(|found| {
            let sources: Vec<&Source> = data.facts.values().chain([&data.rows]).collect();
            AppError::PilotInvalid(placed(found, &sources))
        })?;
        let comparison = compare(&pair, &rows, || !stop.load(Ordering::Relaxed)).ok_or_else(too_long)?;
        Ok((comparison, rows))
    });
    match tokio::time::timeout(BUDGET, work).await {
        Ok(computed) => computed,
        Err(_) => {
            stopped.store(true, Ordering::Relaxed);
            Err(too_long())
        }
    }
}

fn placed(found: Diagnostics, sources: &[&Source]) -> Vec<Placed> {
    let placed = |found: Diagnostic| {
        let text = sources.iter().find(|source| source.file == found.file).map(|source| source.text.as_str());
        Placed::new(found, text)
    };
    found.into_iter().map(placed).collect()
}

fn too_long() -> AppError {
    let seconds = BUDGET.as_secs();
    AppError::bad(
        "pilot_too_long",
        format!("试算超过 {seconds} 秒，请减少行数或用命令行 zhupi pilot"),
        format!("It takes longer than {seconds} seconds: use fewer rows, or `zhupi pilot` on the command line"),
    )
}

fn no_policy(missing: &NoPolicy) -> AppError {
    let known = missing.known.iter().take(12).cloned().collect::<Vec<_>>();
    let (zh, en) = if missing.in_candidate { ("候选", "candidate") } else { ("现行", "current") };
    let message = Text::new(
        format!("{zh}版本没有这条政策；有的是：{}", known.join("、")),
        format!("The {en} release has no such policy; it has {}", known.join(", ")),
    );
    AppError::Bad { code: "policy_unknown", message }
}
