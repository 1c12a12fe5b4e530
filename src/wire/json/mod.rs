//! JSON text: reading it with a path to whatever is wrong, finding values in
//! it, and repairing what no Rust text can hold.

mod fault;
mod member;
mod path;
mod stop;
mod surrogate;
mod text;

#[cfg(feature = "testing")]
pub(crate) use fault::kind;
pub use fault::{Fault, Misfit};
pub use path::{Path, Segment};

pub(crate) use member::{Scalar, Unclear, sole_member};
pub(crate) use surrogate::repair;
pub(crate) use text::{Members, Name, find_text, locate, without};

use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed};

/// Reads a whole JSON text, and says precisely what did not fit, and where.
pub(crate) fn read_with<'de, S>(
    text: &'de str,
    seed: S,
) -> Result<<S as DeserializeSeed<'de>>::Value, Fault>
where
    S: for<'a> DeserializeSeed<'a> + Clone,
{
    // What tells the place works on the text and the error alone, so that no
    // type needs to be compiled a second time for it.
    read(text, seed.clone())
        .map_err(|error| Fault::new(text, &error, &mut |text| read(text, seed.clone()).err()))
}

fn read<'de, S: DeserializeSeed<'de>>(text: &'de str, seed: S) -> serde_json::Result<S::Value> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut json)?;
    json.end()?;
    Ok(value)
}

/// Reads a whole JSON text as a type, with unpaired surrogates repaired when
/// that is what it takes.
pub(crate) fn read_repaired<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    read_with(text, PhantomData::<T>).or_else(|fault| match repair(text) {
        Some(repaired) => read_with(&repaired, PhantomData::<T>),
        None => Err(fault),
    })
}
