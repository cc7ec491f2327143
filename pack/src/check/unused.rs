//! Files that are in order and that nothing uses.

use zhupi_domain::{Diagnostic, Diagnostics, Text};

use super::Offer;

/// A note for every form and kind of fact that nothing names.
pub fn findings(offer: &Offer) -> Diagnostics {
    let forms = offer.forms.keys().map(|name| format!("forms/{name}.json"));
    let facts = offer.facts.keys().map(|name| format!("facts/{name}.json"));
    let used = offer.used.borrow();
    forms
        .chain(facts)
        .filter(|path| !used.contains(path))
        .map(|path| {
            Diagnostic::note("pack.unused", None, Text::new("没有流程或政策用到它", "no flow and no policy uses it"))
                .in_file(path)
        })
        .collect()
}
