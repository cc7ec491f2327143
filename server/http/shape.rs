//! Reads what a client sent into a type that names all it takes, and words what does not fit, with its place.
//!
//! The words of the usual readers are for programmers and in English; here every misfit is one of a closed list.

use serde::de::value::StringDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::{Map, Value, map};

pub use super::misfit::Misfit;
use super::misfit::{Kind, Wrong};

/// Reads a JSON value.
pub fn of_json<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Misfit> {
    T::deserialize(Given { value, as_text: false })
}

/// Reads parameters, whose values are all texts.
pub fn of_texts<T: serde::de::DeserializeOwned>(texts: Map<String, Value>) -> Result<T, Misfit> {
    T::deserialize(Given { value: Value::Object(texts), as_text: true })
}

/// A value that was sent.
struct Given {
    value: Value,
    /// Numbers and truth values are written as texts.
    as_text: bool,
}

impl Given {
    fn is_not(&self, kind: Kind) -> Misfit {
        Wrong::Kind { expected: kind, found: self.value.clone() }.into()
    }

    /// A number or a truth value, also out of a text where that is how they are written.
    fn plain(&self) -> Value {
        match &self.value {
            Value::String(text) if self.as_text => serde_json::from_str(text)
                .ok()
                .filter(|value| !matches!(value, Value::String(_)))
                .unwrap_or(Value::Null),
            value => value.clone(),
        }
    }

    fn whole<'de, V: Visitor<'de>>(self, visitor: V, kind: Kind) -> Result<V::Value, Misfit> {
        let number = self.plain();
        match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => visitor.visit_u64(number),
            (None, Some(number)) if kind == Kind::Whole => visitor.visit_i64(number),
            _ => Err(self.is_not(kind)),
        }
    }
}

/// Methods that read a value in the same way.
macro_rules! read_as {
    ($how:expr; $($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            $how(self, visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Given {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        // What takes anything is nothing that does not fit.
        self.value.deserialize_any(visitor).map_err(|error| Wrong::Other(error.to_string()).into())
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.plain() {
            Value::Bool(truth) => visitor.visit_bool(truth),
            _ => Err(self.is_not(Kind::Truth)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.value {
            Value::String(text) => visitor.visit_string(text),
            _ => Err(self.is_not(Kind::Text)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.value {
            Value::Array(items) => visitor.visit_seq(Items { items: items.into_iter(), next: 0 }),
            _ => Err(self.is_not(Kind::List)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.value {
            Value::Object(members) => {
                visitor.visit_map(Members { members: members.into_iter(), value: None, as_text: self.as_text })
            }
            _ => Err(self.is_not(Kind::Object)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.value {
            Value::String(text) => visitor.visit_enum(IntoDeserializer::<Misfit>::into_deserializer(text)),
            _ => Err(self.is_not(Kind::Text)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_any(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    read_as! { |given: Given, visitor| given.whole(visitor, Kind::Whole);
    deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 }
    read_as! { |given: Given, visitor| given.whole(visitor, Kind::Count);
    deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 }
    read_as! { |given: Given, visitor| given.deserialize_string(visitor);
    deserialize_char deserialize_str deserialize_identifier }
    read_as! { |given: Given, visitor| given.deserialize_any(visitor);
    deserialize_f32 deserialize_f64 deserialize_bytes deserialize_byte_buf deserialize_unit
    deserialize_ignored_any }
}

/// The members of an object, each under its key.
struct Members {
    members: map::IntoIter,
    value: Option<(String, Value)>,
    as_text: bool,
}

impl<'de> MapAccess<'de> for Members {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Misfit> {
        let Some((key, value)) = self.members.next() else { return Ok(None) };
        self.value = Some((key.clone(), value));
        let key: StringDeserializer<Misfit> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let (key, value) = self.value.take().unwrap_or_default();
        let given = Given { value, as_text: self.as_text };
        seed.deserialize(given).map_err(|misfit| misfit.under(&key))
    }
}

/// The items of a list, each under its number.
struct Items {
    items: std::vec::IntoIter<Value>,
    next: usize,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misfit> {
        let Some(value) = self.items.next() else { return Ok(None) };
        let number = self.next.to_string();
        self.next += 1;
        seed.deserialize(Given { value, as_text: false }).map(Some).map_err(|misfit| misfit.under(&number))
    }
}

impl serde::de::Error for Misfit {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Wrong::Other(message.to_string()).into()
    }

    fn invalid_value(found: Unexpected<'_>, _: &dyn Expected) -> Self {
        Wrong::OutOfRange(found.to_string()).into()
    }

    fn missing_field(field: &'static str) -> Self {
        Self::from(Wrong::Missing(field)).under(field)
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        Self::from(Wrong::Unknown { name: field.to_owned(), known }).under(field)
    }

    fn unknown_variant(found: &str, known: &'static [&'static str]) -> Self {
        Wrong::Choice { found: found.to_owned(), known }.into()
    }
}
