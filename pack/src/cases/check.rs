//! Case and map files of a pack against the flows, policies and people that they name.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use zhupi_domain::{Diagnostic, Name, PersonId, Span, Text};
use zhupi_engine::Spot;

use super::acts::{Expect, What};
use super::maps::{self, Map};
use super::setting::{PeopleSource, Setting};
use super::source::{self, Body, CaseSource, FlowCase};
use crate::check::flow::steps_of;
use crate::check::unknown;
use crate::read::flow::FlowSource;
use crate::read::{Log, Placed};
use crate::sources::Sources;

/// Checks the case and map files of a pack.
pub fn check(sources: &Sources<'_>) {
    let mut maps = Vec::new();
    for (path, root) in &sources.maps {
        let Some(log) = sources.log(path) else { continue };
        let read = maps::read(root, log);
        read.iter().for_each(|map| check_map(map, sources, log));
        maps.extend(read);
    }
    let mapped: BTreeSet<&str> = maps.iter().map(|map| map.policy.value.as_str()).collect();
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for (path, root) in &sources.cases {
        let Some(log) = sources.log(path) else { continue };
        for case in source::cases(root, log) {
            check_case(&case, &mapped, sources, log);
            if !ids.insert(case.id.value.clone()) {
                let id = &case.id.value;
                log.error(
                    "cases.id-twice",
                    case.id.span,
                    format!("案例编号 `{id}` 重复"),
                    format!("two cases have the id `{id}`"),
                );
            }
        }
    }
    claims(&mapped, sources);
}

fn check_case(case: &CaseSource, mapped: &BTreeSet<&str>, sources: &Sources<'_>, log: &Log<'_>) {
    match &case.body {
        Body::Policy(policy) => {
            let name = policy.policy.value.as_str();
            let known: Vec<&str> =
                sources.offer.contracts.keys().map(|name| name.as_str()).chain(mapped.iter().copied()).collect();
            if !known.contains(&name) {
                log.push(log.hints(
                    unknown("pack.unknown-policy", policy.policy.span, "政策", "policy", name),
                    name,
                    &known,
                ));
            }
        }
        Body::Flow(flow) => check_flow_case(flow, sources, log),
    }
}

/// Claims of policies that the pack does not have will fail whenever such cases are there.
fn claims(mapped: &BTreeSet<&str>, sources: &Sources<'_>) {
    let (Some(company), Some(log)) = (&sources.offer.company, sources.log("company.yaml")) else { return };
    let policies: Vec<&str> =
        sources.offer.contracts.keys().map(|name| name.as_str()).chain(mapped.iter().copied()).collect();
    for claim in company.claims.iter().filter(|claim| claim.pattern.contains(['.', '*'])) {
        if !policies.iter().any(|policy| claim.holds(None, policy)) {
            log.push(Diagnostic::warning(
                "company.claim",
                claim.span,
                Text::new("没有政策与这一项相符", "no policy fits this claim"),
            ));
        }
    }
}

/// A flow case or map while its names are checked.
struct Cast<'a> {
    flow: &'a FlowSource,
    people: Option<BTreeSet<PersonId>>,
    log: &'a Log<'a>,
}

impl<'a> Cast<'a> {
    fn of(flow: &Placed<Name>, setting: &Setting, sources: &'a Sources<'_>, log: &'a Log<'_>) -> Option<Self> {
        check_setting(setting, sources, log);
        let Some(found) = sources.flows.get(&flow.value) else {
            let known: Vec<&str> = sources.flows.keys().map(Name::as_str).collect();
            let name = flow.value.as_str();
            log.push(log.hints(unknown("pack.unknown-flow", flow.span, "流程", "flow", name), name, &known));
            return None;
        };
        let people = match &setting.people {
            PeopleSource::These(people) => Some(people.iter().map(|person| person.id.clone()).collect()),
            PeopleSource::Pack => {
                sources.offer.people.as_ref().map(|directory| directory.people.keys().cloned().collect())
            }
        };
        Some(Self { flow: found.as_ref()?, people, log })
    }

    fn step(&self, step: &Placed<Spot>) {
        self.step_name(step.value.what.as_str(), step.span);
    }

