//! From words and signs to a tree.
//!
//! Loosest first: `if then else`, `or`, `and`, `not`, comparison and `in`, `+ -`, `* /`, a minus in front.

use super::functions::{Fold, Function, Word};
use super::report::{self, Stop};
use super::token::{Token, tokens};
use super::tree::{Comparison, If, Kind, Logic, Node, Operator, Path};
use super::value::parse_date;
use super::{MAX_DEPTH, MAX_LENGTH, MAX_NODES};
use crate::Span;
use crate::nearest::nearest;

type Parsed = Result<Node, Stop>;

/// Words that cannot be the first name of a path.
const RESERVED: [&str; 9] = ["and", "or", "not", "in", "if", "then", "else", "true", "false"];

/// Reads a whole expression.
pub fn parse(source: &str) -> Parsed {
    if source.len() > MAX_LENGTH {
        return Err(report::too_long(source.len(), MAX_LENGTH));
    }
    let mut parser = Parser { source, tokens: tokens(source)?, at: 0, depth: 0, nodes: 0, in_row: false };
    if *parser.token() == Token::End {
        return Err(report::empty());
    }
    let node = parser.expression()?;
    if *parser.token() == Token::End { Ok(node) } else { Err(parser.left_over()) }
}

struct Parser<'a> {
    source: &'a str,
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
    nodes: usize,
    /// Whether a leading point means something here.
    in_row: bool,
}

