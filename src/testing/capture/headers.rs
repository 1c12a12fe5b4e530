//! The headers of a captured delivery.

use std::collections::HashMap;

use http::HeaderName;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::request::Headers;

/// What gateways are known to send, for headers that cannot list their names.
const KNOWN: &[&str] = &[
    "authorization",
    "content-type",
    "jwt_key",
    "user-agent",
    "x-enviaai-signature",
    "x-forwarded-for",
    "x-webhook-hmac",
    "x-webhook-hmac-algorithm",
    "x-webhook-request-id",
    "x-webhook-timestamp",
    "x-zavu-event",
    "x-zavu-signature",
    "x-zavu-timestamp",
    "x-zavu-tool",
];

/// Headers with all their values, each name once, in its first spelling.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Kept(Vec<(String, Vec<String>)>);

impl Kept {
    pub(super) fn all_of(headers: &dyn Headers) -> Self {
        let mut all: Vec<(String, String)> = Vec::new();
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        headers.each(&mut |name, value| all.push((name.to_owned(), text(value))));
        if all.is_empty() {
            for known in KNOWN {
                headers.values(&HeaderName::from_static(known), &mut |value| {
                    all.push(((*known).to_owned(), text(value)));
                });
            }
        }
        all.into_iter().collect()
    }

    pub(super) fn map(self, mut value: impl FnMut(&str, &str) -> String) -> Self {
        let headers = self.0.into_iter().map(|(name, values)| {
            let values = values.iter().map(|old| value(&name, old)).collect();
            (name, values)
        });
        Self(headers.collect())
    }
}

impl FromIterator<(String, String)> for Kept {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(headers: I) -> Self {
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut kept: Vec<(String, Vec<String>)> = Vec::new();
        for (name, value) in headers {
            let place = *places.entry(name.to_ascii_lowercase()).or_insert(kept.len());
            match kept.get_mut(place) {
                Some((_, values)) => values.push(value),
                None => kept.push((name, vec![value])),
            }
        }
        Self(kept)
    }
}

impl Headers for Kept {
    fn values<'a>(&'a self, name: &HeaderName, each: &mut dyn FnMut(&'a [u8])) {
        self.0
            .iter()
            .filter(|(kept, _)| kept.eq_ignore_ascii_case(name.as_str()))
            .flat_map(|(_, values)| values)
            .for_each(|value| each(value.as_bytes()));
    }

    fn each<'a>(&'a self, each: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, values) in &self.0 {
            values.iter().for_each(|value| each(name, value.as_bytes()));
        }
    }
}

impl Serialize for Kept {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, values) in &self.0 {
            match values.as_slice() {
                [value] => map.serialize_entry(name, value)?,
                values => map.serialize_entry(name, values)?,
            }
        }
        map.end()
    }
}
