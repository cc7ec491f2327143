//! Which inputs and which calls each figure of a script can depend on, found without running it.
//!
//! Deliberately coarse, and always on the safe side: variables of one name count as one, assignments only ever add, and what
//! a condition looks at flows into everything under it. So a step never shows fewer inputs than it was made of.

mod walker;

use std::collections::{BTreeMap, BTreeSet};

use rhai::{AST, Position};

use walker::Walker;

/// A place in the script: line and column.
pub(crate) type At = (usize, usize);

/// What a value can depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sources {
    pub inputs: BTreeSet<String>,
    /// Calls of the host's words and reads of params.
    pub calls: BTreeSet<At>,
}

/// The dependencies of one script.
#[derive(Debug, Default)]
pub(crate) struct Dataflow {
    /// The inputs that each call of a word depends on.
    pub calls: BTreeMap<At, BTreeSet<String>>,
    /// The sources of each field of the answer.
    outputs: BTreeMap<String, Sources>,
    /// What flows into every field, because the record was not written out at the end of `main`.
    everything: Sources,
}

impl Sources {
    fn add(&mut self, other: &Self) {
        self.inputs.extend(other.inputs.iter().cloned());
        self.calls.extend(other.calls.iter().copied());
    }

    fn with(mut self, other: &Self) -> Self {
        self.add(other);
        self
    }
}

/// How often the script is walked before giving up on precision; each walk can only add.
const MOST_ROUNDS: usize = 64;

impl Dataflow {
    /// Analyses a script whose `main` takes these inputs.
    pub(crate) fn of(ast: &AST, inputs: &BTreeSet<String>) -> Self {
        let mut walker = Walker::new(ast, inputs);
        for _ in 0..MOST_ROUNDS {
            let before = (walker.variables.clone(), walker.returns.clone());
            walker.walk();
            if before == (walker.variables.clone(), walker.returns.clone()) {
                return walker.flow;
            }
        }
        walker.give_up()
    }

    /// The sources of a field of the answer.
    pub(crate) fn output(&self, name: &str) -> Sources {
        let own = self.outputs.get(name).cloned().unwrap_or_default();
        own.with(&self.everything)
    }
}

/// The line and column of a position of the engine.
pub(crate) fn at(position: Position) -> At {
    (position.line().unwrap_or(0), position.position().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks;
    use crate::library::Libraries;

    fn flow(source: &str) -> Dataflow {
        let ast = checks::parse(source, "x.rhai", &Libraries::default()).expect("a script");
        Dataflow::of(&ast, &["a", "b", "c", "list"].map(str::to_owned).into())
    }

    fn inputs(source: &str, output: &str) -> Vec<String> {
        flow(source).output(output).inputs.into_iter().collect()
    }

    #[test]
    fn each_field_knows_its_own_inputs() {
        let source = "fn main(a, b, c) { let x = a + 1; #{ p: x, q: yuan(b) } }";
        assert_eq!(inputs(source, "p"), ["a"]);
        assert_eq!(inputs(source, "q"), ["b"]);
        assert_eq!(inputs(source, "r"), [""; 0]);
    }

    #[test]
    fn conditions_flow_into_what_they_decide() {
        assert_eq!(inputs("fn main(a, b) { let x = 0; if a > 1 { x = b; } #{ p: x } }", "p"), ["a", "b"]);
        assert_eq!(inputs("fn main(a, b) { if a > 1 { #{ p: 1 } } else { #{ p: b } } }", "p"), ["a", "b"]);
        assert_eq!(inputs("fn main(a, b) { if a > 1 { return #{ p: b }; } #{ p: 0 } }", "p"), ["a", "b"]);
        assert_eq!(inputs("fn main(a, b) { while a > 1 { b -= 1; } #{ p: b } }", "p"), ["a", "b"]);
    }

    #[test]
    fn functions_loops_and_closures_pass_inputs_on() {
        assert_eq!(inputs("fn f(x) { x * 2 } fn main(a) { #{ p: f(a) } }", "p"), ["a"]);
        assert_eq!(inputs("fn main(a, list) { let s = 0; for i in list { s += i; } #{ p: s } }", "p"), ["list"]);
        assert_eq!(inputs("fn main(a, list) { let r = []; r.push(a); #{ p: r.len() } }", "p"), ["a"]);
        assert_eq!(inputs("fn main(a, list) { #{ p: list.map(|x| { let y = x; y + a }) } }", "p"), ["a", "list"]);
        assert_eq!(inputs("fn f(x) { x } fn main(a, b) { #{ p: [b].map(f) } }", "p"), ["b"]);
        assert_eq!(inputs("fn main(a, b) { let r = #{ p: a }; r.p += b; r }", "p"), ["a", "b"]);
    }

    #[test]
    fn a_function_in_brackets_sees_what_is_around_it() {
        let flow = flow("fn main(a, list) {\n  let r = list.map(|x|\n    yuan(x + a)\n  );\n  #{ p: r }\n}");
        assert_eq!(flow.calls.get(&(3, 5)), Some(&["a".to_owned(), "list".to_owned()].into()));
        let named = self::flow("fn f(x) { yuan(x) }\nfn main(a, list) { let r = list.map(f); #{ p: r, q: a } }");
        assert_eq!(named.calls.get(&(1, 11)), Some(&["list".to_owned()].into()));
    }

    #[test]
    fn calls_know_where_they_stand_and_what_they_show() {
        let flow = flow("fn main(a, b, params) {\n  let x = yuan(a);\n  #{ p: x + split(b, 2)[0], q: params.rate }\n}");
        assert_eq!(flow.calls.get(&(2, 11)), Some(&["a".to_owned()].into()));
        assert_eq!(flow.output("p").calls, [(2, 11), (3, 13)].into());
        assert!(!flow.output("q").calls.is_empty());
    }
}
