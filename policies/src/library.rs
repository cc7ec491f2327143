//! Scripts that policies of one release share.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rhai::{AST, Engine, EvalAltResult, Expr, Module, ModuleResolver, Position, Scope, Shared, Stmt};
use zhupi_domain::{Diagnostic, Diagnostics, Text};

use crate::{checks, fence};

/// The libraries of one release: a policy can `import` these and nothing else.
#[derive(Debug, Clone, Default)]
pub struct Libraries {
    modules: Arc<BTreeMap<String, Library>>,
    /// Libraries that are there and have findings of their own, so that who imports them is not blamed.
    broken: Arc<BTreeSet<String>>,
}

/// One compiled library.
#[derive(Debug, Clone)]
struct Library {
    module: Shared<Module>,
    functions: BTreeSet<String>,
    /// The libraries that it imports itself.
    imports: BTreeSet<String>,
    /// The params that it reads by `params.NAME`, and where each stands first.
    reads: BTreeMap<String, Position>,
    file: String,
    text: String,
}

impl Library {
    fn new(module: Module, source: &LibrarySource, ast: &AST) -> Self {
        Self {
            module: module.into(),
            functions: ast.iter_functions().map(|function| function.name.to_owned()).collect(),
            imports: imports(ast).into_iter().map(|(name, _)| name).collect(),
            reads: checks::params_read(ast),
            file: source.file.clone(),
            text: source.text.clone(),
        }
    }
}

/// A param that a library reads.
pub(crate) struct Read<'a> {
    /// As the library writes it.
    pub written: &'a str,
    pub position: Position,
    pub file: &'a str,
    pub text: &'a str,
}

/// The source of one library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibrarySource {
    /// The file in the pack, for diagnostics.
    pub file: String,
    pub text: String,
}

impl Libraries {
    /// Compiles libraries by the name they are imported under; they may import one another, but not in a circle.
    pub fn compile(sources: &BTreeMap<String, LibrarySource>) -> Result<Self, Diagnostics> {
        let (libraries, problems) = Self::compile_each(sources);
        if problems.is_empty() { Ok(libraries) } else { Err(problems) }
    }

    /// Compiles what can be compiled, and tells what is wrong with the others.
    ///
    /// A policy that imports a library with findings compiles, so that its own findings come out in the same run, but it
    /// cannot be evaluated: whoever calls this must not go on where there are findings.
    pub fn compile_each(sources: &BTreeMap<String, LibrarySource>) -> (Self, Diagnostics) {
        fence::apart(|| compile_all(sources)).unwrap_or_else(|panic| {
            let broken = sources.keys().cloned().collect();
            (Self { broken: Arc::new(broken), ..Self::default() }, vec![checks::panicked(&panic)])
        })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty()
    }

    /// Whether a library of this name exists and is in order.
    pub fn contains(&self, name: &str) -> bool {
        self.modules.contains_key(name)
    }

    /// Whether a library of this name exists and has findings of its own.
    pub(crate) fn is_broken(&self, name: &str) -> bool {
        self.broken.contains(name)
    }

    pub(crate) fn has_function(&self, library: &str, function: &str) -> bool {
        self.modules.get(library).is_some_and(|library| library.functions.contains(function))
    }

    /// The params that libraries read, those included which they import in turn.
    pub(crate) fn reads(&self, imported: impl IntoIterator<Item = String>) -> Vec<Read<'_>> {
        let mut waiting: Vec<String> = imported.into_iter().collect();
        let mut seen = BTreeSet::new();
        let mut reads = Vec::new();
        while let Some(name) = waiting.pop() {
            let Some(library) = self.modules.get(&name).filter(|_| seen.insert(name.clone())) else { continue };
            let (file, text) = (library.file.as_str(), library.text.as_str());
            reads.extend(library.reads.iter().map(|(written, at)| Read { written, position: *at, file, text }));
            waiting.extend(library.imports.iter().cloned());
        }
        reads
    }

    /// The file and text of a library, for the place of a fault in it.
    pub(crate) fn source(&self, library: &str) -> Option<(&str, &str)> {
        self.modules.get(library).map(|library| (library.file.as_str(), library.text.as_str()))
    }

    pub(crate) fn resolver(&self) -> impl ModuleResolver + 'static {
        Resolver(self.modules.clone())
    }
}

struct Resolver(Arc<BTreeMap<String, Library>>);

