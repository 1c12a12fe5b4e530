//! What is inside a value, handed out one after another: elements, members, names
//! and variants.

use serde::de::value::StrDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};

use super::{Cursor, Error, NUMBERED, Ours, Reader, Segment, Whose};

pub(super) struct Elements<'a, 'de, W = Ours> {
    pub(super) reader: &'a mut Reader<'de, W>,
    /// How many elements have been begun.
    pub(super) next: usize,
    /// When they are numbered members.
    pub(super) numbers: Option<Numbers>,
}

/// The numbers by which the elements of a list go.
#[derive(Default)]
pub(super) struct Numbers {
    /// Where the number of the element stands.
    pub(super) name: usize,
    /// Whether the first one is zero.
    pub(super) from_zero: bool,
}

impl<'de, W: Whose> SeqAccess<'de> for Elements<'_, 'de, W> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if !self.advance()? {
            return Ok(None);
        }
        let start = self.reader.at;
        match seed.deserialize(&mut *self.reader) {
            Ok(element) => Ok(Some(element)),
            Err(error) => Err(self.within(error, start)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.numbers.is_some().then_some(NUMBERED)
    }
}

impl<W> Elements<'_, '_, W> {
    /// To the next element; `false` at the end of the list.
    #[inline(never)]
    fn advance(&mut self) -> Result<bool, Error> {
        let Some(numbers) = &mut self.numbers else {
            return self.reader.seek_element(&mut self.next);
        };
        if !self.reader.seek_member(&mut (self.next == 0))? {
            // The first one is judged last: what is odd in it is told before.
            return match self.next == 0 || numbers.from_zero {
                true => Ok(false),
                false => Err(Error::unreadable()),
            };
        }
        numbers.name = self.reader.at;
        let number = self.reader.name()?.unwrap_or(&self.reader.unescaped).parse();
        // Numbered by whatever counts from zero, and keeps the order: JavaScript
        // and PHP do.
        if self.next == 0 {
            numbers.from_zero = number == Ok(0);
        } else if number != Ok(self.next) {
            return Err(Error::unreadable());
        }
        self.next = self.next.saturating_add(1);
        self.reader.seek_member_value()?;
        Ok(true)
    }

    /// What an error is about that was met in the element that begins there.
    #[cold]
    #[inline(never)]
    fn within(&self, error: Error, start: usize) -> Error {
        let segment = match &self.numbers {
            Some(numbers) => Segment::Member(self.reader.name_at(numbers.name)),
            None => Segment::Element(self.next.saturating_sub(1)),
        };
        self.reader.within(error, segment, start)
    }
}

pub(super) struct Members<'a, 'de, W = Ours> {
    pub(super) reader: &'a mut Reader<'de, W>,
    pub(super) first: bool,
    /// Where the name of the member stands.
    pub(super) name: usize,
}

impl<'de, W: Whose> MapAccess<'de> for Members<'_, 'de, W> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        match self.advance()? {
            true => seed.deserialize(Name { reader: self.reader }).map(Some),
            false => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        self.reader.seek_member_value()?;
        let start = self.reader.at;
        match seed.deserialize(&mut *self.reader) {
            Ok(value) => Ok(value),
            Err(error) => Err(self.within(error, start)),
        }
    }
}

impl<W> Members<'_, '_, W> {
    /// To the next member; `false` at the end of the object.
    #[inline(never)]
    fn advance(&mut self) -> Result<bool, Error> {
        let found = self.reader.seek_member(&mut self.first)?;
        self.name = self.reader.at;
        Ok(found)
    }

    /// What an error is about that was met in the value that begins there.
    #[cold]
    #[inline(never)]
    fn within(&self, error: Error, start: usize) -> Error {
        let name = self.reader.name_at(self.name);
        self.reader.within(error, Segment::Member(name), start)
    }
}

/// The name of a member: a text, whatever is asked of it.
pub(super) struct Name<'a, 'de> {
    pub(super) reader: &'a mut Cursor<'de>,
}

macro_rules! names_read_as {
    ($($method:ident $visit:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let name = self.reader.name()?;
            match name.unwrap_or(&self.reader.unescaped).parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(Error::invalid_type(Unexpected::Unit, &visitor)),
            }
        })+
    };
}

impl<'de> Deserializer<'de> for Name<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.reader.name()? {
            Some(name) => visitor.visit_borrowed_str(name),
            None => visitor.visit_str(&self.reader.unescaped),
        }
    }

    /// The field of a struct, which is known by any text: one form is enough.
    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let name = self.reader.name()?;
        visitor.visit_str(name.unwrap_or(&self.reader.unescaped))
    }

    names_read_as! {
        deserialize_bool visit_bool
        deserialize_i8 visit_i8
        deserialize_i16 visit_i16
        deserialize_i32 visit_i32
        deserialize_i64 visit_i64
        deserialize_i128 visit_i128
        deserialize_u8 visit_u8
        deserialize_u16 visit_u16
        deserialize_u32 visit_u32
        deserialize_u64 visit_u64
        deserialize_u128 visit_u128
        deserialize_f32 visit_f32
        deserialize_f64 visit_f64
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let name = self.reader.name()?;
        let name = name.unwrap_or(&self.reader.unescaped);
        visitor.visit_enum(StrDeserializer::<Error>::new(name))
    }

    serde::forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        ignored_any
    }
}

/// A variant of an enum: a name alone, or the one member of an object.
pub(super) struct Variant<'a, 'de, W = Ours> {
    pub(super) reader: &'a mut Reader<'de, W>,
    pub(super) alone: bool,
}

impl<'de, W: Whose> EnumAccess<'de> for Variant<'_, 'de, W> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let variant = seed.deserialize(&mut *self.reader)?;
        if !self.alone {
            self.reader.seek_member_value()?;
        }
        Ok((variant, self))
    }
}

impl<'de, W: Whose> VariantAccess<'de> for Variant<'_, 'de, W> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        if self.alone { Ok(()) } else { Deserialize::deserialize(self.reader) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        if self.alone {
            return Err(Error::invalid_type(Unexpected::UnitVariant, &"a variant with a value"));
        }
        seed.deserialize(self.reader)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        if self.alone {
            return Err(Error::invalid_type(Unexpected::UnitVariant, &visitor));
        }
        self.reader.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.alone {
            return Err(Error::invalid_type(Unexpected::UnitVariant, &visitor));
        }
        self.reader.deserialize_struct("", fields, visitor)
    }
}
