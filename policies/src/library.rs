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
}

/// One compiled library.
#[derive(Debug, Clone)]
struct Library {
    module: Shared<Module>,
    functions: BTreeSet<String>,
    file: String,
    text: String,
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
        fence::apart(|| compile_all(sources)).unwrap_or_else(|panic| Err(vec![checks::panicked(&panic)]))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty()
    }

    /// Whether a library of this name exists.
    pub fn contains(&self, name: &str) -> bool {
        self.modules.contains_key(name)
    }

    pub(crate) fn has_function(&self, library: &str, function: &str) -> bool {
        self.modules.get(library).is_some_and(|library| library.functions.contains(function))
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
fn compile_all(sources: &BTreeMap<String, LibrarySource>) -> Result<Libraries, Diagnostics> {
    let mut problems = Vec::new();
    let mut waiting: Vec<(&String, &LibrarySource, AST)> = Vec::new();
    for (name, source) in sources {
        match checks::parse(&source.text, &source.file, &Libraries::default()) {
            Ok(mut ast) => {
                ast.set_source(name.as_str());
                problems.extend(checks::library(&ast, &source.text, &source.file));
                waiting.push((name, source, ast));
            }
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut modules: BTreeMap<String, Library> = BTreeMap::new();
    while !waiting.is_empty() {
        let (ready, later): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|(_, _, ast)| imports(ast).iter().all(|(name, _)| modules.contains_key(name)));
        if ready.is_empty() {
            return Err(later.iter().flat_map(|(_, source, ast)| unresolved(source, ast, &modules)).collect());
        }
        let so_far = Libraries { modules: Arc::new(modules.clone()) };
        for (name, source, ast) in ready {
            let engine = fence::compiler(&so_far);
            match Module::eval_ast_as_new(Scope::new(), &ast, &engine) {
                Ok(module) => {
                    let functions = ast.iter_functions().map(|function| function.name.to_owned()).collect();
                    let (file, text) = (source.file.clone(), source.text.clone());
                    modules.insert(name.clone(), Library { module: module.into(), functions, file, text });
                }
                Err(error) => return Err(vec![crate::fault::diagnostic(&error, &source.text, &source.file)]),
            }
        }
        waiting = later;
    }
    Ok(Libraries { modules: Arc::new(modules) })
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
