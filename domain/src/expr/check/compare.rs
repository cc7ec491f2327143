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
        let left_type = self.infer(left, row);
        match (comparison, &right.kind) {
            (Comparison::In | Comparison::NotIn, Kind::List(items)) => {
                // Each by itself: one impossible value among possible ones is a mistake too.
                for item in items {
                    self.typed_pair(item.span, (left, &left_type), item, false, row);
                }
            }
            (Comparison::In | Comparison::NotIn, _) => self.member(span, (left, &left_type), right, row),
            _ => self.typed_pair(span, (left, &left_type), right, comparison.is_order(), row),
        }
        Some(Type::Bool)
    }

    /// A value in a list that is not written out.
    fn member(&mut self, span: Span, item: (&Node, &Option<Type>), list: &Node, row: Option<&Type>) {
        if let (Some(Type::List(of)), (node, Some(ty))) = (self.expect(list, row, Family::List), item) {
            self.pair(span, (node, ty), (list, &of), false);
        }
    }

    fn typed_pair(
        &mut self,
        span: Span,
        left: (&Node, &Option<Type>),
        right: &Node,
        ordered: bool,
        row: Option<&Type>,
    ) {
        if let ((node, Some(left_type)), Some(right_type)) = (left, self.infer(right, row)) {
            self.pair(span, (node, left_type), (right, &right_type), ordered);
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
