//! The expressions of computed fields, read once all fields of their level are known.

use zhupi_domain::{Span, Text};

use super::Reader;
use crate::expression::Computed;
use crate::model::{Field, Level};
use crate::tree::Node;

impl<'a> Reader<'a> {
    /// Reads the expressions of computed fields, which may look at all fields of the level.
    pub(super) fn read_expressions(&mut self, level: &mut Level, sources: &[(Span, Option<&'a Node>)]) {
        let mut read = Vec::new();
        for (field, (_, node)) in level.fields.iter().zip(sources) {
            let Some((node, source)) = node.and_then(|node| Some((node, node.text()?))) else {
                read.push(None);
                continue;
            };
            match Computed::read(source, field, level) {
                Ok(computed) => {
                    self.warn_of_lowered_class(field, &computed, node.span);
                    read.push(Some(computed));
                }
                Err(found) => {
                    let place = |span| self.inside_text(node.span, source, span);
                    let found = found.into_iter().map(|mut it| {
                        it.span = it.span.map(place);
                        it
                    });
                    let found: Vec<_> = found.collect();
                    self.found.extend(found);
                    read.push(None);
                }
            }
        }
        for (field, computed) in level.fields.iter_mut().zip(read) {
            field.computed = computed;
        }
    }

    /// A place inside a JSON text: exact where the text is written without escapes, else the whole text.
    fn inside_text(&self, whole: Span, text: &str, inside: Span) -> Span {
        let bare = self.source.get(whole.start + 1..whole.end.saturating_sub(1)) == Some(text);
        if bare { inside.shifted(whole.start + 1) } else { whole }
    }

    fn warn_of_lowered_class(&mut self, field: &Field, computed: &Computed, span: Span) {
        let above = computed.reads.iter().filter(|(_, class)| class.is_masked() && *class != field.class);
        let Some((path, class)) = above.filter(|_| !field.class.is_masked()).min() else { return };
        let name = &field.name;
        self.warn(
            "form.class-lowered",
            span,
            Text::new(
                format!("`{name}` 由 {class} 类字段 `{path}` 算出，自己却是 {}", field.class),
                format!("`{name}` is computed from `{path}` of class {class}, but is {} itself", field.class),
            ),
            Text::new(
                format!("加上 \"x-class\": \"{class}\"，除非确实人人可看"),
                format!("Add \"x-class\": \"{class}\", unless everybody may see it"),
            ),
        );
    }
}
