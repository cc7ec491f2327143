//! Which lines of a script and which rows of its tables a set of cases reaches.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rhai::{AST, FuncRegistration, Module, NativeCallContext, Stmt};
use zhupi_domain::Name;

use crate::checks::{self, Node};
use crate::evaluation::{Evaluation, Request};
use crate::fault;
use crate::fence;
use crate::host::Host;
use crate::params::{ParamValue, Params};
use crate::policy::{Compiled, Policy};
use crate::running::Running;

/// What was reached, of what could be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The lines of the script, from 1, on which a statement begins.
    pub lines: BTreeSet<usize>,
    pub lines_hit: BTreeSet<usize>,
    /// How many rows each table has that was read, by param and the day it holds from.
    pub rows: BTreeMap<(Name, NaiveDate), usize>,
    /// The rows that were used, counted from 0.
    pub rows_hit: BTreeSet<(Name, NaiveDate, usize)>,
}

impl Coverage {
    /// The lines that no case reached.
    pub fn lines_missed(&self) -> impl Iterator<Item = usize> + '_ {
        self.lines.difference(&self.lines_hit).copied()
    }

    /// The rows that no case used.
    pub fn rows_missed(&self) -> impl Iterator<Item = (&Name, NaiveDate, usize)> + '_ {
        self.rows
            .iter()
            .flat_map(|((name, from), count)| (0..*count).map(move |row| (name, *from, row)))
            .filter(|(name, from, row)| !self.rows_hit.contains(&((*name).clone(), *from, *row)))
    }

    /// Adds what other cases of the same policy reached.
    pub fn add(&mut self, other: Self) {
        self.lines.extend(other.lines);
        self.lines_hit.extend(other.lines_hit);
        self.rows.extend(other.rows);
        self.rows_hit.extend(other.rows_hit);
    }
}

/// Evaluates as [`evaluate`](crate::evaluate) does, one request after another, and tells what was reached.
///
/// The script runs twice: as it is for the answer, and with a mark before every statement for the lines. A statement that
/// shares its line with the condition or function around it is counted with that line.
pub fn cover(policy: &Policy, params: &Params, requests: &[Request]) -> (Vec<Evaluation>, Coverage) {
    let evaluations = crate::evaluation::evaluate(policy, params, requests);
    let coverage = fence::apart(|| reached(&policy.0, params, requests)).unwrap_or_default();
    (evaluations, coverage)
}

fn reached(compiled: &Compiled, params: &Params, requests: &[Request]) -> Coverage {
    let (ast, lines) = marked(compiled);
    let mut coverage = Coverage { lines, ..Coverage::default() };
    for request in requests {
        let running = Running::new(compiled, params, request);
        let _outcome = fence::guarded(|| running.outcome(&ast));
        let mut tape = running.host.tape();
        coverage.lines_hit.append(&mut tape.lines);
        coverage.rows_hit.append(&mut tape.rows);
        for (name, from) in std::mem::take(&mut tape.params) {
            if let Some(rows) = table_rows(params, &name, from) {
                coverage.rows.insert((name, from), rows);
            }
        }
    }
    coverage
}

fn table_rows(params: &Params, name: &Name, from: NaiveDate) -> Option<usize> {
    let dated = params.get(name)?.values.iter().find(|dated| dated.from == from)?;
    match &dated.value {
        ParamValue::Table(table) => Some(table.len()),
        _ => None,
    }
}

/// The name of the mark. A script that calls it does not compile: it is no function that scripts know.
pub(crate) const MARK: &str = "line_reached_";

/// Registers the mark.
pub(crate) fn register(module: &mut Module) {
    FuncRegistration::new(MARK).in_global_namespace().set_into_module(
        module,
        |context: NativeCallContext, line: i64| -> crate::stop::Result<()> {
            Host::of(&context)?.tape().lines.extend(usize::try_from(line));
            Ok(())
        },
    );
}

/// The script with a mark before every statement, and the lines that have one.
fn marked(compiled: &Compiled) -> (AST, BTreeSet<usize>) {
    let places = places(&compiled.ast, &compiled.source);
    let engine = fence::compiler(&compiled.libraries);
    let all = insert(&compiled.source, &places);
    if let Ok(ast) = engine.compile(all) {
        return (ast, places.into_values().collect());
    }
    // A statement that begins inside a bracket cannot take a mark: leave out whatever does not compile by itself.
    let fits = |place: &(usize, usize)| engine.compile(insert(&compiled.source, &BTreeMap::from([*place]))).is_ok();
    let places: BTreeMap<usize, usize> = places.into_iter().filter(fits).collect();
    match engine.compile(insert(&compiled.source, &places)) {
        Ok(ast) => (ast, places.into_values().collect()),
        Err(_) => (compiled.ast.clone(), BTreeSet::new()),
    }
}

fn insert(source: &str, places: &BTreeMap<usize, usize>) -> String {
    let mut marked = String::with_capacity(source.len() + places.len() * 24);
    let mut done = 0;
    for (offset, line) in places {
        marked.push_str(source.get(done..*offset).unwrap_or_default());
        marked.push_str(&format!("{MARK}({line}); "));
        done = *offset;
    }
    marked.push_str(source.get(done..).unwrap_or_default());
    marked
}

/// Where statements begin: the offset in the source and the line.
fn places(ast: &AST, source: &str) -> BTreeMap<usize, usize> {
    let mut places = BTreeMap::new();
    checks::walk(ast, &mut |node| {
        let Node::Stmt(statement) = node else { return };
        if matches!(statement, Stmt::Noop(_) | Stmt::Import(..) | Stmt::Export(..) | Stmt::Share(_)) {
            return;
        }
        let position = checks::start(statement);
        if let (Some(span), Some(line)) = (fault::span(source, position), position.line())
            && begins_here(source, span.start)
        {
            places.insert(span.start, line);
        }
    });
    places
}

/// Whether nothing but space stands between an offset and the line's begin, a brace or a semicolon.
fn begins_here(source: &str, offset: usize) -> bool {
    let before = source.get(..offset).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim_end();
    line.is_empty() || (line.ends_with(['{', ';', '}']) && !line.ends_with("${") && !line.ends_with("#{"))
}
