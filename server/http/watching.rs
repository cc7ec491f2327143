//! Who has lately looked at which request: they may be told that it changed, without asking the database again.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use zhupi_domain::{CompanyId, InstanceId, Instant, PersonId};

/// A look counts for an hour; a page that is still open looks again when it is told something.
const SECONDS: i64 = 3600;
const MAX_LOOKS: usize = 100_000;

type Look = (CompanyId, InstanceId, PersonId);

#[derive(Debug, Default)]
pub struct Watching {
    looks: Mutex<BTreeMap<Look, Instant>>,
}

impl Watching {
    /// Notes that a person was shown a request, and so may read it.
    pub fn note(&self, company: &CompanyId, instance: &InstanceId, person: &PersonId, now: Instant) {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        if looks.len() >= MAX_LOOKS {
            looks.retain(|_, at| at.plus_seconds(SECONDS) > now);
        }
        if looks.len() < MAX_LOOKS {
            looks.insert((company.clone(), instance.clone(), person.clone()), now);
        }
    }

    /// Whether a person has looked at a request within the hour.
    pub fn watches(&self, company: &CompanyId, instance: &InstanceId, person: &PersonId, now: Instant) -> bool {
        let looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        let look = looks.get(&(company.clone(), instance.clone(), person.clone()));
        look.is_some_and(|at| at.plus_seconds(SECONDS) > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_of_one_person_at_one_request_for_an_hour() {
        let at = |seconds: i64| Instant::from_micros((1_800_000_000 + seconds) * 1_000_000).unwrap();
        let (company, instance) = (CompanyId::new("pharma"), InstanceId::new("1"));
        let (li, wang) = (PersonId::new("li"), PersonId::new("wang"));
        let watching = Watching::default();
        watching.note(&company, &instance, &li, at(0));
        assert!(watching.watches(&company, &instance, &li, at(3599)));
        assert!(!watching.watches(&company, &instance, &li, at(3600)));
        assert!(!watching.watches(&company, &instance, &wang, at(1)));
        assert!(!watching.watches(&CompanyId::new("hospital"), &instance, &li, at(1)));
    }
}
