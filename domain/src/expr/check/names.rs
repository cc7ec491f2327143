//! What names mean.

use super::Checker;
use crate::expr::mismatch;
use crate::expr::tree::{Kind, Node, Operator, Path};
use crate::expr::types::Type;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    /// The type at the end of a path. A path through a list yields the list of what is found in its rows, flat.
    pub(super) fn path(&mut self, path: &Path, row: Option<&Type>) -> Option<Type> {
        let mut at = if path.of_row { row? } else { self.scope };
        let mut through_list = false;
        let mut owner: Option<&str> = None;
        for (name, span) in &path.names {
            if let Type::List(_) = at {
                through_list = true;
                at = innermost(at);
            }
            let Type::Record(fields) = at else {
                self.found.push(mismatch::no_parts(*span, owner, name, at));
                return None;
            };
            let Some(field) = fields.get(name) else {
                let finding = mismatch::unknown_name(*span, name, owner, fields.keys().map(String::as_str));
                self.found.push(self.with_row_hint(finding, path, owner.is_none(), row));
                return None;
            };
            at = &field.ty;
            owner = Some(name);
        }
        Some(if through_list { Type::list(innermost(at).clone()) } else { at.clone() })
    }

    /// Who forgets the leading point gets to know about it.
    fn with_row_hint(&self, finding: Diagnostic, path: &Path, is_root: bool, row: Option<&Type>) -> Diagnostic {
        let Some(Type::Record(fields)) = row else { return finding };
        match path.names.first() {
            Some((name, _)) if is_root && !path.of_row && fields.contains_key(name) => {
                Diagnostic { hints: vec![mismatch::leading_point(name)], ..finding }
            }
            _ => finding,
        }
    }

    /// A finding about `a-b` where neither name exists: somebody wrote a name with a hyphen.
    pub(super) fn hyphenated(&self, first: &Node, rest: &[(Operator, Node)], row: Option<&Type>) -> Option<Diagnostic> {
        let mut before = first;
        for (operator, operand) in rest {
            if let (Operator::Minus, Kind::Path(left), Kind::Path(right)) = (operator, &before.kind, &operand.kind)
                && !self.knows_root(left, row)
                && !self.knows_root(right, row)
            {
                return Some(mismatch::hyphen(Span::new(before.span.start, operand.span.end), left, right));
            }
            before = operand;
        }
        None
    }

    fn knows_root(&self, path: &Path, row: Option<&Type>) -> bool {
        let base = if path.of_row { row } else { Some(self.scope) };
        match (base, path.names.first()) {
            (Some(Type::Record(fields)), Some((name, _))) => fields.contains_key(name),
            _ => false,
        }
    }
}

/// What lists of lists hold in the end.
fn innermost(ty: &Type) -> &Type {
    match ty {
        Type::List(of) => innermost(of),
        other => other,
    }
}
