//! Substitutes 代理: who acts for whom, from when to when, in which flows.
//!
//! Nothing has to happen for it to begin or end: whoever asks says the date. Substitutes have no substitutes.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::directory::{Directory, Person};
use crate::{Name, PersonId};

/// Somebody who acts for a person 代理, beside them: whoever acts first has acted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Substitute {
    pub person: PersonId,
    /// From this local date on; none: at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Up to the end of this local date; none: until it is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// Only in these flows; empty: in all.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub flows: BTreeSet<Name>,
}

/// Why somebody cannot be named a substitute.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotNamed {
    #[error("nobody of that id works here")]
    NotHere,
    #[error("nobody is their own substitute")]
    Themselves,
    #[error("it ends before it begins")]
    EndsBeforeItBegins,
    /// They are named already, for days and flows that overlap with these.
    #[error("they are named already for some of these days and flows")]
    Twice(Substitute),
    /// People on the way from the substitute back to whom they would act for.
    #[error("they would act for each other")]
    Circle(Vec<PersonId>),
}

impl fmt::Display for Substitute {
    /// As the log writes it: `zhao 2026-08-01/2026-08-15 bad-debt`, with `..` for a date that is left open.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = |date: Option<NaiveDate>| date.map_or_else(|| "..".to_owned(), |date| date.to_string());
        write!(f, "{} {}/{}", self.person, date(self.from), date(self.until))?;
        self.flows.iter().try_for_each(|flow| write!(f, " {flow}"))
    }
}

impl Substitute {
    /// Whether they act on a date in a flow.
    pub fn acts(&self, flow: &Name, on: NaiveDate) -> bool {
        self.is_on(on) && (self.flows.is_empty() || self.flows.contains(flow))
    }

    /// Whether a date is one of its days.
    pub fn is_on(&self, on: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= on) && !self.is_over(on)
    }

    /// Whether its last day is before a date.
    pub fn is_over(&self, on: NaiveDate) -> bool {
        self.until.is_some_and(|until| until < on)
    }

    /// Whether there is a day and a flow that both are for.
    pub fn overlaps(&self, other: &Self) -> bool {
        let before = |a: &Self, b: &Self| a.until.zip(b.from).is_some_and(|(until, from)| until < from);
        let flows = self.flows.is_empty() || other.flows.is_empty() || !self.flows.is_disjoint(&other.flows);
        flows && !before(self, other) && !before(other, self)
    }
}

impl Directory {
    /// Who acts for a person on a date in a flow, as far as they are here.
    pub fn substitutes(&self, of: &PersonId, flow: &Name, on: NaiveDate) -> impl Iterator<Item = &Person> {
        let named = self.people.get(of).into_iter().flat_map(|person| &person.substitutes);
        let acting = named.filter(move |substitute| substitute.acts(flow, on));
        acting.filter_map(|substitute| self.active(&substitute.person))
    }

    /// Whether one person acts for another on a date in a flow.
    pub fn stands_in(&self, person: &PersonId, of: &PersonId, flow: &Name, on: NaiveDate) -> bool {
        self.substitutes(of, flow, on).any(|substitute| substitute.id == *person)
    }

