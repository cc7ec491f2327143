//! A release: one immutable snapshot of a pack, ready to be asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use zhupi_domain::expr::Expr;
use zhupi_domain::{ContentHash, Diagnostic, Diagnostics, Name, ReleaseHash, Text};
use zhupi_engine::{Flow, MoveKind};
use zhupi_forms::Form;
use zhupi_policies::{Params, Policy, PolicyName};

use crate::company::Company;
use crate::libraries;
use crate::number::NumberFormat;
use crate::paths;
use crate::read::flow::FlowSource;
use crate::read::step::KindSource;
use crate::sources::{self, Sources};
use crate::starts::Starts;

/// One content-hashed snapshot of a pack; cheap to clone, shared by all threads.
#[derive(Debug, Clone)]
pub struct Release {
    content: Arc<Content>,
    params: Arc<Params>,
}

#[derive(Debug)]
struct Content {
    hash: ReleaseHash,
    body: String,
    files: BTreeMap<String, String>,
    company: Company,
    flows: BTreeMap<Name, Arc<Flow>>,
    starts: BTreeMap<Name, Starts>,
    forms: BTreeMap<Name, Form>,
    facts: BTreeMap<Name, Form>,
    policies: BTreeMap<PolicyName, Policy>,
    /// What facts must equal to feed an input, by policy and input.
    matches: BTreeMap<PolicyName, BTreeMap<Name, Vec<(Name, Expr)>>>,
}

impl Release {
    /// Builds a release out of sources that were read; none where a part of them could not be.
    pub(crate) fn build(files: &BTreeMap<String, String>, sources: Sources<'_>) -> Option<Self> {
        let body = body(files);
        let (flows, starts, matches) = (flows(&sources)?, starts(&sources)?, matches(&sources)?);
        let whole = |forms: BTreeMap<Name, Option<Form>>| {
            forms.into_iter().map(|(name, form)| Some((name, form?))).collect::<Option<BTreeMap<_, _>>>()
        };
        let complete = sources.policies.len() == sources.offer.contracts.len();
        complete.then_some(())?;
        let content = Arc::new(Content {
            hash: hash(&body),
            body,
            files: released(files).map(|(path, text)| (path.clone(), text.clone())).collect(),
            company: sources.offer.company?,
            flows,
            starts,
            forms: whole(sources.offer.forms)?,
            facts: whole(sources.offer.facts)?,
            policies: sources.policies,
            matches,
        });
        Some(Self { content, params: Arc::new(sources.params) })
    }

    /// Reads a release back from its body.
    ///
    /// It has to be readable without an error, but is not checked: a check that a later version of the product adds must not
    /// stop requests that are already on their way.
    pub fn from_body(body: &str) -> Result<Self, Diagnostics> {
        let files: BTreeMap<String, String> = serde_json::from_str(body).map_err(|error| {
            let message = Text::new("版本内容读不出来", format!("the body of the release cannot be read: {error}"));
            vec![Diagnostic::error("release.body", None, message)]
        })?;
        let mut sources = Sources::read(&files, &BTreeMap::new());
        let found = sources.take_findings();
        let built = if may_release(&found) { Self::build(&files, sources) } else { None };
        built.ok_or(found)
    }

    /// The content hash: SHA-256 of [`Release::body`].
    pub fn hash(&self) -> ReleaseHash {
        self.content.hash
    }

    /// The canonical text of the release: a JSON object from path to text, paths in byte order, no white space between.
    pub fn body(&self) -> &str {
        &self.content.body
    }

    /// The files of the release, by path.
    pub fn files(&self) -> &BTreeMap<String, String> {
        &self.content.files
    }

    /// The text of what counts as a file, the pack's own or a library's.
    pub fn text(&self, name: &str) -> Option<&str> {
        libraries::text(&self.content.files, name)
    }

    pub fn company(&self) -> &Company {
        &self.content.company
    }

    pub fn flows(&self) -> &BTreeMap<Name, Arc<Flow>> {
        &self.content.flows
    }

    pub fn flow(&self, name: &Name) -> Option<&Arc<Flow>> {
        self.content.flows.get(name)
    }

    /// What begins and ends requests by itself or about a record, by flow.
    pub fn starts(&self) -> &BTreeMap<Name, Starts> {
        &self.content.starts
    }

    pub fn form(&self, name: &Name) -> Option<&Form> {
        self.content.forms.get(name)
    }

    pub fn forms(&self) -> &BTreeMap<Name, Form> {
        &self.content.forms
    }

    /// The form that describes a kind of fact.
    pub fn fact(&self, name: &Name) -> Option<&Form> {
        self.content.facts.get(name)
    }

