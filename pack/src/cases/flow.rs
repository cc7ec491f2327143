//! Playing a flow case: set the stage, let people act, compare.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};
use zhupi_domain::directory::{Department, Directory, Person, Substitute};
use zhupi_domain::{Instant, Name, PersonId, Text};
use zhupi_engine::{Actor, Command, Flow, HumanKind, Place, Problem, Spot, return_targets};
use zhupi_policies::{Dated, Param, ParamValue, Params};

use super::Stage;
use super::acts::{Act, ClockMove, What};
use super::coverage::Coverage;
use super::observe;
use super::play::{Play, Refused, place_name, place_of};
use super::report::CaseResult;
use super::setting::{PeopleSource, Setting};
use super::source::{CaseSource, FlowCase};
use crate::Release;
use crate::answers::BalanceKey;
use crate::seeds::Seeds;

/// Plays one flow case.
pub fn run(stage: &Stage<'_>, source: &CaseSource, case: &FlowCase, coverage: &mut Coverage) -> CaseResult {
    let failed = |reason: Text| CaseResult::failed(source, 0, reason);
    let Some(flow) = stage.release.flow(&case.flow.value) else {
        let name = &case.flow.value;
        return failed(Text::new(format!("配置包里没有流程 {name}"), format!("the pack has no flow {name}")));
    };
    let release = match with_params(stage.release, &case.setting) {
        Ok(release) => release,
        Err(reason) => return failed(reason),
    };
    let mut play = match set(&release, flow, stage.seeds, &case.setting) {
        Ok(play) => play,
        Err(reason) => return failed(reason),
    };
    let result = acts(source, case, &mut play, coverage);
    coverage.played(&play);
    with_incidents(result, &play)
}

/// Says what stopped the request besides, where a case did not pass.
fn with_incidents(mut result: CaseResult, play: &Play<'_>) -> CaseResult {
    let open = play.state.iter().flat_map(|state| state.incidents.values());
    for incident in open {
        if let (Some(reason), Problem::Failed { said }) = (&mut result.reason, &incident.problem) {
            let place = place_name(&incident.place);
            reason.zh.push_str(&format!("；{place} 停下了：{}", said.zh()));
            reason.en = reason.en.take().map(|en| format!("{en}; {place} stopped: {}", said.en()));
        }
    }
    result
}

fn acts(source: &CaseSource, case: &FlowCase, play: &mut Play<'_>, coverage: &mut Coverage) -> CaseResult {
    for (index, act) in case.acts.iter().enumerate() {
        let number = index + 1;
        let outcome = perform(act, play);
        coverage.operation(&act.what);
        let wrong = match (&act.refused, outcome) {
            (None, Ok(())) => None,
            (None, Err(refused)) => Some(refused.text()),
            (Some(code), Ok(())) => Some(Text::new(
                format!("应被拒绝（{code}），却成功了"),
                format!("expected refusal {code}, but it was done"),
            )),
            (Some(code), Err(refused)) if code == refused.code() => None,
            (Some(code), Err(refused)) => Some(Text::new(
                format!("应以 {code} 拒绝，实际为 {}", refused.code()),
                format!("expected refusal {code}, but it was {}", refused.code()),
            )),
        };
        if let Some(wrong) = wrong {
            return CaseResult::failed(source, 0, at_act(number, wrong));
        }
        if let Some(expect) = &act.expect {
            let (seen, difference) = observe::compare(expect, play);
            if let Some(difference) = difference {
                let wanted = Json::Object(expect.0.clone());
                return CaseResult::compared(source, 0, wanted, seen, Some(at_act(number, difference)));
            }
        }
    }
    let (seen, difference) = observe::compare(&case.expect, play);
    CaseResult::compared(source, 0, Json::Object(case.expect.0.clone()), seen, difference)
}

fn at_act(number: usize, text: Text) -> Text {
    Text { zh: format!("第 {number} 个动作：{}", text.zh), en: text.en.map(|en| format!("act {number}: {en}")) }
}

