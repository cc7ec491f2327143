//! Which values can be compared.

use super::Checker;
use crate::Span;
use crate::expr::mismatch;
use crate::expr::tree::{Comparison, Kind, Node};
use crate::expr::types::{Family, Type};

impl Checker<'_> {
    /// The type of a comparison is Bool, whatever is wrong inside it.
    pub(super) fn compare(
        &mut self,
        span: Span,
        left: &Node,
        comparison: Comparison,
        right: &Node,
        row: Option<&Type>,
    ) -> Option<Type> {
        let types = (self.infer(left, row), self.infer(right, row));
        if let (Some(left_type), Some(right_type)) = types {
            if matches!(comparison, Comparison::In | Comparison::NotIn) {
                self.member(span, (left, &left_type), (right, &right_type), row);
            } else {
                self.pair(span, (left, &left_type), (right, &right_type), comparison.is_order());
            }
        }
        Some(Type::Bool)
    }

    fn member(&mut self, span: Span, item: (&Node, &Type), list: (&Node, &Type), row: Option<&Type>) {
        let Type::List(of) = list.1 else {
            return self.found.push(mismatch::wanted(list.0, Family::List, list.1));
        };
        match &list.0.kind {
            // Each text of a written list by itself: one impossible value among possible ones is a mistake too.
            Kind::List(nodes) => {
                for node in nodes {
                    if let Some(ty) = self.infer(node, row) {
                        self.pair(node.span, item, (node, &ty), false);
                    }
                }
            }
            _ => self.pair(span, item, (list.0, of), false),
        }
    }

    fn pair(&mut self, span: Span, left: (&Node, &Type), right: (&Node, &Type), ordered: bool) {
        let finding = match (left.1, right.1) {
            (one, other) if one.family() != other.family() => Some(mismatch::compared(span, left, right)),
            (Type::List(_) | Type::Record(_), _) => Some(mismatch::no_comparison(span, left.1)),
            (ty, _) if ordered && !has_order(ty) => Some(mismatch::no_order(span, ty)),
            (Type::Enum(known), Type::Enum(other)) if !known.iter().any(|value| other.contains(value)) => {
                Some(mismatch::impossible(span, known, other))
            }
            _ => None,
        };
        self.found.extend(finding);
    }
}

/// Texts have no order: Chinese has several, and code points are none of them.
pub(super) fn has_order(ty: &Type) -> bool {
    matches!(ty.family(), Family::Number | Family::Date | Family::Instant)
}
