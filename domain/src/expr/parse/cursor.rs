//! Walking along the tokens, and the limits of depth and size.

use super::{Parsed, Parser};
use crate::expr::report::{self, Stop};
use crate::expr::token::Token;
use crate::expr::tree::{Kind, Node};
use crate::expr::{MAX_DEPTH, MAX_NODES};
use crate::{Span, Text};

impl Parser<'_> {
    /// Goes one level down, but never deeper than the limit.
    pub(super) fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth >= MAX_DEPTH {
            return Err(report::too_deep(self.here(), MAX_DEPTH));
        }
        self.depth += 1;
        let node = read(self);
        self.depth -= 1;
        node
    }

    /// Makes a node that reaches from `start` to the last token that was read.
    pub(super) fn node(&mut self, kind: Kind, start: usize) -> Parsed {
        let span = Span::new(start, self.end());
        self.nodes += 1;
        if self.nodes > MAX_NODES { Err(report::too_many(span, MAX_NODES)) } else { Ok(Node::new(kind, span)) }
    }

    pub(super) fn token(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    pub(super) fn here(&self) -> Span {
        let end = Span::new(self.source.len(), self.source.len());
        self.tokens.get(self.at).map_or(end, |(_, span)| *span)
    }

    /// Where the last token that was read ends.
    pub(super) fn end(&self) -> usize {
        self.tokens.get(self.at.wrapping_sub(1)).map_or(0, |(_, span)| span.end)
    }

    pub(super) fn sign(&self) -> Option<&'static str> {
        if let Token::Sign(sign) = self.token() { Some(sign) } else { None }
    }

    pub(super) fn eat_sign(&mut self, sign: &str) -> bool {
        let found = self.sign() == Some(sign);
        self.at += usize::from(found);
        found
    }

    pub(super) fn is_name_at(&self, at: usize, word: &str) -> bool {
        matches!(self.tokens.get(at), Some((Token::Name(name), _)) if name == word)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.is_name_at(self.at, word)
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect_sign(&mut self, sign: &str) -> Result<(), Stop> {
        if self.eat_sign(sign) { Ok(()) } else { Err(self.expected(quoted(sign))) }
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Result<(), Stop> {
        if self.eat_word(word) { Ok(()) } else { Err(self.expected(quoted(word))) }
    }

    pub(super) fn expected(&self, wanted: Text) -> Stop {
        let span = self.here();
        report::expected(span, self.source.get(span.start..span.end).unwrap_or_default(), &wanted)
    }

    /// Something stands where the expression was complete.
    pub(super) fn left_over(&self) -> Stop {
        let span = self.here();
        report::left_over(span, self.source.get(span.start..span.end).unwrap_or_default())
    }
}

fn quoted(word: &str) -> Text {
    Text::new(format!("“{word}”"), format!("`{word}`"))
}