impl Parser<'_> {
    fn expression(&mut self) -> Parsed {
        self.deeper(|parser| {
            let start = parser.here().start;
            if !parser.eat_word("if") {
                return parser.logic(Logic::Or);
            }
            let condition = parser.expression()?;
            parser.expect_word("then")?;
            let then = parser.expression()?;
            parser.expect_word("else")?;
            let otherwise = parser.expression()?;
            parser.node(Kind::If(Box::new(If { condition, then, otherwise })), start)
        })
    }

    fn logic(&mut self, logic: Logic) -> Parsed {
        let (word, operand): (_, fn(&mut Self) -> Parsed) = match logic {
            Logic::Or => ("or", |parser| parser.logic(Logic::And)),
            Logic::And => ("and", Self::negation),
        };
        let start = self.here().start;
        let first = operand(self)?;
        if !self.is_word(word) {
            return Ok(first);
        }
        let mut operands = vec![first];
        while self.eat_word(word) {
            operands.push(operand(self)?);
        }
        self.node(Kind::Logic(logic, operands), start)
    }

    fn negation(&mut self) -> Parsed {
        let start = self.here().start;
        if !self.eat_word("not") {
            return self.comparison();
        }
        let inner = self.deeper(Self::negation)?;
        self.node(Kind::Not(Box::new(inner)), start)
    }

    fn comparison(&mut self) -> Parsed {
        let start = self.here().start;
        let left = self.sum()?;
        let Some(comparison) = self.eat_comparison() else { return Ok(left) };
        let right = self.sum()?;
        let sign = self.here();
        if self.eat_comparison().is_some() {
            return Err(report::chained(sign));
        }
        self.node(Kind::Compare(Box::new(left), comparison, Box::new(right)), start)
    }

    fn eat_comparison(&mut self) -> Option<Comparison> {
        let comparison = match self.token() {
            Token::Sign("==") => Comparison::Equal,
            Token::Sign("!=") => Comparison::Unequal,
            Token::Sign("<") => Comparison::Less,
            Token::Sign("<=") => Comparison::LessOrEqual,
            Token::Sign(">") => Comparison::Greater,
            Token::Sign(">=") => Comparison::GreaterOrEqual,
            Token::Name(word) if word == "in" => Comparison::In,
            Token::Name(word) if word == "not" && self.is_name_at(self.at + 1, "in") => {
                self.at += 1;
                Comparison::NotIn
            }
            _ => return None,
        };
        self.at += 1;
        Some(comparison)
    }

    fn sum(&mut self) -> Parsed {
        self.chain(Self::product, |sign| match sign {
            "+" => Some(Operator::Plus),
            "-" => Some(Operator::Minus),
            _ => None,
        })
    }

    fn product(&mut self) -> Parsed {
        self.chain(Self::minus, |sign| match sign {
            "*" => Some(Operator::Times),
            "/" => Some(Operator::DividedBy),
            _ => None,
        })
    }

    fn chain(&mut self, operand: fn(&mut Self) -> Parsed, operator: fn(&str) -> Option<Operator>) -> Parsed {
        let start = self.here().start;
        let first = operand(self)?;
        let mut rest = Vec::new();
        while let Some(operator) = self.sign().and_then(operator) {
            self.at += 1;
            rest.push((operator, operand(self)?));
        }
        if rest.is_empty() { Ok(first) } else { self.node(Kind::Arithmetic(Box::new(first), rest), start) }
    }

    fn minus(&mut self) -> Parsed {
        let start = self.here().start;
        if !self.eat_sign("-") {
            return self.primary();
        }
        let inner = self.deeper(Self::minus)?;
        self.node(Kind::Negate(Box::new(inner)), start)
    }

    fn primary(&mut self) -> Parsed {
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
            _ => Err(self.expected("一个值", "a value")),
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
            _ => Err(self.expected("字段名", "the name of a field")),
        }
    }

    fn path(&mut self, of_row: bool, first: (String, Span), start: usize) -> Parsed {
        let mut names = vec![first];
        while self.eat_sign(".") {
            let span = self.here();
            let Token::Name(name) = self.token().clone() else {
                return Err(self.expected("字段名", "the name of a field"));
            };
            self.at += 1;
            names.push((name, span));
        }
        self.node(Kind::Path(Path { of_row, names }), start)
    }

    /// What follows `name(`.
    fn call(&mut self, name: &str, span: Span) -> Parsed {
        let Some((word, accepted, example)) = Word::named(name) else {
            let all: Vec<&str> = Word::names().collect();
            return Err(report::unknown_function(span, name, nearest(name, Word::names()), &all.join(" ")));
        };
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
        let Some(list) = arguments.next() else { return Err(self.expected("列表", "a list")) };
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

    /// Goes one level down, but never deeper than the limit.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth >= MAX_DEPTH {
            return Err(report::too_deep(self.here(), MAX_DEPTH));
        }
        self.depth += 1;
        let node = read(self);
        self.depth -= 1;
        node
    }

    /// Makes a node that reaches from `start` to the last token that was read.
    fn node(&mut self, kind: Kind, start: usize) -> Parsed {
        let span = Span::new(start, self.end());
        self.nodes += 1;
        if self.nodes > MAX_NODES { Err(report::too_many(span, MAX_NODES)) } else { Ok(Node::new(kind, span)) }
    }

    fn token(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn here(&self) -> Span {
        let end = Span::new(self.source.len(), self.source.len());
        self.tokens.get(self.at).map_or(end, |(_, span)| *span)
    }

    /// Where the last token that was read ends.
    fn end(&self) -> usize {
        self.tokens.get(self.at.wrapping_sub(1)).map_or(0, |(_, span)| span.end)
    }

    fn sign(&self) -> Option<&'static str> {
        if let Token::Sign(sign) = self.token() { Some(sign) } else { None }
    }

    fn eat_sign(&mut self, sign: &str) -> bool {
        let found = self.sign() == Some(sign);
        self.at += usize::from(found);
        found
    }

    fn is_name_at(&self, at: usize, word: &str) -> bool {
        matches!(self.tokens.get(at), Some((Token::Name(name), _)) if name == word)
    }

    fn is_word(&self, word: &str) -> bool {
        self.is_name_at(self.at, word)
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    fn expect_sign(&mut self, sign: &str) -> Result<(), Stop> {
        if self.eat_sign(sign) { Ok(()) } else { Err(self.expected(&format!("“{sign}”"), &format!("`{sign}`"))) }
    }

    fn expect_word(&mut self, word: &str) -> Result<(), Stop> {
        if self.eat_word(word) { Ok(()) } else { Err(self.expected(word, &format!("`{word}`"))) }
    }

    fn expected(&self, zh: &str, en: &str) -> Stop {
        let span = self.here();
        report::syntax(span, self.source.get(span.start..span.end).unwrap_or_default(), zh, en)
    }

    /// Something stands where the expression was complete.
    fn left_over(&self) -> Stop {
        let span = self.here();
        report::left_over(span, self.source.get(span.start..span.end).unwrap_or_default())
    }
}
