//! Values, names and calls.

use super::{Parsed, Parser};
use crate::expr::functions::{Fold, Function, Word};
use crate::expr::report::{self, Stop};
use crate::expr::token::Token;
use crate::expr::tree::{Kind, Node, Path};
use crate::expr::value::parse_date;
use crate::{Span, Text};

/// Words that cannot be the first name of a path.
const RESERVED: [&str; 9] = ["and", "or", "not", "in", "if", "then", "else", "true", "false"];

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Parsed {
        let span = self.here();
        match self.token().clone() {
            Token::Number(number) => self.leaf(Kind::Number(number)),
            Token::Text(text) => self.leaf(Kind::Text(text)),
            Token::Name(word) if word == "true" || word == "false" => self.leaf(Kind::Bool(word == "true")),
            Token::Name(word) if !RESERVED.contains(&word.as_str()) => {
                self.at += 1;
                if self.eat_sign("(") { self.call(&word, span) } else { self.path(false, (word, span), span.start) }
            }
            Token::Sign("(") => {
                self.at += 1;
                let mut inner = self.expression()?;
                self.expect_sign(")")?;
                inner.span = Span::new(span.start, self.end());
                Ok(inner)
            }
            Token::Sign("[") => self.list(),
            Token::Sign(".") => self.row_path(),
            _ => Err(self.expected(Text::new("一个值", "a value"))),
        }
    }

    fn leaf(&mut self, kind: Kind) -> Parsed {
        let start = self.here().start;
        self.at += 1;
        self.node(kind, start)
    }

    fn list(&mut self) -> Parsed {
        let start = self.here().start;
        self.at += 1;
        let mut items = vec![self.expression()?];
        while self.eat_sign(",") {
            items.push(self.expression()?);
        }
        self.expect_sign("]")?;
        self.node(Kind::List(items), start)
    }

    fn row_path(&mut self) -> Parsed {
        let point = self.here();
        self.at += 1;
        let span = self.here();
        match self.token().clone() {
            Token::Name(_) if !self.in_row => Err(report::row_outside(Span::new(point.start, span.end))),
            Token::Name(name) => {
                self.at += 1;
                self.path(true, (name, span), point.start)
            }
            Token::Number(_) => {
                let span = Span::new(point.start, span.end);
                Err(report::number(span, self.source.get(span.start..span.end).unwrap_or_default()))
            }
            _ => Err(self.expected(field_name())),
        }
    }

    fn path(&mut self, of_row: bool, first: (String, Span), start: usize) -> Parsed {
        let mut names = vec![first];
        self.eat_rows();
        while self.eat_sign(".") {
            let span = self.here();
            let Token::Name(name) = self.token().clone() else {
                return Err(self.expected(field_name()));
            };
            self.at += 1;
            names.push((name, span));
            self.eat_rows();
        }
        self.node(Kind::Path(Path { of_row, names }), start)
    }

    /// `[]` behind a name says to readers that it is a list; it changes nothing.
    fn eat_rows(&mut self) {
        let closes = matches!(self.tokens.get(self.at + 1), Some((Token::Sign("]"), _)));
        if closes && self.sign() == Some("[") {
            self.at += 2;
        }
    }

    /// What follows `name(`.
    fn call(&mut self, name: &str, span: Span) -> Parsed {
        let (word, accepted, example) = Word::named(name).ok_or_else(|| report::unknown_function(span, name))?;
        if word == Word::Function(Function::Date)
            && let Token::Text(text) = self.token().clone()
        {
            return self.date(&text, span);
        }
        let arguments = self.arguments(matches!(word, Word::Fold(_)))?;
        let span = Span::new(span.start, self.end());
        if !accepted.contains(&arguments.len()) {
            return Err(report::arguments(span, name, arguments.len(), example));
        }
        match word {
            Word::Function(function) => self.node(Kind::Call(function, arguments), span.start),
            Word::Extreme(_, function) if arguments.len() > 1 => self.node(Kind::Call(function, arguments), span.start),
            Word::Fold(fold) | Word::Extreme(fold, _) => self.fold(fold, arguments, span),
        }
    }

    fn fold(&mut self, fold: Fold, arguments: Vec<Node>, span: Span) -> Parsed {
        let mut arguments = arguments.into_iter();
        let Some(list) = arguments.next() else { return Err(self.expected(Text::new("一个列表", "a list"))) };
        self.node(Kind::Fold(fold, Box::new(list), arguments.next().map(Box::new)), span.start)
    }

    /// `date("2026-03-01")`, from the text on.
    fn date(&mut self, text: &str, name: Span) -> Parsed {
        let span = self.here();
        self.at += 1;
        self.expect_sign(")")?;
        let date = parse_date(text).ok_or_else(|| report::date(span, text))?;
        self.node(Kind::Date(date), name.start)
    }

    /// Arguments up to the closing parenthesis; those after the first may look at rows.
    fn arguments(&mut self, over_rows: bool) -> Result<Vec<Node>, Stop> {
        let mut arguments = Vec::new();
        if self.eat_sign(")") {
            return Ok(arguments);
        }
        let outside = self.in_row;
        loop {
            arguments.push(self.expression()?);
            if !self.eat_sign(",") {
                break;
            }
            self.in_row = outside || over_rows;
        }
        self.in_row = outside;
        self.expect_sign(")")?;
        Ok(arguments)
    }
}

fn field_name() -> Text {
    Text::new("字段名", "the name of a field")
}