/// The release with the params that a case gives.
pub fn with_params(release: &Release, setting: &Setting) -> Result<Release, Text> {
    if setting.params.is_empty() {
        return Ok(release.clone());
    }
    let mut params: BTreeMap<Name, Param> =
        release.params().iter().map(|param| (param.name.clone(), param.clone())).collect();
    for (name, value) in &setting.params {
        let name = &name.value;
        let param = params
            .get_mut(name)
            .ok_or_else(|| Text::new(format!("配置包里没有参数 {name}"), format!("the pack has no param {name}")))?;
        param.values = vec![Dated::new(chrono::NaiveDate::MIN, given(param, value)?)];
    }
    let params = Params::new(params.into_values().collect())
        .map_err(|found| found.into_iter().next().map_or_else(|| Text::same("params"), |finding| finding.message))?;
    Ok(release.with_params(params))
}

/// A value of the param's own type, or `blank`.
fn given(param: &Param, value: &Json) -> Result<ParamValue, Text> {
    if value.as_str() == Some("blank") {
        return Ok(ParamValue::Blank);
    }
    let ty = param.values.iter().find_map(|dated| match &dated.value {
        ParamValue::Plain { ty, .. } => Some(ty.clone()),
        ParamValue::Blank | ParamValue::Table(_) => None,
    });
    let name = &param.name;
    let ty = param.ty.clone().or(ty).ok_or_else(|| {
        Text::new(
            format!("参数 {name} 是表格，案例里不能改"),
            format!("{name} is a table and cannot be given by a case"),
        )
    })?;
    let value = match value {
        Json::Number(number) if ty.is_decimal() => Json::String(number.to_string()),
        other => other.clone(),
    };
    Ok(ParamValue::Plain { ty, value })
}

/// Sets the stage of a case.
pub fn set<'a>(release: &'a Release, flow: &'a Flow, seeds: &Seeds, setting: &Setting) -> Result<Play<'a>, Text> {
    let directory = directory(&seeds.directory, setting);
    let calendar = release.company().calendar(&seeds.days);
    let now = calendar.at(setting.clock.date(), setting.clock.time());
    let now = now.map_err(|error| Text::new("时间超出范围", error.to_string()))?;
    let mut play = Play::new(release, flow, directory, calendar, now);
    for (kind, bodies) in &setting.facts {
        for body in bodies {
            let body = play.accept_fact(&kind.value, body)?;
            play.know(kind.value.clone(), body);
        }
    }
    for (account, lines) in &setting.balances {
        for (key, balance) in lines {
            play.balances.insert(BalanceKey { account: account.value.clone(), key: key.clone() }, *balance);
        }
    }
    Ok(play)
}

fn directory(seeds: &Directory, setting: &Setting) -> Directory {
    let mut directory = match &setting.people {
        PeopleSource::Pack => seeds.clone(),
        PeopleSource::These(people) => of_people(people),
    };
    for department in &setting.departments {
        directory.departments.insert(department.id.clone(), department.clone());
    }
    directory
}

/// A directory of these people; departments that they name exist.
fn of_people(people: &[Person]) -> Directory {
    let named = people.iter().flat_map(|person| {
        person.roles.iter().filter_map(|grant| grant.department.clone()).chain(person.department.clone())
    });
    let department = |id: Name| Department { name: id.to_string(), id, parent: None, head: None };
    Directory {
        version: 1,
        people: people.iter().map(|person| (person.id.clone(), person.clone())).collect(),
        departments: named.map(|id| (id.clone(), department(id))).collect(),
    }
}

/// Lets one thing happen.
pub fn perform(act: &Act, play: &mut Play<'_>) -> Result<(), Refused> {
    match &act.what {
        What::Clock(to) => {
            move_clock(to, play);
            return Ok(());
        }
        What::Calendar(to) => return play.come_round(*to),
        What::Arrives { kind, body } => return play.arrive(&kind.value, body),
        What::Leave { person } => {
            if let Some(leaving) = play.directory.people.get_mut(&person.value) {
                leaving.active = false;
            }
            // Before anything was submitted there is nothing to take back.
            if play.state.is_none() {
                return Ok(());
            }
            return play.command(Actor::Machine, &Command::PersonLeft { person: person.value.clone() });
        }
        What::Substitute { of, by } => {
            if let Some(person) = play.directory.people.get_mut(&of.value) {
                let flows = BTreeSet::new();
                person.substitutes.push(Substitute { person: by.value.clone(), from: None, until: None, flows });
            }
            return Ok(());
        }
        _ => {}
    }
    let nobody = PersonId::new("");
    let person = act.by.as_ref().map_or(&nobody, |by| &by.value);
    if let What::Submit { form, period, about } = &act.what {
        return match about {
            None => play.submit(person, form, period.as_deref()),
            Some((kind, fields)) => play.submit_about(person, form, period.as_deref(), &kind.value, fields),
        };
    }
    let command = command(act, person, play)?;
    play.command(Actor::Person(person.clone()), &command)
}

