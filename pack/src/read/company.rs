//! `company.yaml`: the company itself.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use zhupi_domain::calendar::{MinuteRange, WorkingHours};
use zhupi_domain::{CompanyId, Diagnostic, Locale, Name, Text};
use zhupi_forms::Class;

use super::accounts::accounts;
use super::scalars::{expected, list, name, named, placed_name, string, text, word, years};
use super::vote::committees;
use super::{Fields, Log, Placed};
use crate::company::{Attribute, AttributeType, Can, Claim, Company, Role};
use crate::yaml::{Node, Value};

pub const CLASSES: [(&str, Class); 4] =
    [("public", Class::Public), ("internal", Class::Internal), ("pay", Class::Pay), ("identity", Class::Identity)];
const LANGUAGES: [(&str, Locale); 2] = [("zh", Locale::Zh), ("en", Locale::En)];

/// Reads the company; none where something essential is missing.
pub fn company(root: &Node, log: &Log<'_>) -> Option<Company> {
    let fields = Fields::of(root, log)?;
    let id = fields.required("company", name);
    let title = fields.required("name", text);
    let time_zone = fields.required("time_zone", time_zone);
    let currency = fields.optional("currency", currency).unwrap_or_else(|| "CNY".to_owned());
    let languages = fields.optional("languages", list(word(&LANGUAGES)));
    let hours = fields.optional("working_hours", hours).unwrap_or_default();
    fields.optional("calendar", word(&[("cn", ())]));
    let roles = fields.optional("roles", roles).unwrap_or_default();
    let attributes = fields.optional("people", people).unwrap_or_default();
    let claims = fields.optional("cases", list(claim)).unwrap_or_default();
    let retention_years = fields.optional("retention", retention);
    fields.optional("settings", settings);
    let committees = fields.optional("committees", committees).unwrap_or_default();
    let accounts = fields.optional("accounts", accounts).unwrap_or_default();
    let incompatible = fields.optional("incompatible", list(duties)).unwrap_or_default();
    let uses = fields.optional("use", list(used)).unwrap_or_default();
    super::readings::note(&fields);
    fields.reserved(&["release", "visible"]);
    fields.finish();
    Some(Company {
        id: CompanyId::new(id?.as_str()),
        name: title?,
        time_zone: time_zone?,
        currency,
        languages: languages.unwrap_or_else(|| vec![Locale::Zh, Locale::En]),
        hours,
        roles,
        attributes,
        claims,
        retention_years,
        committees,
        accounts,
        incompatible,
        uses,
    })
}

/// Duties that one person must not do together: at least two roles.
fn duties(node: &Node, log: &Log<'_>) -> Option<Vec<Placed<Name>>> {
    let roles = list(placed_name)(node, log)?;
    if roles.len() < 2 {
        expected(node, log, "至少两个角色", "at least two roles");
    }
    Some(roles)
}

/// The libraries that a company.yaml uses, as far as it can be read.
pub fn uses(source: &str) -> Vec<String> {
    let log = Log::new("company.yaml", source);
    let root = crate::yaml::parse(source).root;
    let fields = root.as_ref().and_then(|root| Fields::of(root, &log));
    let uses = fields.and_then(|fields| fields.optional("use", list(used))).unwrap_or_default();
    uses.into_iter().map(|used| used.value).collect()
}

/// A library such as `library/workplan`, a folder beside the pack's own.
fn used(node: &Node, log: &Log<'_>) -> Option<Placed<String>> {
    let path = string(node, log)?;
    let good = path.strip_prefix("library/").is_some_and(|name| Name::new(name).is_ok());
    if !good {
        expected(node, log, "资料包，如 library/workplan", "a library such as library/workplan");
    }
    good.then(|| Placed::new(path, node.span))
}

fn time_zone(node: &Node, log: &Log<'_>) -> Option<Tz> {
    let zone = string(node, log)?.parse().ok();
    if zone.is_none() {
        expected(node, log, "时区，如 Asia/Shanghai", "a time zone such as Asia/Shanghai");
    }
    zone
}

fn currency(node: &Node, log: &Log<'_>) -> Option<String> {
    let code = string(node, log)?;
    let good = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
    if !good {
        expected(node, log, "币种代码，如 CNY", "a currency code such as CNY");
    }
    good.then_some(code)
}

fn hours(node: &Node, log: &Log<'_>) -> Option<WorkingHours> {
    let ranges = list(|node, log| {
        let text = string(node, log)?;
        MinuteRange::parse(&text)
            .map_err(|error| wrong_hours(node, log, "工作时间写成 09:00-12:00", &error.to_string()))
            .ok()
    })(node, log)?;
    WorkingHours::new(ranges)
        .map_err(|error| wrong_hours(node, log, "工作时间要按先后排列，不能重叠，至少一段", &error.to_string()))
        .ok()
}

