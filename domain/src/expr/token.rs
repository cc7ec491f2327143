//! Cutting the text of an expression into words and signs.

use super::fixed::{DIGITS, Fixed};
use super::report::{self, Stop};
use crate::Span;
use crate::money::parse_decimal;

#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Number(Fixed),
    Text(String),
    /// A name or one of the language's own words.
    Name(String),
    Sign(&'static str),
    End,
}

/// Longer signs first. Several ways of writing one sign yield the same token.
const SIGNS: [(&str, &str); 22] = [
    ("==", "=="),
    ("!=", "!="),
    ("<=", "<="),
    (">=", ">="),
    ("≠", "!="),
    ("≤", "<="),
    ("≥", ">="),
    ("<", "<"),
    (">", ">"),
    ("+", "+"),
    ("-", "-"),
    ("−", "-"),
    ("*", "*"),
    ("×", "*"),
    ("/", "/"),
    ("÷", "/"),
    ("(", "("),
    (")", ")"),
    ("[", "["),
    ("]", "]"),
    (",", ","),
    (".", "."),
];

/// Cuts a text into tokens, each with its place; the last is always the end.
pub fn tokens(source: &str) -> Result<Vec<(Token, Span)>, Stop> {
    let mut cutter = Cutter { source, at: 0 };
    let mut tokens = Vec::new();
    loop {
        let (token, span) = cutter.next()?;
        let last = token == Token::End;
        tokens.push((token, span));
        if last {
            return Ok(tokens);
        }
    }
}

struct Cutter<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Cutter<'a> {
    fn next(&mut self) -> Result<(Token, Span), Stop> {
        self.take_while(is_space);
        let start = self.at;
        let token = match self.rest().chars().next() {
            None => Token::End,
            Some('0'..='9') => self.number()?,
            Some(quote @ ('"' | '\'')) => self.text(quote)?,
            Some(c) if starts_name(c) => Token::Name(self.take_while(continues_name).to_owned()),
            Some(c) => self.sign(c)?,
        };
        Ok((token, self.since(start)))
    }

    fn number(&mut self) -> Result<Token, Stop> {
        let start = self.at;
        self.take_while(|c| continues_name(c) || c == '.');
        let written = self.source.get(start..self.at).unwrap_or_default();
        // Full-width digits, `1e3`, `5.`, `50万` all end here, as one piece.
        parse_decimal(written)
            .filter(|number| number.normalize().scale() <= DIGITS)
            .and_then(Fixed::new)
            .map(Token::Number)
            .ok_or_else(|| report::number(self.since(start), written))
    }

    /// There are no escapes: a text with one kind of quote in it stands between the other kind.
    fn text(&mut self, quote: char) -> Result<Token, Stop> {
        let start = self.at;
        self.at += 1;
        let text = self.take_while(|c| c != quote && c != '\n').to_owned();
        if !self.rest().starts_with(quote) {
            return Err(report::text_open(self.since(start)));
        }
        self.at += 1;
        Ok(Token::Text(text))
    }

    fn sign(&mut self, first: char) -> Result<Token, Stop> {
        let sign = SIGNS.iter().find(|(written, _)| self.rest().starts_with(written));
        let Some((written, meaning)) = sign else {
            return Err(report::character(Span::new(self.at, self.at + first.len_utf8()), first));
        };
        self.at += written.len();
        Ok(Token::Sign(meaning))
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn since(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }
}

/// Spaces and line ends, among them the wide space of Chinese input methods.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{a0}' | '\u{3000}')
}

fn starts_name(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn continues_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}
