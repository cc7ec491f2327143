//! Whether the facts that policies read are those that were recorded: by the requests whose events hold them, and by imports,
//! whose events hold their digest.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use zhupi_domain::{CompanyId, ContentHash, InstanceId, Instant};
use zhupi_engine::{Event, EventKind};
use zhupi_store::{Change, Fact, Stream};

use crate::{App, AppError};

/// One import: what kind of fact, when, by whom.
type Import = (String, Instant, String);

/// The facts that there are events of.
#[derive(Default)]
pub(super) struct Evidence {
    /// What each request recorded; none where nobody can tell any more.
    recorded: BTreeMap<InstanceId, Option<Vec<ContentHash>>>,
    /// The digest of each import; none where its event does not hold one.
    imported: BTreeMap<Import, Option<String>>,
    /// When and by whom imports were made whose events were erased: nobody can tell any more what they recorded.
    erased: BTreeSet<(Instant, String)>,
}

impl Evidence {
    /// Begins anew with a request.
    pub fn forget(&mut self, instance: &InstanceId) {
        self.recorded.insert(instance.clone(), Some(Vec::new()));
    }

    pub fn unknown(&mut self, instance: InstanceId) {
        self.recorded.insert(instance, None);
    }

    pub fn hear(&mut self, instance: &InstanceId, event: &Event) {
        let EventKind::MachineDone { value, .. } = &event.kind else { return };
        let (Some(kind), Some(body)) = (value.get("fact").and_then(Value::as_str), value.get("body")) else { return };
        if let Some(Some(recorded)) = self.recorded.get_mut(instance) {
            recorded.push(hash(kind, "", &body.to_string()));
        }
    }
}

/// The digest of what an import records, which its event keeps.
pub(crate) fn digest(changes: &[Change]) -> String {
    let facts = changes.iter().filter_map(|change| match change {
        Change::RecordFact { fact, .. } => Some(hash_of(fact)),
        _ => None,
    });
    digest_of(facts.collect())
}

fn digest_of(mut facts: Vec<ContentHash>) -> String {
    facts.sort();
    let parts: Vec<&[u8]> = facts.iter().map(|fact| fact.as_bytes().as_slice()).collect();
    ContentHash::of(&parts).to_string()
}

fn hash_of(fact: &Fact) -> ContentHash {
    hash(fact.kind.as_str(), &fact.id, &fact.body)
}

fn hash(kind: &str, id: &str, body: &str) -> ContentHash {
    let (kind_length, id_length) = ((kind.len() as u64).to_be_bytes(), (id.len() as u64).to_be_bytes());
    ContentHash::of(&[&kind_length, kind.as_bytes(), &id_length, id.as_bytes(), body.as_bytes()])
}

impl App {
    /// Reads the events of all imports.
    pub(super) async fn hear_imports(&self, company: &CompanyId, evidence: &mut Evidence) -> Result<(), AppError> {
        let mut after = 0;
        loop {
            let page = self.store().timeline(company, &Stream::Facts, after, zhupi_store::MAX_PAGE).await?;
            for event in page.items {
                let Some(body) = event.payload.body() else {
                    evidence.erased.insert((event.at, event.actor));
                    continue;
                };
                let said: Option<Value> = serde_json::from_str(body).ok();
                let text = |key| said.as_ref()?.get(key)?.as_str().map(str::to_owned);
                let Some(kind) = text("fact") else { continue };
                evidence.imported.insert((kind, event.at, event.actor), text("digest"));
            }
            match page.next {
                Some(next) => after = next,
                None => return Ok(()),
            }
        }
    }

    /// Where the facts are not those of the evidence, which was gathered before.
    pub(super) async fn facts_unlike(
        &self,
        company: &CompanyId,
        evidence: Evidence,
    ) -> Result<BTreeSet<String>, AppError> {
        let (recorded, imported) = self.facts_there(company).await?;
        let mut unlike = BTreeSet::new();
        let mut requests: BTreeSet<&InstanceId> = recorded.keys().collect();
        requests.extend(evidence.recorded.keys());
        for request in requests {
            let there = recorded.get(request).map(Vec::as_slice).unwrap_or_default();
            let known = match evidence.recorded.get(request) {
                Some(None) => continue,
                Some(Some(known)) => known.as_slice(),
                None => &[],
            };
            if !is_within(known, there)
                || !is_within(there, known) && !self.recorded_since(company, request, there).await?
            {
                unlike.insert(format!("instance {request}"));
            }
        }
        let mut now = Evidence::default();
        self.hear_imports(company, &mut now).await?;
        let mut imports: BTreeSet<&Import> = imported.keys().collect();
        imports.extend(evidence.imported.keys());
        for import in imports {
            let there = imported.get(import).map(|facts| digest_of(facts.clone()));
            let is_known = match now.imported.get(import) {
                Some(Some(digest)) => there.as_ref() == Some(digest),
                Some(None) => true,
                None => now.erased.contains(&(import.1, import.2.clone())),
            };
            if !is_known {
                unlike.insert(format!("facts {} {} {}", import.0, import.1, import.2));
            }
        }
        Ok(unlike)
    }

    /// Whether events that came after the evidence was gathered account for what is there.
    async fn recorded_since(
        &self,
        company: &CompanyId,
        request: &InstanceId,
        there: &[ContentHash],
    ) -> Result<bool, AppError> {
        let mut now = Evidence::default();
        now.forget(request);
        self.each_event(company, request, |event| now.hear(request, &event)).await?;
        Ok(matches!(now.recorded.get(request), Some(Some(known)) if is_within(there, known)))
    }

    /// All facts: by the request that recorded them, and by the import.
    async fn facts_there(&self, company: &CompanyId) -> Result<There, AppError> {
        let (mut recorded, mut imported, mut after) = (BTreeMap::new(), BTreeMap::new(), None);
        loop {
            let page = self.store().facts_of_company(company, after.as_ref(), zhupi_store::MAX_PAGE).await?;
            for fact in page.items {
                match &fact.instance {
                    Some(request) => {
                        let facts: &mut Vec<ContentHash> = recorded.entry(request.clone()).or_default();
                        facts.push(hash(fact.kind.as_str(), "", &fact.body));
                    }
                    None => {
                        let import = (fact.kind.to_string(), fact.recorded_at, fact.recorded_by.clone());
                        let facts: &mut Vec<ContentHash> = imported.entry(import).or_default();
                        facts.push(hash_of(&fact));
                    }
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok((recorded, imported)),
            }
        }
    }
}

type There = (BTreeMap<InstanceId, Vec<ContentHash>>, BTreeMap<Import, Vec<ContentHash>>);

/// Whether each of some facts is among others, as often.
fn is_within(some: &[ContentHash], others: &[ContentHash]) -> bool {
    let mut left: BTreeMap<&ContentHash, usize> = BTreeMap::new();
    others.iter().for_each(|fact| *left.entry(fact).or_default() += 1);
    some.iter().all(|fact| match left.get_mut(fact) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    })
}
