//! Naming substitutes 代理, and ending it: people do so for themselves, and who looks after people for everybody.
//!
//! Nobody makes themselves the substitute of somebody else: to look after people gives no right to act in a flow.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use zhupi_domain::directory::{Directory, NotNamed, Person, Substitute};
use zhupi_domain::{CompanyId, Instant, Name, PersonId, Text};
use zhupi_pack::Release;
use zhupi_store::{Change, Commit, CommitOutcome, Guard, WritePort};

use crate::directory_events::Signed;
use crate::history::person_key;
use crate::people::person_record;
use crate::permit::{self, Denied, Viewer};
use crate::read::person_view;
use crate::view::{FlowTitle, SubstituteView, SubstitutesView};
use crate::{App, AppError};

/// Who is to act for somebody, when and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubstituteWish {
    pub person: String,
    /// None: from today on.
    pub from: Option<NaiveDate>,
    /// None: until it is ended.
    pub until: Option<NaiveDate>,
    /// Empty: in all flows.
    pub flows: BTreeSet<String>,
}

/// The most substitutes that a person has at a time, with those to come.
const MOST: usize = 20;
/// Somebody else's change of the directory is in the way at most so often.
const ROUNDS: usize = 8;

impl App {
    /// Who acts for somebody and for whom they act; of others only for who looks after people.
    pub async fn substitutes(
        &self,
        viewer: &Viewer,
        of: Option<&str>,
        now: Instant,
    ) -> Result<SubstitutesView, AppError> {
        let (of, release) = (whose(viewer, of)?, viewer.release()?);
        let flows = match of == *viewer.person() {
            true => self.flows_of_mine(viewer, release).await?,
            false => release.flows().keys().cloned().collect(),
        };
        let view = Listing { directory: viewer.directory(), release, today: release.company().date_of(now) };
        Ok(view.of(&of, &flows))
    }

    /// Names a substitute: of the reader, or of somebody else by who looks after people. What is named already stays as it is.
    pub async fn name_substitute(
        &self,
        viewer: &Viewer,
        of: Option<&str>,
        wish: &SubstituteWish,
        now: Instant,
    ) -> Result<(), AppError> {
        let of = whose(viewer, of)?;
        if wish.person == viewer.person().as_str() && of != *viewer.person() {
            return Err(AppError::bad(
                "own_substitute",
                "不能指定自己代理别人，请由本人或其他管理员指定",
                "You cannot make yourself the substitute of somebody else: they, or another administrator, can",
            ));
        }
        let release = viewer.release()?;
        let today = release.company().date_of(now);
        let named = named(wish, release, viewer.directory(), &of, today)?;
        self.change_substitutes(viewer, &of, "substitute_named", today, now, |directory, before| {
            if before.contains(&named) {
                return Ok(());
            }
            directory.can_name(&of, &named).map_err(|why| refused(&why, directory))?;
            if before.len() >= MOST {
                let (zh, en) = (format!("最多指定 {MOST} 位代理人"), format!("At most {MOST} substitutes"));
                return Err(AppError::bad("too_many_substitutes", zh, en));
            }
            before.push(named.clone());
            Ok(())
        })
        .await
    }

    /// Ends what was named, at once; what is not there any more has ended.
    pub async fn end_substitute(
        &self,
        viewer: &Viewer,
        of: Option<&str>,
        wish: &SubstituteWish,
        now: Instant,
    ) -> Result<(), AppError> {
        let of = whose(viewer, of)?;
        let today = viewer.release()?.company().date_of(now);
        let is_it = |one: &Substitute| {
            one.person.as_str() == wish.person
                && (one.from, one.until) == (wish.from, wish.until)
                && one.flows.iter().map(Name::as_str).eq(wish.flows.iter().map(String::as_str))
        };
        self.change_substitutes(viewer, &of, "substitute_ended", today, now, |_, before| {
            before.retain(|one| !is_it(one));
            Ok(())
        })
        .await
    }

