//! All files of a pack, read.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::{Diagnostic, Diagnostics, Name, Severity, Text};
use zhupi_forms::Form;
use zhupi_policies::{Libraries, LibrarySource, Param, Params, Policy, PolicyName};

use crate::check::{self, Offer};
use crate::libraries::{self, Entry};
use crate::paths::{self, FileKind};
use crate::read::contract::ContractSource;
use crate::read::flow::FlowSource;
use crate::read::params::ParamSource;
use crate::read::{self, Log};
use crate::seeds::{self, Seeds};
use crate::yaml::{self, Node};

/// A pack while it is read and checked.
#[derive(Debug, Default)]
pub struct Sources<'a> {
    pub offer: Offer,
    pub flows: BTreeMap<Name, Option<FlowSource>>,
    pub params: Params,
    /// What the spreadsheets name, where they are there.
    pub seeds: Seeds,
    pub policies: BTreeMap<PolicyName, Policy>,
    /// The trees of case and map files, by path.
    pub cases: BTreeMap<&'a str, Node>,
    pub maps: BTreeMap<&'a str, Node>,
    logs: BTreeMap<&'a str, Log<'a>>,
    /// What belongs to no file that could be read.
    loose: Diagnostics,
    scripts: BTreeMap<PolicyName, &'a str>,
    unread_scripts: BTreeSet<PolicyName>,
    /// A file of params could not be read, so that nobody can be blamed for a name that may be in it.
    params_missing: bool,
    /// The same of a file of maps.
    maps_missing: bool,
    people: Option<&'a str>,
    departments: Option<&'a str>,
    calendars: BTreeMap<i32, (&'a str, &'a str)>,
    unlisted_params: Vec<ParamSource>,
    /// Params of libraries: they count where the pack has none of their name.
    lent_params: Vec<ParamSource>,
    /// Where files of libraries lie, by what they count as.
    lent: BTreeMap<&'a str, &'a str>,
    /// Params of which a part could not be read: what is missing of them is no finding of its own.
    partial_params: BTreeSet<Name>,
}

impl<'a> Sources<'a> {
    /// Reads every file; the problems stay in its logs. `unread` are files that are there and could not be read.
    pub fn read(files: &'a BTreeMap<String, String>, unread: &BTreeMap<String, Diagnostic>) -> Self {
        let mut sources = Self::default();
        if let Some(problem) = paths::too_much(files) {
            sources.loose.push(problem);
            return sources;
        }
        for (path, finding) in unread {
            sources.loose.push(finding.clone());
            sources.unread(path);
        }
        let (entries, wrong) = libraries::entries(files);
        sources.loose.extend(wrong);
        for entry in entries {
            if entry.path != entry.name {
                sources.lent.insert(entry.name, entry.path);
            }
            sources.file(&entry);
        }
        sources.uses(files);
        if !files.contains_key("company.yaml") && !unread.contains_key("company.yaml") {
            sources.loose.push(no_company());
        }
        sources.params();
        sources.compile();
        sources.seeds();
        sources
    }

    fn file(&mut self, entry: &Entry<'a>) {
        let (path, text) = (entry.name, entry.text);
        let log = Log::new(path, text);
        match entry.kind.clone() {
            FileKind::Company => self.offer.company = tree(&log).and_then(|root| read::company::company(&root, &log)),
            FileKind::Flow(name) => {
                let flow = tree(&log).and_then(|root| read::flow::flow(&root, &log));
                check_flow_name(&name, flow.as_ref(), &log);
                self.flows.insert(name, flow);
            }
            FileKind::Form(name) => drop(self.offer.forms.insert(name, form(&log))),
            FileKind::Fact(name) => drop(self.offer.facts.insert(name, fact(&log))),
            FileKind::Contract(name) => {
                let contract = tree(&log).and_then(|root| read::contract::contract(&name, &root, &log));
                self.offer.contracts.insert(name, contract);
            }
            FileKind::Script(name) => drop(self.scripts.insert(name, text)),
            FileKind::Params => {
                let root = tree(&log);
                self.params_missing |= root.is_none();
                let read = root.map(|root| read::params::params(&root, &log)).unwrap_or_default();
                let list = if entry.lent { &mut self.lent_params } else { &mut self.unlisted_params };
                list.extend(read);
            }
            FileKind::Cases => drop(tree(&log).map(|root| self.cases.insert(path, root))),
            FileKind::Maps => {
                let root = tree(&log);
                self.maps_missing |= root.is_none();
                root.map(|root| self.maps.insert(path, root));
            }
            FileKind::People => self.people = Some(text),
            FileKind::Departments => self.departments = Some(text),
            FileKind::Calendar(year) => drop(self.calendars.insert(year, (path, text))),
            FileKind::Other => return,
        }
        self.logs.insert(path, log);
    }

