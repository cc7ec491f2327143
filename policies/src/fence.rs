//! The fence: the one place that builds a script engine, and the thread that scripts run on.
//!
//! Nothing of the engine's standard library is taken but lists, records, texts and ranges. Arithmetic, comparison and all
//! words are the host's. What a hostile script can use up is bounded by operations, sizes, depth and time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use rhai::packages::{
    BasicArrayPackage, BasicIteratorPackage, BasicMapPackage, BasicStringPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, Module, OptimizationLevel, Shared};

use crate::explanation::What;
use crate::host::{Host, HostRef, ParamsRef, TableRef};
use crate::library::Libraries;
use crate::stop::Stop;
use crate::tape::Place;
use crate::time::WorkCalendar;
use crate::{coverage, operators, words};

/// The longest script, in bytes. Lines and columns are 16 bits wide, so it stays below 65 536.
pub(crate) const LONGEST_SOURCE: usize = 65_535;

/// How many operations pass between two looks at the clock.
const LOOK_EACH: u64 = 128;

/// Room for the deepest value and the deepest call that the limits allow, in the development build too. Only the pages
/// that are used cost memory.
const STACK: usize = 64 * 1024 * 1024;

/// Keywords that scripts cannot use.
pub(crate) const DISABLED: [&str; 9] =
    ["eval", "Fn", "curry", "switch", "try", "throw", "is_shared", "is_def_fn", "is_def_var"];

/// An engine that compiles scripts. It is never used to run one.
pub(crate) fn compiler(libraries: &Libraries) -> Engine {
    let mut engine = bare(libraries);
    for symbol in DISABLED {
        engine.disable_symbol(symbol);
    }
    engine
}

/// An engine for one evaluation, which stops at the deadline.
pub(crate) fn runner(host: Arc<Host>, libraries: &Libraries, deadline: Instant) -> Engine {
    let mut engine = bare(libraries);
    engine.on_progress(move |operations| {
        (operations % LOOK_EACH == 0 && Instant::now() >= deadline).then(|| Dynamic::from(Stop::TooLate))
    });
    let (printed, debugged) = (host.clone(), host.clone());
    engine.on_print(move |text| print(&printed, text));
    engine.on_debug(move |text, _, _| print(&debugged, text));
    engine.set_default_tag(Dynamic::from(HostRef(host)));
    engine
}

/// Runs work on a thread with room for deep scripts; a panic comes back as its message.
pub(crate) fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("policy".into()).stack_size(STACK);
        match thread.spawn_scoped(scope, || guarded(work)) {
            Ok(handle) => handle.join().unwrap_or_else(|panic| Err(message(&*panic))),
            Err(error) => Err(error.to_string()),
        }
    })
}

/// Runs work behind a panic boundary.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| message(&*panic))
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("panic").to_owned()
}

fn print(host: &Host, text: &str) {
    let text: String = text.chars().take(200).collect();
    host.tape().push(What::Note { label: "print".into(), value: text.into() }, Place::OUTSIDE);
}

fn bare(libraries: &Libraries) -> Engine {
    let mut engine = Engine::new_raw();
    for module in modules() {
        engine.register_global_module(module.clone());
    }
    engine
        .set_optimization_level(OptimizationLevel::None)
        .set_strict_variables(true)
        .set_fail_on_invalid_map_property(true)
        .set_allow_shadowing(false)
        .set_fast_operators(false)
        .set_max_operations(500_000)
        .set_max_call_levels(24)
        .set_max_expr_depths(48, 48)
        .set_max_string_size(262_144)
        .set_max_array_size(20_000)
        .set_max_map_size(2_000)
        .set_max_variables(256)
        .set_max_functions(200)
        .set_max_modules(8)
        .set_max_strings_interned(256)
        .set_module_resolver(libraries.resolver());
    engine
}

/// What every engine shares; a later module is searched before an earlier one.
fn modules() -> &'static [Shared<Module>] {
    static MODULES: OnceLock<Vec<Shared<Module>>> = OnceLock::new();
    MODULES.get_or_init(|| {
        vec![
            BasicIteratorPackage::new().as_shared_module(),
            BasicStringPackage::new().as_shared_module(),
            MoreStringPackage::new().as_shared_module(),
            BasicArrayPackage::new().as_shared_module(),
            BasicMapPackage::new().as_shared_module(),
            host_module().into(),
        ]
    })
}

fn host_module() -> Module {
    let mut module = Module::new();
    module
        .set_custom_type::<ParamsRef>("params")
        .set_custom_type::<TableRef>("table")
        .set_custom_type::<WorkCalendar>("calendar");
    operators::register(&mut module);
    words::register(&mut module);
    coverage::register(&mut module);
    #[cfg(test)]
    rhai::FuncRegistration::new("explode").in_global_namespace().set_into_module(
        &mut module,
        |context: rhai::NativeCallContext| {
            let host = Host::of(&context).expect("a host");
            let _held = host.tape();
            panic!("a bug of ours");
        },
    );
    rhai::FuncRegistration::new_index_getter().in_global_namespace().set_into_module(
        &mut module,
        |context: rhai::NativeCallContext, _: &mut ParamsRef, name: rhai::ImmutableString| {
            Host::of(&context)?.read_param(&name, Place::of(&context))
        },
    );
    module
}

/// The names of every function that a script can call, the host's words included.
pub(crate) fn known_functions() -> &'static std::collections::BTreeSet<String> {
    static NAMES: OnceLock<std::collections::BTreeSet<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let signatures = bare(&Libraries::default()).gen_fn_signatures(true);
        let name = |signature: &String| signature.split('(').next().map(|name| name.trim().to_owned());
        let keywords = ["call", "print", "debug", "type_of"].map(str::to_owned);
        signatures.iter().filter_map(name).filter(|name| name != coverage::MARK).chain(keywords).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Contract, Kind, Outcome, Params, Policy, PolicyName, Request, evaluate};

    #[test]
    fn a_panic_of_a_word_is_a_fault_marked_as_ours_and_leaves_nothing_locked() {
        let contract = Contract::new(PolicyName::new("a.b").expect("a name"), Kind::Decision);
        let policy =
            Policy::compile(contract, "fn main() { explode(); #{} }", &Libraries::default()).expect("a policy");
        let requests = vec![Request::new(serde_json::Map::new(), chrono::NaiveDate::MIN); 40];
        for evaluation in evaluate(&policy, &Params::default(), &requests) {
            let Outcome::Fault(found) = evaluation.outcome else { panic!("no fault") };
            assert_eq!(found.code, "policy-panic");
            assert!(found.message.zh.contains("a bug of ours"));
        }
    }

    #[test]
    fn a_thread_that_panics_is_a_message() {
        assert_eq!(apart(|| -> u8 { panic!("over") }), Err("over".to_owned()));
        assert_eq!(apart(|| 1), Ok(1));
    }
}
