//! `x-lookup`: where the value of a field comes from. Whether there is such a record is for whoever knows the facts to say.

use std::collections::BTreeMap;

use zhupi_domain::{Name, Text};

use super::Reader;
use crate::lookup::Lookup;
use crate::model::Level;
use crate::tree::{Member, Node};

impl<'a> Reader<'a> {
    /// What the profile does not allow it has reported itself.
    pub(super) fn lookup(&mut self, member: &'a Member) -> Option<Lookup> {
        let node = &member.node;
        let fact = self.looked_up_name(node.get("fact")?)?;
        let value = self.looked_up_name(node.get("value")?)?;
        let mut matching = BTreeMap::new();
        for pair in node.get("match")?.members() {
            let field = self.name_of(&pair.key, pair.key_span)?;
            matching.insert(field, pair.node.text()?.to_owned());
        }
        Some(Lookup { fact, matching, value, span: member.key_span })
    }

    fn looked_up_name(&mut self, node: &'a Node) -> Option<Name> {
        self.name_of(node.text()?, node.span)
    }

    fn name_of(&mut self, text: &str, span: zhupi_domain::Span) -> Option<Name> {
        let name = Name::new(text).ok();
        if name.is_none() {
            let message = Text::new(format!("`{text}` 不能用作名称"), format!("`{text}` cannot be a name"));
            self.error("form.lookup", span, message);
        }
        name
    }

    /// A lookup is found by fields of its level that people write.
    pub(super) fn check_lookups(&mut self, level: &Level) {
        for field in &level.fields {
            let Some(lookup) = &field.lookup else { continue };
            if field.computed.is_some() {
                let message =
                    Text::new("x-computed 和 x-lookup 只能写一个", "a field is computed or looked up, not both");
                self.error("form.lookup", lookup.span, message);
            }
            for name in lookup.matching.values() {
                match level.fields.iter().find(|other| other.name == *name) {
                    None => {
                        self.unknown_field(lookup.span, name, level.fields.iter().map(|field| field.name.as_str()));
                    }
                    Some(other) if other.is_computed() || other.kind.level().is_some() || other.kind.is_many() => {
                        let message = Text::new(
                            format!("`{name}` 不是填写的单个值，不能用来查询"),
                            format!("`{name}` is no single value that is filled in, and cannot be looked up by"),
                        );
                        self.error("form.lookup", lookup.span, message);
                    }
                    Some(_) => {}
                }
            }
        }
    }
}
