//! An open task of the reader, with all that is needed to act on it.

use zhupi_domain::{Instant, PersonId, Text};
use zhupi_engine::{
    Answer, Count, HumanKind, Place, Question, Sheet, Spot, Task, TaskAction, TaskId, Threshold, Visit, VisitId, Vote,
    previous, return_targets, task_actions,
};
use zhupi_forms::{Class, Rights, View};
use zhupi_pack::answers::{self, Found};

use super::forms::form_view;
use super::way::{due_at, no_calendar_year};
use super::{moment, person_view};
use crate::commit::{place_code, task_kind};
use crate::load::Loaded;
use crate::permit::Viewer;
use crate::view::{ColleagueView, FormView, TargetView, TaskView, VoteView};
use crate::words::{self, Names};
use crate::{App, AppError, drafts};

impl App {
    /// The reader's open tasks of one instance.
    pub(crate) async fn my_tasks(
        &self,
        viewer: &Viewer,
        loaded: &Loaded,
        now: Instant,
    ) -> Result<Vec<TaskView>, AppError> {
        let mut tasks = Vec::new();
        for id in viewer.tasks_at(&loaded.state) {
            tasks.extend(self.my_task(viewer, loaded, id, now).await?);
        }
        Ok(tasks)
    }

    async fn my_task(
        &self,
        viewer: &Viewer,
        loaded: &Loaded,
        id: TaskId,
        now: Instant,
    ) -> Result<Option<TaskView>, AppError> {
        let Some((visit_id, visit, task)) = loaded.state.task(id) else { return Ok(None) };
        let around = &loaded.around;
        let names = loaded.names();
        let actions = task_actions(&around.flow, &loaded.state, id);
        let needs_comment = |action: &TaskAction| matches!(action, TaskAction::Reject | TaskAction::Return);
        let due_at = due_at(visit.deadline.as_ref());
        let colleagues = visit.tasks.values().filter(|other| other.person != task.person).map(|other| (other, "open"));
        let mut colleagues: Vec<ColleagueView> =
            colleagues.map(|(other, state)| colleague(around.directory.as_ref(), &other.person, state)).collect();
        colleagues.extend(visit.queue.iter().map(|next| colleague(&around.directory, &next.person, "expected")));
        colleagues.extend(visit.agreed.iter().map(|person| colleague(&around.directory, person, "approved")));
        Ok(Some(TaskView {
            task: id.0,
            version: task.version,
            step: place_code(&visit.place),
            step_title: names.place(&visit.place).into(),
            kind: task_kind(visit.work).into(),
            reason: words::why(&names, &task.why).into(),
            opened_at: moment(task.opened_at),
            due_at: due_at.map(moment),
            no_calendar_year: no_calendar_year(visit.deadline.as_ref()),
            overdue: due_at.is_some_and(|due| due < now),
            form: main_form(loaded, &visit.place)?,
            own_form: own_form(loaded, visit_id, visit),
            vote: vote(loaded, visit, task, now),
            acts_for: (task.person != *viewer.person()).then(|| person_view(&around.directory, &task.person)),
            draft: self.find_draft(viewer, &drafts::task_key(&loaded.id, id)).await?,
            comment_required: actions.iter().map(|action| (code(*action).into(), needs_comment(action))).collect(),
            return_targets: if actions.contains(&TaskAction::Return) {
                targets(&names, loaded, visit_id, &visit.place)
            } else {
                Vec::new()
            },
            actions: actions.into_iter().map(|action| code(action).to_owned()).collect(),
            colleagues,
        }))
    }
}

fn colleague(
    directory: &zhupi_domain::directory::Directory,
    person: &zhupi_domain::PersonId,
    state: &str,
) -> ColleagueView {
    ColleagueView { person: person_view(directory, person), state: state.into() }
}

fn code(action: TaskAction) -> &'static str {
    match action {
        TaskAction::Approve => "approve",
        TaskAction::Fill => "fill",
        TaskAction::Vote => "vote",
        TaskAction::Resubmit => "resubmit",
        TaskAction::Reject => "reject",
        TaskAction::Return => "return",
        TaskAction::Transfer => "transfer",
    }
}

