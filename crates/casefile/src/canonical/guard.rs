//! A serializer that writes nothing and refuses what canonical JSON cannot say exactly.
//!
//! It exists because the JSON library turns a float that is not finite into `null` and the canonical writer rounds
//! large whole numbers: both without a word.

use std::fmt::Display;

use serde::Serialize;
use serde::ser::{self, Serializer};

use super::{DEPTH_LIMIT, NUMBER_LIMIT, NotCanonical};

/// Walks `value` and finds the first number or nesting that is refused.
pub(super) fn check<T: Serialize + ?Sized>(value: &T) -> Result<(), NotCanonical> {
    value.serialize(Guard { depth: 0 })
}

impl ser::Error for NotCanonical {
    fn custom<T: Display>(message: T) -> Self {
        Self::Unwritable(message.to_string())
    }
}

#[derive(Clone, Copy)]
struct Guard {
    depth: usize,
}

impl Guard {
    fn inside(self) -> Result<Self, NotCanonical> {
        if self.depth == DEPTH_LIMIT {
            return Err(NotCanonical::TooDeep);
        }
        Ok(Self {
            depth: self.depth + 1,
        })
    }
}

fn whole(within: bool, number: impl Display) -> Result<(), NotCanonical> {
    if within {
        Ok(())
    } else {
        Err(NotCanonical::TooLarge(number.to_string()))
    }
}

/// Values in which nothing can be wrong.
macro_rules! harmless {
    ($($method:ident($kind:ty)),* $(,)?) => {
        $(fn $method(self, _: $kind) -> Result<(), NotCanonical> { Ok(()) })*
    };
}

impl Serializer for Guard {
    type Ok = ();
    type Error = NotCanonical;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    harmless!(
        serialize_bool(bool),
        serialize_i8(i8),
        serialize_i16(i16),
        serialize_i32(i32),
        serialize_u8(u8),
        serialize_u16(u16),
        serialize_u32(u32),
        serialize_char(char),
        serialize_str(&str),
        serialize_bytes(&[u8]),
        serialize_unit_struct(&'static str),
    );

    fn serialize_i64(self, number: i64) -> Result<(), NotCanonical> {
        whole(number.unsigned_abs() <= NUMBER_LIMIT, number)
    }

    fn serialize_u64(self, number: u64) -> Result<(), NotCanonical> {
        whole(number <= NUMBER_LIMIT, number)
    }

    fn serialize_i128(self, number: i128) -> Result<(), NotCanonical> {
        whole(number.unsigned_abs() <= u128::from(NUMBER_LIMIT), number)
    }

    fn serialize_u128(self, number: u128) -> Result<(), NotCanonical> {
        whole(number <= u128::from(NUMBER_LIMIT), number)
    }

    fn serialize_f32(self, number: f32) -> Result<(), NotCanonical> {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<(), NotCanonical> {
        if !number.is_finite() {
            return Err(NotCanonical::NotFinite);
        }
        whole(number.abs() <= NUMBER_LIMIT as f64, number)
    }

    fn serialize_none(self) -> Result<(), NotCanonical> {
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), NotCanonical> {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
    ) -> Result<(), NotCanonical> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NotCanonical> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), NotCanonical> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), NotCanonical> {
        value.serialize(self.inside()?)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, NotCanonical> {
        self.inside()
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, NotCanonical> {
        self.inside()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, NotCanonical> {
        self.inside()
    }

    /// A variant is an object around an array: two levels.
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, NotCanonical> {
        self.inside()?.inside()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, NotCanonical> {
        self.inside()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, NotCanonical> {
        self.inside()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, NotCanonical> {
        self.inside()?.inside()
    }
}

/// Sequences and tuples: each element is looked at.
macro_rules! looks_at_each {
    ($($kind:ident::$method:ident),* $(,)?) => {$(
        impl ser::$kind for Guard {
            type Ok = ();
            type Error = NotCanonical;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotCanonical> {
                value.serialize(*self)
            }

            fn end(self) -> Result<(), NotCanonical> {
                Ok(())
            }
        }
    )*};
}
looks_at_each!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field,
);

/// Structs: names are fixed, each value is looked at.
macro_rules! looks_at_fields {
    ($($kind:ident),*) => {$(
        impl ser::$kind for Guard {
            type Ok = ();
            type Error = NotCanonical;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                _: &'static str,
                value: &T,
            ) -> Result<(), NotCanonical> {
                value.serialize(*self)
            }

            fn end(self) -> Result<(), NotCanonical> {
                Ok(())
            }
        }
    )*};
}
looks_at_fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Guard {
    type Ok = ();
    type Error = NotCanonical;

    /// A key is written as a string, so that no number in it is rounded.
    fn serialize_key<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), NotCanonical> {
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotCanonical> {
        value.serialize(*self)
    }

    fn end(self) -> Result<(), NotCanonical> {
        Ok(())
    }
}
