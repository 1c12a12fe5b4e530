//! Addresses on WhatsApp.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::scalar;

/// An address on WhatsApp as a gateway wrote it: a JID such as
/// `5511999990001@s.whatsapp.net`, or the bare digits of a phone number.
///
/// Reading is total: any text is kept, exactly. `Eq`, `Ord` and `Hash` are by
/// that text.
///
/// ```
/// use zaphook::Jid;
///
/// let sender = Jid::from_wire("5511999990001");
/// assert_eq!(sender.as_str(), "5511999990001");
/// assert_eq!(sender.phone(), Some("5511999990001"));
/// assert_eq!(Jid::from_wire("100000000000001@lid").phone(), None);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Jid(Box<str>);

impl Jid {
    /// Takes any text as it stands on the wire.
    pub fn from_wire(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits of the phone number, without `+`, when the address is one:
    /// bare digits, or a user of a phone-numbered server (`s.whatsapp.net`,
    /// `c.us`, `hosted`), 5 to 15 of them. Write a `+` before it for E.164.
    ///
    /// `None` for hidden ids (`@lid`), groups, channels and everything else
    /// whose digits are no phone number.
    pub fn phone(&self) -> Option<&str> {
        let user = match self.0.split_once('@') {
            None => &*self.0,
            Some((user, "s.whatsapp.net" | "c.us" | "hosted")) => {
                user.split_once(':').map_or(user, |(user, _device)| user)
            }
            Some(_) => return None,
        };
        let digits = user.strip_prefix('+').unwrap_or(user);
        let is_phone =
            (5..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_phone.then_some(digits)
    }
}

impl fmt::Display for Jid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Jid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jid({:?})", self.0)
    }
}

impl PartialEq<str> for Jid {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Jid {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl Serialize for Jid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Jid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar::read_text(deserializer, |text| Self::from_wire(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_kept() {
        for text in ["", "@", "a@b@c", "5511999990001@c.us ", "\u{0}", "me"] {
            let jid: Jid = serde_json::from_value(text.into()).unwrap();
            assert_eq!(jid, text);
            assert_eq!(serde_json::to_value(&jid).unwrap(), text);
        }
        let escaped: Jid = serde_json::from_str(r#""5511999990001\u0040c.us""#).unwrap();
        assert_eq!(escaped, "5511999990001@c.us");
    }

    #[test]
    fn only_a_phone_number_is_a_phone() {
        for (text, phone) in [
            ("5511999990001", Some("5511999990001")),
            ("+5511999990001@s.whatsapp.net", Some("5511999990001")),
            ("5511999990001:12@c.us", Some("5511999990001")),
            ("5511999990001:99@hosted", Some("5511999990001")),
            ("100000000000001@lid", None),
            ("120363000000000001@g.us", None),
            ("5511999990001-1610000000@g.us", None),
            ("867051314767696@bot", None),
            ("0@c.us", None),
            ("server@c.us", None),
            ("status@broadcast", None),
            ("٥٥١١٩٩٩٩@s.whatsapp.net", None),
            ("1234567890123456", None),
            ("", None),
        ] {
            assert_eq!(Jid::from_wire(text).phone(), phone, "{text}");
        }
    }
}
