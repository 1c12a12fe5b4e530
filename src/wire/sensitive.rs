//! Text that must not be logged.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// A credential: an API key, a QR or pairing code, a webhook secret in a
/// management response.
///
/// It serialises like a `String`; only `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(transparent)]
pub struct Sensitive(String);

impl Sensitive {
    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text itself, by value.
    pub fn into_exposed(self) -> String {
        self.0
    }
}

impl From<String> for Sensitive {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Sensitive {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sensitive({} bytes)", self.0.len())
    }
}

impl Serialize for Sensitive {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[cfg(feature = "testing")]
        written::note(&self.0);
        serializer.serialize_str(&self.0)
    }
}

/// Which texts of that kind a value holds, found by writing it: no type needs
/// to be compiled a second time for it.
#[cfg(feature = "testing")]
pub(crate) mod written {
    use std::cell::RefCell;

    thread_local! {
        static NOTED: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
    }

    pub(super) fn note(text: &str) {
        NOTED.with_borrow_mut(|noted| noted.iter_mut().for_each(|noted| noted.push(text.into())));
    }

    /// The texts that are written meanwhile.
    pub(crate) fn during(write: impl FnOnce()) -> Vec<String> {
        NOTED.set(Some(Vec::new()));
        write();
        NOTED.take().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_and_writes_like_a_text_and_is_found_when_written() {
        let read: Vec<Sensitive> = serde_json::from_str(r#"["a","b\n"]"#).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), r#"["a","b\n"]"#);
        assert_eq!(format!("{read:?}"), "[Sensitive(1 bytes), Sensitive(2 bytes)]");
        assert_eq!(read.iter().map(Sensitive::expose).collect::<Vec<_>>(), ["a", "b\n"]);
        assert_eq!(Sensitive::from("b").into_exposed(), "b");
        #[cfg(feature = "testing")]
        {
            let found = written::during(|| drop(serde_json::to_string(&read)));
            assert_eq!(found, ["a", "b\n"]);
            assert!(written::during(|| ()).is_empty());
        }
    }
}