/// The request's form with the rights of the step; who is asked to decide sees what they decide about.
fn main_form(loaded: &Loaded, place: &Place) -> Result<FormView, AppError> {
    let around = &loaded.around;
    let form = around.form()?;
    let rights = around.rights(place);
    let everything = Class::ALL.into_iter().collect();
    Ok(form_view(form, &loaded.state.form, &View { rights: &rights, classes: &everything }))
}

/// The step's own form: blank, or the sheet as the others have signed it so far.
fn own_form(loaded: &Loaded, id: VisitId, visit: &Visit) -> Option<FormView> {
    let around = &loaded.around;
    let human = around.flow.human(&visit.place)?;
    let HumanKind::Fill { form: Some(name), sheet } = &human.kind else { return None };
    let form = around.release.form(name)?;
    let spot = human.into.as_ref().map(|into| Spot::new(into.clone(), visit.place.lanes().to_vec()));
    let signed = spot.and_then(|spot| loaded.state.results.get(&spot)).filter(|result| result.visit == id);
    let signed = signed.filter(|_| *sheet == Sheet::Shared).map(|result| result.value.clone());
    let filled = signed.unwrap_or_else(|| form.blank());
    let data = filled.as_object().cloned().unwrap_or_default();
    let (rights, everything) = (Rights::editable(), Class::ALL.into_iter().collect());
    Some(form_view(form, &data, &View { rights: &rights, classes: &everything }))
}

/// How the committee votes.
fn vote(loaded: &Loaded, visit: &Visit, task: &Task, now: Instant) -> Option<VoteView> {
    let HumanKind::Vote(vote) = &loaded.around.flow.human(&visit.place)?.kind else { return None };
    let open = visit.tasks.values().map(|task| u64::from(vote.weight(task.why.selector()))).sum();
    let count = Count::of(&visit.ballots, open);
    let whole = |vote: &Threshold| vote.share.part == vote.share.whole;
    let rule = match (&vote.pass, whole(&vote.pass)) {
        (_, true) => Text::new("全体同意才通过", "Passes if all agree"),
        (pass, _) if pass.more => Text::new(
            format!("同意票超过 {} 才通过", pass.share),
            format!("Passes with more than {} of the votes", pass.share),
        ),
        (pass, _) => Text::new(
            format!("同意票达到 {} 即通过", pass.share),
            format!("Passes with at least {} of the votes", pass.share),
        ),
    };
    let chairs = chairs(loaded, vote, &visit.place, now);
    Some(VoteView {
        leads: chairs.contains(&task.person),
        chair: chairs.iter().map(|person| person_view(&loaded.around.directory, person)).collect(),
        rule: rule.into(),
        weight: vote.weight(task.why.selector()),
        cast: count.yes + count.no + count.abstain,
        open: count.open,
        minutes: vote.minutes,
    })
}

/// Who chairs the committee of a vote, as the engine would find them.
fn chairs(loaded: &Loaded, vote: &Vote, place: &Place, now: Instant) -> Vec<PersonId> {
    let Some(chair) = &vote.chair else { return Vec::new() };
    let question = Question::People { by: vec![chair.by.clone()], at: place.clone() };
    let (around, nothing) = (&loaded.around, Found::default());
    match answers::answer(&around.release, &question, &loaded.state, &around.world(now), &nothing) {
        Answer::People(people) => people.into_iter().map(|(person, _)| person).collect(),
        _ => Vec::new(),
    }
}

fn targets(names: &Names<'_>, loaded: &Loaded, visit: VisitId, place: &Place) -> Vec<TargetView> {
    let (flow, state) = (&loaded.around.flow, &loaded.state);
    let before = previous(flow, state, visit, place);
    let known = return_targets(flow, state, visit, place);
    let mut targets = Vec::new();
    if known.contains(&Place::Start) {
        targets.push(TargetView { to: "initiator".into(), title: names.place(&Place::Start).into() });
    }
    if before != Place::Start {
        let title = names.place(&before);
        let title =
            Text::new(format!("上一步：{}", title.zh), format!("Previous: {}", title.get(zhupi_domain::Locale::En)));
        targets.push(TargetView { to: "previous".into(), title: title.into() });
    }
    for target in known {
        if let Place::Step(name) = &target
            && target != before
        {
            targets.push(TargetView { to: format!("step:{name}"), title: names.place(&target).into() });
        }
    }
    targets
}