    /// Everybody for whom a person was named, with what was said; also what is over or not yet begun.
    pub fn named_for<'a>(&'a self, person: &'a PersonId) -> impl Iterator<Item = (&'a Person, &'a Substitute)> {
        self.people.values().flat_map(move |of| {
            let mine = of.substitutes.iter().filter(move |substitute| substitute.person == *person);
            mine.map(move |substitute| (of, substitute))
        })
    }

    /// Whether somebody can be named a substitute of a person, beside those who are.
    pub fn can_name(&self, of: &PersonId, named: &Substitute) -> Result<(), NotNamed> {
        if named.person == *of {
            return Err(NotNamed::Themselves);
        }
        if self.active(&named.person).is_none() {
            return Err(NotNamed::NotHere);
        }
        if named.from.zip(named.until).is_some_and(|(from, until)| until < from) {
            return Err(NotNamed::EndsBeforeItBegins);
        }
        let beside = self.people.get(of).into_iter().flat_map(|person| &person.substitutes);
        if let Some(twice) = beside.into_iter().find(|other| other.person == named.person && other.overlaps(named)) {
            return Err(NotNamed::Twice(twice.clone()));
        }
        match self.way_back(of, named) {
            Some(way) => Err(NotNamed::Circle(way)),
            None => Ok(()),
        }
    }

    /// The way from a substitute back to a person, by those who are named for some of the same days and flows.
    fn way_back(&self, to: &PersonId, named: &Substitute) -> Option<Vec<PersonId>> {
        let mut ways = vec![vec![named.person.clone()]];
        let mut met = BTreeSet::from([named.person.clone()]);
        while let Some(way) = ways.pop() {
            let here = way.last().and_then(|last| self.people.get(last));
            for next in here.iter().flat_map(|person| &person.substitutes).filter(|next| next.overlaps(named)) {
                if next.person == *to {
                    return Some(way);
                }
                if met.insert(next.person.clone()) {
                    ways.push(way.iter().chain([&next.person]).cloned().collect());
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::Locale;

    fn on(day: &str) -> NaiveDate {
        day.parse().unwrap_or_else(|e| panic!("{day}: {e}"))
    }

    fn flow(name: &str) -> Name {
        Name::new(name).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    fn id(text: &str) -> PersonId {
        PersonId::new(text)
    }

    /// `zhao 2026-08-01 2026-08-15 bad-debt`; `-` leaves a date open, no flow means all.
    fn substitute(text: &str) -> Substitute {
        let mut words = text.split(' ');
        let person = PersonId::new(words.next().unwrap_or_default());
        let mut date = || words.next().filter(|word| *word != "-").map(on);
        let (from, until) = (date(), date());
        Substitute { person, from, until, flows: words.map(flow).collect() }
    }

    /// Everybody who is named, with their substitutes.
    fn firm(named: &[(&str, &str)]) -> Directory {
        let mut firm = Directory::default();
        for who in ["li", "zhao", "wang", "chen", "gone"] {
            let person = Person {
                id: id(who),
                name: who.into(),
                login: None,
                email: None,
                department: None,
                post: None,
                roles: BTreeSet::new(),
                manager: None,
                attributes: BTreeMap::new(),
                language: Locale::Zh,
                substitutes: Vec::new(),
                active: who != "gone",
            };
            firm.people.insert(person.id.clone(), person);
        }
        for (of, text) in named {
            firm.people.entry(id(of)).and_modify(|person| person.substitutes.push(substitute(text)));
        }
        firm
    }

    #[test]
    fn a_substitute_acts_from_the_first_day_to_the_last_and_only_in_their_flows() {
        let firm = firm(&[("li", "zhao 2026-08-01 2026-08-15 bad-debt"), ("li", "gone - -")]);
        let acts = |day, name| firm.stands_in(&id("zhao"), &id("li"), &flow(name), on(day));
        assert!(!acts("2026-07-31", "bad-debt"));
        assert!(acts("2026-08-01", "bad-debt") && acts("2026-08-15", "bad-debt"));
        assert!(!acts("2026-08-16", "bad-debt"), "it is over without anything having happened");
        assert!(!acts("2026-08-10", "expense"));
        assert!(
            !firm.stands_in(&id("gone"), &id("li"), &flow("expense"), on("2026-08-10")),
            "who has left acts no more"
        );
    }

    #[test]
    fn nobody_acts_for_themselves_backwards_in_time_or_after_leaving() {
        let firm = firm(&[]);
        assert_eq!(firm.can_name(&id("li"), &substitute("li - -")), Err(NotNamed::Themselves));
        assert_eq!(firm.can_name(&id("li"), &substitute("gone - -")), Err(NotNamed::NotHere));
        assert_eq!(firm.can_name(&id("li"), &substitute("nobody - -")), Err(NotNamed::NotHere));
        let backwards = substitute("zhao 2026-08-02 2026-08-01");
        assert_eq!(firm.can_name(&id("li"), &backwards), Err(NotNamed::EndsBeforeItBegins));
        assert_eq!(firm.can_name(&id("li"), &substitute("zhao 2026-08-01 2026-08-01")), Ok(()), "one day is enough");
    }

    #[test]
    fn the_same_person_is_named_once_for_a_day_and_a_flow() {
        let firm = firm(&[("li", "zhao 2026-08-01 2026-08-15 bad-debt")]);
        let twice = |text| matches!(firm.can_name(&id("li"), &substitute(text)), Err(NotNamed::Twice(_)));
        assert!(twice("zhao 2026-08-15 - bad-debt expense"));
        assert!(twice("zhao - -"), "all flows hold that one too");
        assert!(!twice("zhao 2026-08-16 -"));
        assert!(!twice("zhao - - expense"));
        assert!(!twice("wang - -"), "another one may act beside them");
    }

    #[test]
    fn nobody_comes_back_to_themselves_while_the_days_overlap() {
        let firm = firm(&[("zhao", "wang 2026-08-01 2026-08-15"), ("wang", "chen 2026-08-10 - expense")]);
        let circle = |of, text| firm.can_name(&id(of), &substitute(text));
        assert_eq!(circle("wang", "zhao 2026-08-15 -"), Err(NotNamed::Circle(vec![id("zhao")])));
        assert_eq!(circle("wang", "zhao 2026-08-16 -"), Ok(()), "by then it is over");
        let long = vec![id("zhao"), id("wang")];
        assert_eq!(circle("chen", "zhao 2026-08-12 -"), Err(NotNamed::Circle(long)));
        assert_eq!(circle("chen", "zhao 2026-08-12 - bad-debt"), Ok(()), "in that flow chen acts for nobody");
    }
}
