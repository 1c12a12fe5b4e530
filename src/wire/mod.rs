//! Scalars as gateways really write them, and the JSON layer underneath.
//!
//! Everything here is lenient when deserialising and exact when serialising: a
//! value that has several spellings on the wire has one Rust type, and what is
//! written back is the same value.

pub(crate) mod coded_enum;
pub(crate) mod hex;
pub(crate) mod json;
pub(crate) mod member_name;
pub(crate) mod number_enum;
pub(crate) mod object;
pub(crate) mod open_enum;
pub(crate) mod rest;
pub(crate) mod room;
pub(crate) mod scalar;
pub(crate) mod text_or_object;
pub(crate) mod time;
pub(crate) mod written;

mod bytes;
mod id;
pub(crate) mod list;
mod raw;
pub(crate) mod sensitive;

pub use bytes::{BytesError, LazyBytes};
pub use coded_enum::{Coded, CodedValue, OtherCode};
pub use id::{Id, TextOrNumber};
pub use json::{Fault, Misfit, Path, Segment};
pub use list::List;
pub use number_enum::OtherNumber;
pub use open_enum::OtherText;
pub use raw::RawJson;
pub use rest::Rest;
pub use sensitive::Sensitive;

use std::str::Utf8Error;

/// The text of a body in UTF-8. A text with accents every few words is checked
/// several times as fast as by the standard library.
pub(crate) fn text(body: &[u8]) -> Result<&str, Utf8Error> {
    // Where it is wrong only matters for the error.
    simdutf8::basic::from_utf8(body).or_else(|_| std::str::from_utf8(body))
}