    fn step_name(&self, spot: &str, span: Span) {
        let name = spot.split('[').next().unwrap_or(spot);
        let steps: Vec<&str> = steps_of(&self.flow.blocks).into_iter().map(|step| step.name.value.as_str()).collect();
        if name != "start" && !steps.contains(&name) {
            self.log.push(self.log.hints(unknown("pack.unknown-step", span, "步骤", "step", name), name, &steps));
        }
    }

    fn person(&self, person: &Placed<PersonId>) {
        let Some(people) = &self.people else { return };
        if !people.contains(&person.value) {
            let id = person.value.as_str();
            let finding = unknown("pack.unknown-person", person.span, "人员", "person", id);
            self.log.push(self.log.hints(finding, id, people.iter().map(PersonId::as_str)));
        }
    }

    /// The steps that an expectation names.
    fn expect(&self, expect: &Expect, span: Span) {
        for key in ["open", "skipped", "reasons", "due"] {
            let named = expect.0.get(key).and_then(Json::as_object);
            named.into_iter().flatten().for_each(|(step, _)| self.step_name(step, span));
        }
        for key in ["passed", "incidents"] {
            let named = expect.0.get(key).and_then(Json::as_array);
            named.into_iter().flatten().filter_map(Json::as_str).for_each(|step| self.step_name(step, span));
        }
    }
}

fn check_setting(setting: &Setting, sources: &Sources<'_>, log: &Log<'_>) {
    for (param, _) in &setting.params {
        if sources.params.get(&param.value).is_none() {
            let known: Vec<&str> = sources.params.iter().map(|param| param.name.as_str()).collect();
            let name = param.value.as_str();
            log.push(log.hints(unknown("pack.unknown-param", param.span, "参数", "param", name), name, &known));
        }
    }
    for (fact, _) in &setting.facts {
        sources.offer.fact(&fact.value, fact.span, log);
    }
    let Some(company) = &sources.offer.company else { return };
    for (account, _) in &setting.balances {
        crate::check::account(&account.value, account.span, company, log);
    }
    let PeopleSource::These(people) = &setting.people else { return };
    let roles: Vec<&str> = company.roles.keys().map(Name::as_str).collect();
    for grant in people.iter().flat_map(|person| &person.roles) {
        let role = grant.role.as_str();
        if !roles.contains(&role) {
            let finding = unknown("pack.unknown-role", setting.people_span, "角色", "role", role);
            log.push(log.hints(finding, role, &roles));
        }
    }
}

fn check_flow_case(case: &FlowCase, sources: &Sources<'_>, log: &Log<'_>) {
    let Some(cast) = Cast::of(&case.flow, &case.setting, sources, log) else { return };
    for act in &case.acts {
        act.by.iter().for_each(|by| cast.person(by));
        match &act.what {
            What::Approve { step, .. }
            | What::Fill { step, .. }
            | What::Vote { step, .. }
            | What::Reject { step }
            | What::Retry { step } => cast.step(step),
            What::Substitute { of, by } => {
                cast.person(of);
                cast.person(by);
            }
            What::Return { step, to, .. } => {
                cast.step(step);
                if !matches!(to.value.as_str(), "initiator" | "previous") {
                    cast.step_name(&to.value, to.span);
                }
            }
            What::Transfer { step, to } => {
                cast.step(step);
                cast.person(to);
            }
            What::Leave { person } => cast.person(person),
            What::Arrives { kind, .. } | What::Submit { about: Some((kind, _)), .. } => {
                sources.offer.fact(&kind.value, kind.span, log);
            }
            What::Submit { about: None, .. }
            | What::Calendar(_)
            | What::Resubmit { .. }
            | What::Withdraw { .. }
            | What::Cancel { .. }
            | What::Comment
            | What::Clock(_) => {}
        }
        act.expect.iter().for_each(|expect| cast.expect(expect, act.span));
    }
    cast.expect(&case.expect, case.flow.span);
}

fn check_map(map: &Map, sources: &Sources<'_>, log: &Log<'_>) {
    let Some(cast) = Cast::of(&map.flow, &map.setting, sources, log) else { return };
    cast.person(&map.initiator);
    for act in &map.acts {
        cast.step(&act.step);
        cast.person(&act.by);
    }
    if let Some(lanes) = &map.lanes {
        cast.step(&lanes.step);
        cast.person(&lanes.by);
    }
}