fn wrong_hours(node: &Node, log: &Log<'_>, zh: &str, en: &str) {
    log.error("company.hours", node.head(), zh, en);
}

fn roles(node: &Node, log: &Log<'_>) -> Option<BTreeMap<Name, Role>> {
    let fields = Fields::of(node, log)?;
    let roles = fields.rest().into_iter().filter_map(|entry| {
        let name = named(&entry.key, entry.key_span, log);
        let role = if entry.node.is_null() { Some(RoleParts::default()) } else { role(&entry.node, log) };
        let (name, parts) = (name?, role?);
        let title = parts.title.unwrap_or_else(|| Text::same(name.as_str()));
        Some((name, Role { title, can: parts.can, sees: parts.sees, span: entry.key_span }))
    });
    Some(roles.collect())
}

#[derive(Default)]
struct RoleParts {
    title: Option<Text>,
    can: BTreeSet<Can>,
    sees: BTreeSet<Class>,
}

fn role(node: &Node, log: &Log<'_>) -> Option<RoleParts> {
    let fields = Fields::of(node, log)?;
    let can = Can::ALL.map(|can| (can.as_str(), can));
    let parts = RoleParts {
        title: fields.optional("title", text),
        can: fields.optional("can", list(word(&can))).unwrap_or_default().into_iter().collect(),
        sees: fields
            .optional("sees", list(word(&[("pay", Class::Pay), ("identity", Class::Identity)])))
            .unwrap_or_default()
            .into_iter()
            .collect(),
    };
    fields.finish();
    Some(parts)
}

fn people(node: &Node, log: &Log<'_>) -> Option<BTreeMap<Name, Attribute>> {
    let fields = Fields::of(node, log)?;
    let attributes = fields.optional("attributes", attributes);
    fields.finish();
    attributes
}

fn attributes(node: &Node, log: &Log<'_>) -> Option<BTreeMap<Name, Attribute>> {
    let fields = Fields::of(node, log)?;
    let attributes = fields.rest().into_iter().filter_map(|entry| {
        let name = Placed::new(named(&entry.key, entry.key_span, log)?, entry.key_span);
        let attribute = attribute(&name.value, &entry.node, log)?;
        (free(&name, log) && super::scalars::without_hyphen(&name, log)).then_some((name.value, attribute))
    });
    Some(attributes.collect())
}

/// Whether an attribute's name is not one that every person has.
fn free(name: &Placed<Name>, log: &Log<'_>) -> bool {
    let taken = ["id", "name", "login", "email", "department", "post", "roles", "manager", "language"];
    let free = !taken.contains(&name.value.as_str());
    if !free {
        let (zh, en) =
            (format!("`{}` 是每个人都有的，不能再定义", name.value), format!("everybody has `{}` already", name.value));
        log.push(
            Diagnostic::error("company.attribute", name.span, Text::new(zh, en))
                .hint(Text::new("换一个名称", "choose another name")),
        );
    }
    free
}

fn attribute(name: &Name, node: &Node, log: &Log<'_>) -> Option<Attribute> {
    let types = AttributeType::ALL.map(|ty| (ty.as_str(), ty));
    let fields = Fields::of(node, log)?;
    let title = fields.optional("title", text).unwrap_or_else(|| Text::same(name.as_str()));
    let ty = fields.required("type", word(&types));
    let class = fields.optional("class", word(&CLASSES)).unwrap_or_default();
    fields.finish();
    Some(Attribute { title, ty: ty?, class })
}

fn claim(node: &Node, log: &Log<'_>) -> Option<Claim> {
    let pattern = string(node, log)?;
    let fits = pattern.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.*".contains(&b));
    if !fits {
        expected(node, log, "公司或政策名称，可用 *", "a company or a policy's name, with * for anything");
    }
    fits.then_some(Claim { pattern, span: node.span })
}

/// `retention: { default: 10 years }`
fn retention(node: &Node, log: &Log<'_>) -> Option<u32> {
    let fields = Fields::of(node, log)?;
    let years = fields.required("default", years);
    fields.reserved(&["log", "files", "facts"]);
    fields.finish();
    years
}

/// Reserved: only empty.
fn settings(node: &Node, log: &Log<'_>) -> Option<()> {
    match &node.value {
        Value::Map(entries) if entries.is_empty() => Some(()),
        _ => {
            log.not_yet("settings", node.head());
            None
        }
    }
}
