//! Scalars as gateways really write them, and the JSON underneath.
//!
//! Everything here is lenient in reading and exact in keeping: a value that
//! has several spellings on the wire has one Rust type, and what is written
//! back is the same value. Nothing here knows of webhooks.

pub(crate) mod coded_enum;
pub(crate) mod hex;
pub(crate) mod json;
pub(crate) mod number_enum;
pub(crate) mod object;
pub(crate) mod open_enum;
pub(crate) mod rest;
pub(crate) mod scalar;
pub(crate) mod text_or_object;
pub(crate) mod time;

mod bytes;
mod id;
pub(crate) mod list;
mod raw;
mod sensitive;

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