    pub fn facts(&self) -> &BTreeMap<Name, Form> {
        &self.content.facts
    }

    pub fn policy(&self, name: &str) -> Option<&Policy> {
        self.content.policies.get(&PolicyName::new(name).ok()?)
    }

    pub fn policies(&self) -> &BTreeMap<PolicyName, Policy> {
        &self.content.policies
    }

    pub fn params(&self) -> &Params {
        &self.params
    }

    /// The same release with other params, for playing a case.
    pub(crate) fn with_params(&self, params: Params) -> Self {
        Self { content: self.content.clone(), params: Arc::new(params) }
    }

    /// What facts must equal to feed an input of a policy.
    pub(crate) fn matches(&self, policy: &PolicyName, input: &Name) -> &[(Name, Expr)] {
        self.content.matches.get(policy).and_then(|inputs| inputs.get(input)).map_or(&[], Vec::as_slice)
    }

    /// How the numbers of a flow look.
    pub fn number_format(&self, flow: &Flow) -> NumberFormat {
        let written = flow.number.as_deref().and_then(|source| NumberFormat::parse(source).ok());
        written.unwrap_or_else(|| NumberFormat::default_of(flow.name.as_str()))
    }
}

/// The files that a release holds.
fn released(files: &BTreeMap<String, String>) -> impl Iterator<Item = (&String, &String)> {
    files.iter().filter(|(path, _)| paths::kind(path).is_ok_and(|kind| kind.is_released()))
}

fn body(files: &BTreeMap<String, String>) -> String {
    let released: BTreeMap<&String, &String> = released(files).collect();
    // A map of texts to texts can always be written.
    serde_json::to_string(&released).unwrap_or_default()
}

fn hash(body: &str) -> ReleaseHash {
    ReleaseHash(ContentHash::of(&[body.as_bytes()]))
}

fn flows(sources: &Sources<'_>) -> Option<BTreeMap<Name, Arc<Flow>>> {
    let titles = |kind: &KindSource| title(kind, sources);
    let company = sources.offer.company.as_ref()?;
    sources
        .flows
        .iter()
        .map(|(name, source)| Some((name.clone(), Arc::new(crate::lower::flow(source.as_ref()?, company, &titles)?))))
        .collect()
}

fn starts(sources: &Sources<'_>) -> Option<BTreeMap<Name, Starts>> {
    let starts = |source: &Option<FlowSource>| crate::lower::starts(source.as_ref()?);
    sources.flows.iter().map(|(name, source)| Some((name.clone(), starts(source)?))).collect()
}

/// The title of a machine step that has none of its own.
fn title(kind: &KindSource, sources: &Sources<'_>) -> Option<Text> {
    match kind {
        KindSource::Human(_) => None,
        KindSource::Policy(policy) => sources.contract(&policy.run.as_ref()?.value)?.contract.title.clone(),
        KindSource::Record(record) => {
            let form = sources.offer.facts.get(&record.fact.as_ref()?.value)?.as_ref()?;
            let title = form.title()?;
            let en = title.en.as_ref().map(|en| format!("Record: {en}"));
            Some(Text { zh: format!("登记{}", title.zh), en })
        }
        KindSource::Archive { .. } => Some(Text::new("存档", "Archive")),
        KindSource::Move(moved) => {
            let company = sources.offer.company.as_ref()?;
            let account = &company.accounts.get(&moved.account.as_ref()?.value)?.title;
            let (zh, en) = match moved.does {
                MoveKind::Reserve => ("占用", "Reserve"),
                MoveKind::Release => ("释放", "Release"),
                MoveKind::Post => ("记入", "Post to"),
            };
            let english = account.en.as_ref().map(|name| format!("{en}: {name}"));
            Some(Text { zh: format!("{zh}{}", account.zh), en: english })
        }
    }
}

type Matches = BTreeMap<PolicyName, BTreeMap<Name, Vec<(Name, Expr)>>>;

fn matches(sources: &Sources<'_>) -> Option<Matches> {
    let of_input = |lines: &Vec<(crate::read::Placed<Name>, crate::read::scalars::Expression)>| {
        lines.iter().map(|(field, value)| (field.value.clone(), value.expr.clone())).collect::<Vec<_>>()
    };
    let contracts = sources.offer.contracts.iter();
    contracts
        .map(|(name, source)| {
            let inputs = source.as_ref()?.matches.iter();
            Some((name.clone(), inputs.map(|(input, lines)| (input.clone(), of_input(lines))).collect()))
        })
        .collect()
}

/// Whether nothing in the findings stands against a release.
pub(crate) fn may_release(found: &[Diagnostic]) -> bool {
    sources::is_clean(found)
}
