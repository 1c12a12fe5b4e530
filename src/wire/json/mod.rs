//! JSON text: reading it with a path to whatever is wrong, finding values in
//! it, and repairing what no Rust text can hold.

mod error;
mod fault;
mod long;
mod member;
mod path;
mod reader;
mod scan;
mod seek;
mod surrogate;
mod text;

#[cfg(any(test, feature = "testing"))]
pub(crate) use fault::kind;
pub use fault::{Fault, Misfit};
pub use path::{Path, Segment};

pub(crate) use error::Error;
pub(crate) use long::{Long, long_values};
pub(crate) use member::{Outer, Scalar, Unclear};
use reader::{Anyones, Whose};
pub(crate) use reader::{LIST, NUMBERED, RAW, RESERVED, RawText, Reader};
pub(crate) use seek::{seek, text_of, value_at};
pub(crate) use surrogate::repair;
pub(crate) use text::{Members, Name, find_text, locate, place_of};

use std::marker::PhantomData;
use std::ops::Range;

use serde::de::{DeserializeOwned, DeserializeSeed};

use super::room::Room;

/// Reads a whole JSON text, without the values at these places.
#[inline]
pub(crate) fn read_without<'de, S: DeserializeSeed<'de>>(
    text: &'de str,
    left_out: &'de [Range<usize>],
    seed: S,
) -> Result<S::Value, Error> {
    whole(text, Reader::without(text, left_out), seed)
}

/// Reads a whole JSON text as a type of anyone, with unpaired surrogates repaired when that is
/// what it takes.
pub(crate) fn read_repaired<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    let read = |text: &str| whole(text, Reader::<Anyones>::of(text), PhantomData::<T>);
    read(text).or_else(|error| match repair(text) {
        Some(repaired) => read(&repaired).map_err(|error| error.into_fault(&repaired)),
        None => Err(error.into_fault(text)),
    })
}

/// The same for a type of this crate, at once: its raw values stay as they are in the text.
pub(crate) fn read_ours<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    whole(text, Reader::lossy(text), PhantomData::<T>).map_err(|error| error.into_fault(text))
}

/// Reads the whole text of a reader.
#[inline]
fn whole<'de, W: Whose, S: DeserializeSeed<'de>>(
    text: &str,
    mut reader: Reader<'de, W>,
    seed: S,
) -> Result<S::Value, Error> {
    let _room = Room::of(text);
    let value = seed.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}