    /// Keeps the name of a file that could not be read, so that who uses it is not blamed.
    fn unread(&mut self, path: &str) {
        match paths::kind(path) {
            Ok(FileKind::Flow(name)) => drop(self.flows.insert(name, None)),
            Ok(FileKind::Form(name)) => drop(self.offer.forms.insert(name, None)),
            Ok(FileKind::Fact(name)) => drop(self.offer.facts.insert(name, None)),
            Ok(FileKind::Contract(name)) => drop(self.offer.contracts.insert(name, None)),
            Ok(FileKind::Script(name)) => drop(self.unread_scripts.insert(name)),
            Ok(FileKind::Params) => self.params_missing = true,
            Ok(FileKind::Maps) => self.maps_missing = true,
            _ => {}
        }
    }

    fn params(&mut self) {
        let mut read = std::mem::take(&mut self.unlisted_params);
        let own: BTreeSet<Name> = read.iter().map(|source| source.param.name.clone()).collect();
        let lent = std::mem::take(&mut self.lent_params);
        read.extend(lent.into_iter().filter(|source| !own.contains(&source.param.name)));
        let partial = read.iter().filter(|source| !source.whole).map(|source| source.param.name.clone());
        self.partial_params = partial.collect();
        let params: Vec<Param> = read.into_iter().map(|source| source.param).collect();
        self.params = Params::new(params.clone()).unwrap_or_else(|findings| {
            self.loose.extend(findings);
            // Nothing can be released now; the names stay known, so that their users are not blamed.
            self.partial_params = params.iter().map(|param| param.name.clone()).collect();
            Params::new(emptied(params)).unwrap_or_default()
        });
    }

    /// Compiles scripts with their contracts; a script without a contract is a library, imported by its path below `policies/`.
    fn compile(&mut self) {
        let library = |(name, text): (&PolicyName, &&str)| {
            (name.as_str().replace('.', "/"), LibrarySource { file: name.script_file(), text: (*text).to_owned() })
        };
        let libraries = self.scripts.iter().filter(|(name, _)| !self.offer.contracts.contains_key(*name)).map(library);
        // One broken library takes nothing else with it: its findings stand beside those of every other script.
        let (libraries, findings) = Libraries::compile_each(&libraries.collect());
        self.loose.extend(findings);
        for (name, contract) in &self.offer.contracts {
            let Some(script) = self.scripts.get(name) else {
                if !self.unread_scripts.contains(name) {
                    self.loose.push(no_script(name));
                }
                continue;
            };
            let Some(contract) = contract else { continue };
            match Policy::compile(contract.contract.clone(), script, &libraries) {
                Ok(policy) => drop(self.policies.insert(name.clone(), policy)),
                Err(findings) => self.loose.extend(findings),
            }
        }
    }

    /// Libraries that are used have to be there, and what is there has to be used.
    fn uses(&mut self, files: &'a BTreeMap<String, String>) {
        let present = libraries::present(files);
        let Some(company) = &mut self.offer.company else { return };
        self.loose.extend(libraries::check(&company.uses, &present));
    }

    fn seeds(&mut self) {
        let (days, findings) = seeds::days(&self.calendars);
        self.loose.extend(findings);
        self.seeds.days = days;
        if self.people.is_none() && self.departments.is_none() {
            return;
        }
        let Some(company) = &self.offer.company else { return };
        let (directory, findings) = seeds::read(self.people, self.departments, company);
        self.loose.extend(findings);
        self.offer.people = self.people.map(|_| directory.clone());
        self.seeds.directory = directory;
    }

    /// Looks at everything that needs more than one file.
    pub fn check(&mut self) {
        if let Some(log) = self.logs.get("company.yaml") {
            check::company(&self.offer, log);
        }
        for (name, flow) in &self.flows {
            if let (Some(flow), Some(log)) = (flow, self.logs.get(format!("flows/{name}.yaml").as_str())) {
                check::flow(flow, &self.offer, log);
            }
        }
        for (name, contract) in &self.offer.contracts {
            if let (Some(contract), Some(log)) = (contract, self.logs.get(name.contract_file().as_str())) {
                check::contract(contract, &self.params, &self.offer, log);
            }
        }
        for (forms, folder) in [(&self.offer.forms, "forms"), (&self.offer.facts, "facts")] {
            for (name, form) in forms {
                if let (Some(form), Some(log)) = (form, self.logs.get(format!("{folder}/{name}.json").as_str())) {
                    check::lookups(form, folder == "facts", &self.offer, log);
                }
            }
        }
        self.loose.extend(self.whole_params().lint());
        for policy in self.policies.values() {
            // Params that contracts name are looked at with the contracts, at the very word.
            let contract = policy.contract().policy.contract_file();
            let known = |finding: &Diagnostic| finding.code == "policy-unknown-param" && finding.file == contract;
            self.loose.extend(policy.lint(&self.params).into_iter().filter(|finding| !known(finding)));
        }
        if self.policies.len() == self.offer.contracts.len() {
            self.loose.extend(zhupi_policies::unread_params(self.policies.values(), &self.params));
        }
        let complete = self.flows.values().all(Option::is_some) && self.offer.contracts.values().all(Option::is_some);
        if complete {
            self.loose.extend(check::unused::findings(&self.offer));
        }
    }