fn command(act: &Act, person: &PersonId, play: &Play<'_>) -> Result<Command, Refused> {
    let comment = act.comment.clone();
    let needed = || act.comment.clone().unwrap_or_default();
    let held = |step: &Spot| play.task(person, &place_of(step));
    Ok(match &act.what {
        What::Approve { step, form } => {
            let (task, version) = held(&step.value)?;
            let form = play.changed_form(person, &place_of(&step.value), form.as_ref())?;
            Command::Approve { task, version, comment, form }
        }
        What::Fill { step, data, form } => {
            let place = place_of(&step.value);
            let (task, version) = held(&step.value)?;
            let form = play.changed_form(person, &place, form.as_ref())?;
            let value = match play.flow.human(&place).map(|human| &human.kind) {
                Some(HumanKind::Fill { form: Some(own), .. }) => Some(play.own_form(person, own, data.as_ref())?),
                _ => None,
            };
            Command::Fill { task, version, comment, form, value }
        }
        What::Vote { step, ballot, minutes } => {
            let (task, version) = held(&step.value)?;
            Command::Vote { task, version, ballot: *ballot, comment, minutes: minutes.clone() }
        }
        What::Reject { step } => {
            let (task, version) = held(&step.value)?;
            Command::Reject { task, version, comment: needed() }
        }
        What::Return { step, to, then } => {
            let (task, version) = held(&step.value)?;
            let to = target(&to.value, &place_of(&step.value), play);
            Command::Return { task, version, to, then: *then, comment: needed() }
        }
        What::Transfer { step, to } => {
            let (task, version) = held(&step.value)?;
            Command::Transfer { task, version, to: to.value.clone(), comment }
        }
        What::Resubmit { form } => {
            let (task, version) = play.task(person, &Place::Start)?;
            let form = play.changed_form(person, &Place::Start, Some(form))?.unwrap_or_else(Map::new);
            Command::Resubmit { task, version, comment, form }
        }
        What::Withdraw { reason } => Command::Withdraw { reason: Some(reason.clone()) },
        What::Cancel { reason } => Command::Cancel { reason: reason.clone() },
        What::Comment => Command::Comment { text: needed() },
        What::Retry { step } => Command::Retry { incident: incident(&step.value, play) },
        // Dealt with before.
        What::Submit { .. }
        | What::Clock(_)
        | What::Calendar(_)
        | What::Arrives { .. }
        | What::Leave { .. }
        | What::Substitute { .. } => Command::Comment { text: needed() },
    })
}

/// `initiator`, `previous` or a step.
fn target(word: &str, from: &Place, play: &Play<'_>) -> Place {
    let Some(state) = &play.state else { return Place::Start };
    let visit = state.visits.iter().find(|(_, visit)| visit.place == *from).map(|(id, _)| *id).unwrap_or_default();
    match word {
        "initiator" | "start" => Place::Start,
        "previous" => return_targets(play.flow, state, visit, from).pop().unwrap_or(Place::Start),
        step => step.parse().map_or(Place::Start, Place::Step),
    }
}

fn incident(step: &Spot, play: &Play<'_>) -> zhupi_engine::IncidentId {
    let open = play.state.iter().flat_map(|state| &state.incidents);
    let here = open.into_iter().find(|(_, incident)| incident.place == place_of(step));
    here.map(|(id, _)| *id).unwrap_or_default()
}

fn move_clock(to: &ClockMove, play: &mut Play<'_>) {
    let to: Option<Instant> = match to {
        ClockMove::By(stretch) => play.calendar.deadline(play.now, *stretch).ok(),
        ClockMove::To(moment) => play.calendar.at(moment.date(), moment.time()).ok(),
    };
    if let Some(to) = to {
        play.move_clock(to);
    }
}