    /// Changes who acts for a person; what is over goes with the next change.
    async fn change_substitutes(
        &self,
        viewer: &Viewer,
        of: &PersonId,
        kind: &str,
        today: NaiveDate,
        now: Instant,
        change: impl Fn(&Directory, &mut Vec<Substitute>) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let (company, actor) = (viewer.company(), person_key(viewer.person()));
        for _ in 0..ROUNDS {
            let directory = self.cache().directory(self.store(), company).await?;
            let before = directory.people.get(of).ok_or(Denied::NotFound)?;
            let mut after = before.clone();
            change(&directory, &mut after.substitutes)?;
            if after == *before {
                return Ok(());
            }
            after.substitutes.retain(|one| !one.is_over(today));
            let signed = Signed { actor: actor.clone(), at: now };
            match self.store().commit(put(company, &signed, kind, &directory, &after)?).await {
                CommitOutcome::Committed(_) => {
                    let concerned = before.substitutes.iter().chain(&after.substitutes).map(|one| one.person.clone());
                    self.hint(company, None, concerned.chain([of.clone()]).collect());
                    return Ok(());
                }
                CommitOutcome::Conflict(_) => {}
                CommitOutcome::Unavailable(error) => return Err(error.into()),
                _ => return Err(AppError::Unknown),
            }
        }
        Err(AppError::Busy("the directory changes all the time".into()))
    }

    /// Flows that a person knows of: those that they may start, and those of tasks that they have or had lately.
    async fn flows_of_mine(&self, viewer: &Viewer, release: &Release) -> Result<BTreeSet<Name>, AppError> {
        let startable = |flow: &&Name| permit::start(viewer, flow.as_str()).is_ok();
        let mut flows: BTreeSet<Name> = release.flows().keys().filter(startable).cloned().collect();
        let scope = zhupi_store::Scope::of(viewer.company().clone()).assignee(person_key(viewer.person()));
        let open = self.store().inbox(&scope, None, None, zhupi_store::MAX_PAGE).await?.items;
        let done = self.store().done(&scope, None, None, zhupi_store::MAX_PAGE).await?.items;
        let held: BTreeSet<String> = open.into_iter().chain(done).map(|item| item.task.flow).collect();
        flows.extend(release.flows().keys().filter(|flow| held.contains(flow.as_str())).cloned());
        Ok(flows)
    }
}

/// Whose substitutes are meant: the reader's own, or those of somebody else by who looks after people.
fn whose(viewer: &Viewer, of: Option<&str>) -> Result<PersonId, AppError> {
    let Some(of) = of else { return Ok(viewer.person().clone()) };
    let permit = permit::people(viewer)?;
    let of = PersonId::new(of);
    if permit.viewer().directory().people.contains_key(&of) { Ok(of) } else { Err(Denied::NotFound.into()) }
}

/// What is wished, from today on at the earliest.
fn named(
    wish: &SubstituteWish,
    release: &Release,
    directory: &Directory,
    of: &PersonId,
    today: NaiveDate,
) -> Result<Substitute, AppError> {
    if directory.active(of).is_none() {
        return Err(AppError::bad("has_left", "此人已离职", "This person has left"));
    }
    if wish.until.is_some_and(|until| until < today) {
        return Err(AppError::bad("substitute_over", "结束日期已经过去", "The last day is over already"));
    }
    let mut flows = BTreeSet::new();
    for flow in &wish.flows {
        let known = release.flows().keys().find(|known| known.as_str() == flow.as_str());
        let known = known.ok_or_else(|| {
            AppError::bad("unknown_flow", format!("没有流程 {flow}"), format!("There is no flow {flow}"))
        })?;
        flows.insert(known.clone());
    }
    let from = wish.from.map_or(today, |from| from.max(today));
    Ok(Substitute { person: PersonId::new(&wish.person), from: Some(from), until: wish.until, flows })
}

