//! S04: outputs that are computed from pay or identity, and do not say so.

use zhupi_domain::{Diagnostic, Diagnostics, Text};

use crate::policy::Compiled;

/// Such an output is withheld from whoever may not see the input; saying the class tells its readers, and every later step.
pub(super) fn lint(compiled: &Compiled) -> Diagnostics {
    let contract = &compiled.contract;
    let secret: Vec<&str> =
        contract.inputs.iter().filter(|input| input.class.is_secret()).map(|input| input.name().as_str()).collect();
    let mut found = Vec::new();
    for output in contract.outputs.iter().filter(|output| !output.class.is_secret()) {
        let name = output.name();
        let sources = compiled.dataflow.output(name.as_str()).inputs;
        let Some(input) = secret.iter().find(|input| sources.contains(**input)) else { continue };
        let message = Text::new(
            format!("输出 `{name}` 由保密的输入 `{input}` 算出，却没有注明 `class`"),
            format!("output `{name}` is computed from the secret input `{input}` and says no `class`"),
        );
        found.push(Diagnostic::warning("S04", output.field.span, message).hint(Text::new(
            "加上 class: pay 或 class: identity；无权查看该输入的人反正看不到它",
            "add `class: pay` or `class: identity`; who may not see the input does not see it anyway",
        )));
    }
    found.into_iter().map(|one| one.in_file(contract.policy.contract_file())).collect()
}