    /// The params that were read as a whole.
    fn whole_params(&self) -> Params {
        let whole = self.params.iter().filter(|param| !self.partial_params.contains(&param.name)).cloned();
        Params::new(whole.collect()).unwrap_or_default()
    }

    /// The log of a file.
    pub fn log(&self, path: &str) -> Option<&Log<'a>> {
        self.logs.get(path)
    }

    pub fn contract(&self, name: &PolicyName) -> Option<&ContractSource> {
        self.offer.contracts.get(name)?.as_ref()
    }

    /// Every finding so far, in the order of files and places.
    pub fn take_findings(&mut self) -> Diagnostics {
        let mut found: Diagnostics = std::mem::take(&mut self.loose);
        found.extend(self.logs.values().flat_map(Log::take));
        let later = found.iter().any(|finding| finding.code.ends_with("not-yet-supported"));
        found.retain(|finding| !self.is_blamed_for_others(finding));
        found.retain(|finding| !(self.is_lent(&finding.file) && UNUSED.contains(&finding.code)));
        for finding in &mut found {
            if let Some(path) = self.lent.get(finding.file.as_str()) {
                finding.file = (*path).to_owned();
            }
        }
        if later {
            // What is not read yet may use it.
            found.retain(|finding| finding.code != "pack.unused");
        }
        sort(&mut found);
        found
    }
}

impl Sources<'_> {
    fn is_lent(&self, file: &str) -> bool {
        self.lent.contains_key(file) || libraries::inside(file).is_some()
    }

    /// Whether a name is only unknown because the file is missing that may define it.
    fn is_blamed_for_others(&self, finding: &Diagnostic) -> bool {
        let mapped = finding.code == "pack.unknown-policy" && finding.file.starts_with("cases/");
        (self.params_missing && UNKNOWN_PARAM.contains(&finding.code)) || (self.maps_missing && mapped)
    }
}

/// What is found about names that nothing uses: a library offers more than a pack takes.
const UNUSED: [&str; 2] = ["pack.unused", "S02"];

/// What is found about names that no param has.
const UNKNOWN_PARAM: [&str; 2] = ["pack.unknown-param", "policy-unknown-param"];

/// By file, place, gravest first; nothing twice.
pub fn sort(found: &mut Diagnostics) {
    let key = |d: &Diagnostic| {
        (
            d.file.clone(),
            d.span.map(|span| (span.start, span.end)),
            std::cmp::Reverse(d.severity),
            d.code,
            d.message.clone(),
        )
    };
    found.sort_by_cached_key(key);
    found.dedup();
}

/// Whether nothing stands against a release.
pub fn is_clean(found: &[Diagnostic]) -> bool {
    found.iter().all(|finding| finding.severity != Severity::Error)
}

/// Every name once, without values.
fn emptied(params: Vec<Param>) -> Vec<Param> {
    let named: BTreeMap<Name, Param> =
        params.into_iter().map(|param| (param.name.clone(), Param { values: Vec::new(), ..param })).collect();
    named.into_values().collect()
}

fn tree(log: &Log<'_>) -> Option<Node> {
    let parsed = yaml::parse(log.source);
    log.extend(parsed.problems);
    parsed.root
}

fn form(log: &Log<'_>) -> Option<Form> {
    match Form::read(log.source) {
        Ok(form) => {
            log.extend(form.warnings().iter().cloned());
            if !form.key().is_empty() {
                log.push(Diagnostic::warning(
                    "form.key",
                    None,
                    Text::new("`x-key` 只在 facts/ 里有意义", "`x-key` means something in facts/ only"),
                ));
            }
            Some(form)
        }
        Err(findings) => {
            log.extend(findings);
            None
        }
    }
}

fn fact(log: &Log<'_>) -> Option<Form> {
    match Form::read(log.source) {
        Ok(form) => {
            log.extend(form.warnings().iter().cloned());
            Some(form)
        }
        Err(findings) => {
            log.extend(findings);
            None
        }
    }
}

fn check_flow_name(name: &Name, flow: Option<&FlowSource>, log: &Log<'_>) {
    let Some(said) = flow.map(|flow| &flow.name).filter(|said| said.value != *name) else { return };
    log.push(
        Diagnostic::error(
            "flow.name",
            said.span,
            Text::new(
                format!("文件名是 `{name}`，里面却写着 `{}`", said.value),
                format!("the file is called `{name}`, but it says `{}`", said.value),
            ),
        )
        .hint(Text::new("两者要一致", "both have to be the same")),
    );
}

fn no_company() -> Diagnostic {
    Diagnostic::error("pack.no-company", None, Text::new("缺少 company.yaml", "company.yaml is missing"))
        .hint(Text::new("每个配置包都要有 company.yaml", "every pack has a company.yaml"))
        .in_file("company.yaml")
}

fn no_script(name: &PolicyName) -> Diagnostic {
    let script = name.script_file();
    Diagnostic::error(
        "contract.no-script",
        None,
        Text::new(format!("缺少脚本 {script}"), format!("the script {script} is missing")),
    )
    .in_file(name.contract_file())
}