impl ModuleResolver for Resolver {
    fn resolve(
        &self,
        _: &Engine,
        _: Option<&str>,
        path: &str,
        at: Position,
    ) -> Result<Shared<Module>, Box<EvalAltResult>> {
        self.0
            .get(path)
            .map(|library| library.module.clone())
            .ok_or_else(|| EvalAltResult::ErrorModuleNotFound(path.into(), at).into())
    }
}

/// Compiles whatever has all its imports, until nothing is left or nothing moves.
fn compile_all(sources: &BTreeMap<String, LibrarySource>) -> (Libraries, Diagnostics) {
    let mut problems = Vec::new();
    let mut broken: BTreeSet<String> = BTreeSet::new();
    let mut waiting: Vec<(&String, &LibrarySource, AST)> = Vec::new();
    for (name, source) in sources {
        let read = checks::parse(&source.text, &source.file, &Libraries::default()).and_then(|ast| {
            let found = checks::library(&ast, &source.text, &source.file);
            if found.is_empty() { Ok(ast) } else { Err(found) }
        });
        match read {
            Ok(mut ast) => {
                ast.set_source(name.as_str());
                waiting.push((name, source, ast));
            }
            Err(found) => {
                problems.extend(found);
                broken.insert(name.clone());
            }
        }
    }
    let mut modules: BTreeMap<String, Library> = BTreeMap::new();
    while !waiting.is_empty() {
        let (ready, later): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|(_, _, ast)| imports(ast).iter().all(|(name, _)| modules.contains_key(name)));
        if ready.is_empty() {
            let (cut_off, lost): (Vec<_>, Vec<_>) =
                later.into_iter().partition(|(_, _, ast)| imports(ast).iter().any(|(name, _)| broken.contains(name)));
            // What a broken library takes with it is not to blame.
            if cut_off.is_empty() {
                problems.extend(lost.iter().flat_map(|(_, source, ast)| unresolved(source, ast, &modules)));
                broken.extend(lost.into_iter().map(|(name, ..)| name.clone()));
                break;
            }
            broken.extend(cut_off.into_iter().map(|(name, ..)| name.clone()));
            waiting = lost;
            continue;
        }
        let so_far = Libraries { modules: Arc::new(modules.clone()), ..Libraries::default() };
        for (name, source, ast) in ready {
            let engine = fence::compiler(&so_far);
            match Module::eval_ast_as_new(Scope::new(), &ast, &engine) {
                Ok(module) => drop(modules.insert(name.clone(), Library::new(module, source, &ast))),
                Err(error) => {
                    problems.push(crate::fault::diagnostic(&error, &source.text, &source.file));
                    broken.insert(name.clone());
                }
            }
        }
        waiting = later;
    }
    (Libraries { modules: Arc::new(modules), broken: Arc::new(broken) }, problems)
}

/// The names that a script imports, with where it does. Only literal names pass the checks.
pub(crate) fn imports(ast: &AST) -> Vec<(String, Position)> {
    let mut found = Vec::new();
    checks::walk(ast, &mut |node| {
        if let checks::Node::Stmt(Stmt::Import(import, position)) = node
            && let Expr::StringConstant(name, _) = &import.0
        {
            found.push((name.to_string(), *position));
        }
    });
    found
}

fn unresolved(source: &LibrarySource, ast: &AST, known: &BTreeMap<String, Library>) -> Diagnostics {
    imports(ast)
        .into_iter()
        .filter(|(name, _)| !known.contains_key(name))
        .map(|(name, position)| unknown_library(&name).at(position, &source.text, &source.file))
        .collect()
}

/// A finding that still needs its place.
pub(crate) struct Unplaced(Diagnostic);

impl Unplaced {
    pub(crate) fn at(self, position: Position, text: &str, file: &str) -> Diagnostic {
        Diagnostic { span: crate::fault::span(text, position), ..self.0 }.in_file(file)
    }
}

pub(crate) fn unknown_library(name: &str) -> Unplaced {
    Unplaced(
        Diagnostic::error(
            "policy-import",
            None,
            Text::new(
                format!("找不到脚本库 `{name}`，或脚本库互相引用"),
                format!("there is no library `{name}`, or libraries import each other in a circle"),
            ),
        )
        .hint(Text::new("只能引用本配置包中的脚本库", "only libraries of this pack can be imported")),
    )
}
