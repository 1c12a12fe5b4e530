//! JSON text: reading it with a path to whatever is wrong, finding values in
//! it, and mending what no Rust text can hold.

mod fault;
mod member;
mod path;
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
pub(crate) fn read_with<'de, S: DeserializeSeed<'de> + Clone>(
    text: &'de str,
    seed: S,
) -> Result<S::Value, Fault> {
    // Keeping track of the path costs as much again, and is for who has to tell
    // it.
    let mut json = serde_json::Deserializer::from_str(text);
    if let Ok(value) = seed.clone().deserialize(&mut json)
        && json.end().is_ok()
    {
        return Ok(value);
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let mut track = serde_path_to_error::Track::new();
    let value = seed
        .deserialize(serde_path_to_error::Deserializer::new(&mut json, &mut track))
        .map_err(|error| Fault::new(text, &track.path(), &error))?;
    json.end().map_err(|_| Fault::unreadable(Path::root()))?;
    Ok(value)
}

/// Reads a whole JSON text as a type, with unpaired surrogates mended when
/// that is what it takes.
pub(crate) fn read_repaired<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    read_with(text, PhantomData::<T>).or_else(|fault| match repair(text) {
        Some(repaired) => read_with(&repaired, PhantomData::<T>),
        None => Err(fault),
    })
}
