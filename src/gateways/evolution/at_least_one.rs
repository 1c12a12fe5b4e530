//! Payloads with one item or several.

use std::ops::Deref;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::wire::List;

/// One item, or several: the server sends one, and some relays send a list. It
/// derefs to a slice, which is never empty.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct AtLeastOne<T>(List<T>);

impl<T> Deref for AtLeastOne<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> IntoIterator for AtLeastOne<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a AtLeastOne<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        (&self.0).into_iter()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for AtLeastOne<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = List::deserialize(deserializer)?;
        match list.is_empty() {
            true => Err(D::Error::invalid_length(0, &"at least one")),
            false => Ok(Self(list)),
        }
    }
}