fn put(
    company: &CompanyId,
    signed: &Signed,
    kind: &str,
    directory: &Directory,
    after: &Person,
) -> Result<Commit, AppError> {
    let internal = |error: serde_json::Error| AppError::Internal(error.to_string());
    let mut commit = Commit::new(company.clone());
    commit.guards.push(Guard::Directory { version: directory.version });
    let told = signed.told_of(directory.people.get(&after.id), after, "").map_err(internal)?;
    commit.events.push(signed.event(kind, &told).map_err(internal)?);
    commit.changes.push(Change::PutPerson(person_record(after).map_err(internal)?));
    Ok(commit)
}

fn refused(why: &NotNamed, directory: &Directory) -> AppError {
    let name = |id: &PersonId| directory.people.get(id).map_or_else(|| id.to_string(), |person| person.name.clone());
    match why {
        NotNamed::NotHere => {
            AppError::bad("no_such_person", "没有这个人，或已离职", "There is no such person, or they have left")
        }
        NotNamed::Themselves => {
            AppError::bad("substitute_self", "不能指定本人为代理人", "Nobody is their own substitute")
        }
        NotNamed::EndsBeforeItBegins => {
            AppError::bad("substitute_dates", "结束日期早于开始日期", "The last day is before the first")
        }
        NotNamed::Twice(other) => {
            let (who, days) = (name(&other.person), days(other));
            AppError::bad(
                "substitute_twice",
                format!("{who}已是代理人（{}），日期和流程有重叠", days.zh),
                format!("{who} is a substitute already ({}) for some of these days and flows", days.en),
            )
        }
        NotNamed::Circle(way) => {
            let names: Vec<String> = way.iter().map(name).collect();
            AppError::bad(
                "substitute_circle",
                format!("同一时间{}的代理又回到本人，不能互相代理", names.join("、")),
                format!(
                    "In that time {} would lead back to the same person: nobody acts for each other",
                    names.join(", ")
                ),
            )
        }
    }
}

/// From when to when, in words.
struct Days {
    zh: String,
    en: String,
}

fn days(substitute: &Substitute) -> Days {
    let date = |date: Option<NaiveDate>, open: &str| date.map_or_else(|| open.to_owned(), |date| date.to_string());
    let from = date(substitute.from, "…");
    let until = date(substitute.until, "…");
    Days { zh: format!("{from} 至 {until}"), en: format!("{from} to {until}") }
}

struct Listing<'a> {
    directory: &'a Directory,
    release: &'a Release,
    today: NaiveDate,
}

impl Listing<'_> {
    fn of(&self, of: &PersonId, flows: &BTreeSet<Name>) -> SubstitutesView {
        let mine = self.directory.people.get(of).into_iter().flat_map(|person| &person.substitutes);
        let mine = mine.map(|one| (&one.person, one));
        let others = self.directory.named_for(of).map(|(of, one)| (&of.id, one));
        SubstitutesView {
            mine: self.rows(mine),
            for_others: self.rows(others),
            flows: flows.iter().map(|flow| self.flow(flow)).collect(),
        }
    }

    fn rows<'s>(&self, rows: impl Iterator<Item = (&'s PersonId, &'s Substitute)>) -> Vec<SubstituteView> {
        let mut rows: Vec<_> = rows.filter(|(_, one)| !one.is_over(self.today)).collect();
        rows.sort_by_key(|(person, one)| (one.from, *person));
        let row = |(person, one): (&PersonId, &Substitute)| SubstituteView {
            person: person_view(self.directory, person),
            from: one.from.map(|from| from.to_string()),
            until: one.until.map(|until| until.to_string()),
            flows: one.flows.iter().map(|flow| self.flow(flow)).collect(),
            active: one.is_on(self.today) && self.directory.active(&one.person).is_some(),
        };
        rows.into_iter().map(row).collect()
    }

    fn flow(&self, name: &Name) -> FlowTitle {
        let title = self.release.flow(name).map_or_else(|| Text::same(name.as_str()), |flow| flow.title.clone());
        FlowTitle { flow: name.to_string(), title: title.into() }
    }
}
