//! Values on their way into and out of both databases: text, whole numbers and bytes are all there is.

use zhupi_domain::{ContentHash, Instant};

use crate::StoreError;

/// One value of a statement or of a row. A null keeps its type: PostgreSQL asks for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Text(Option<String>),
    Integer(Option<i64>),
    Bytes(Option<Vec<u8>>),
}

impl Value {
    pub(crate) fn holds_nul(&self) -> bool {
        matches!(self, Self::Text(Some(text)) if text.contains('\0'))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Integer(Some(i64::from(truth)))
    }
}

impl From<Instant> for Value {
    fn from(at: Instant) -> Self {
        Self::Integer(Some(at.micros()))
    }
}

impl From<Option<Instant>> for Value {
    fn from(at: Option<Instant>) -> Self {
        Self::Integer(at.map(Instant::micros))
    }
}

impl From<ContentHash> for Value {
    fn from(hash: ContentHash) -> Self {
        Self::Text(Some(hash.to_string()))
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Some(bytes))
    }
}

/// Makes the list of values of one statement or row.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::database::Value::from($value)),*] };
}
pub(crate) use values;

/// One row, read from left to right in the order of its statement's columns.
#[derive(Debug, Clone)]
pub(crate) struct Row(std::vec::IntoIter<Value>);

impl Row {
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    /// Takes out what stands for columns that this kind of row does not have.
    pub(crate) fn leave_out_nulls(&mut self) {
        let null = |value: &Value| matches!(value, Value::Text(None) | Value::Integer(None) | Value::Bytes(None));
        self.0 = self.0.by_ref().filter(|value| !null(value)).collect::<Vec<_>>().into_iter();
    }

    /// The next value as it is.
    pub(crate) fn value(&mut self) -> Result<Value, StoreError> {
        self.0.next().ok_or_else(|| StoreError::Damaged("a row has too few columns".into()))
    }

    pub(crate) fn optional_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.value()? {
            Value::Text(text) => Ok(text),
            Value::Integer(None) | Value::Bytes(None) => Ok(None),
            other => Err(unexpected("text", &other)),
        }
    }

    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        self.optional_text()?.ok_or_else(missing)
    }

    pub(crate) fn optional_integer(&mut self) -> Result<Option<i64>, StoreError> {
        match self.value()? {
            Value::Integer(number) => Ok(number),
            Value::Text(None) | Value::Bytes(None) => Ok(None),
            other => Err(unexpected("a number", &other)),
        }
    }

    pub(crate) fn integer(&mut self) -> Result<i64, StoreError> {
        self.optional_integer()?.ok_or_else(missing)
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        match self.value()? {
            Value::Bytes(Some(bytes)) => Ok(bytes),
            other => Err(unexpected("bytes", &other)),
        }
    }

    pub(crate) fn truth(&mut self) -> Result<bool, StoreError> {
        match self.integer()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(StoreError::Damaged(format!("{other} where 0 or 1 must be"))),
        }
    }

    pub(crate) fn optional_instant(&mut self) -> Result<Option<Instant>, StoreError> {
        self.optional_integer()?.map(instant).transpose()
    }

    pub(crate) fn instant(&mut self) -> Result<Instant, StoreError> {
        instant(self.integer()?)
    }

    pub(crate) fn hash(&mut self) -> Result<ContentHash, StoreError> {
        let text = self.text()?;
        ContentHash::parse(&text).ok_or_else(|| StoreError::Damaged(format!("`{text}` is not a hash")))
    }
}

fn instant(micros: i64) -> Result<Instant, StoreError> {
    Instant::from_micros(micros).ok_or_else(|| StoreError::Damaged(format!("{micros} is not a time")))
}

fn missing() -> StoreError {
    StoreError::Damaged("a value is missing where one must be".into())
}

fn unexpected(wanted: &str, found: &Value) -> StoreError {
    let kind = match found {
        Value::Text(_) => "text",
        Value::Integer(_) => "a number",
        Value::Bytes(_) => "bytes",
    };
    StoreError::Damaged(format!("{kind} where {wanted} must be"))
}
