//! Labels of chats.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::jid::Jid;
use crate::wire::Id;
use crate::wire::object::object;
use crate::wire::scalar::{integer, not};

object! {
    /// A label was created, changed or deleted: the event's name says which.
    #[serde(rename_all = "camelCase")]
    #[doc(alias("label.upsert", "label.deleted"))]
    pub struct LabelChange {
        /// The label. See [`label_id`](Self::label_id).
        pub id: Option<Id>,
        /// Its name; empty or missing when it was deleted. See
        /// [`label_name`](Self::label_name).
        pub name: Option<String>,
        /// Its colour. See [`hex`](Self::hex).
        pub color: Option<LabelColor>,
        /// Its colour, `#rrggbb`; `#000000` when the server does not know it.
        pub color_hex: Option<String>,
        /// Its colour, `#rrggbb`. With WPP; see [`hex`](Self::hex).
        pub hex_color: Option<String>,
        /// Its colour's number in WhatsApp's palette. With WPP.
        #[serde(with = "integer")]
        pub color_index: Option<i64>,
        /// The number of chats with it. With WPP.
        #[serde(with = "integer")]
        pub count: Option<i64>,
        /// Its number among WhatsApp's predefined labels. With WPP.
        pub predefined_id: Option<Id>,
        /// The label as an object with all of these. In Wawp's second
        /// generation only.
        pub label: Option<Label>,
    }
}

impl LabelChange {
    /// The label, from whichever field has it.
    pub fn label_id(&self) -> Option<&str> {
        self.id.as_deref().or_else(|| self.label.as_ref()?.id.as_deref())
    }

    /// Its name, from whichever field has it.
    pub fn label_name(&self) -> Option<&str> {
        self.name.as_deref().or_else(|| self.label.as_ref()?.name.as_deref())
    }

    /// Its colour as `#rrggbb`, from whichever field has it.
    pub fn hex(&self) -> Option<&str> {
        let flat = self.color_hex.as_deref().or(self.hex_color.as_deref());
        let flat = flat.or_else(|| self.color.as_ref()?.hex());
        flat.or_else(|| self.label.as_ref()?.hex())
    }
}

object! {
    /// A label.
    #[serde(rename_all = "camelCase")]
    pub struct Label {
        /// Its id.
        pub id: Option<Id>,
        /// Its name.
        pub name: Option<String>,
        /// Its colour.
        pub color: Option<LabelColor>,
        /// Its colour, `#rrggbb`; `#000000` when the server does not know it.
        pub color_hex: Option<String>,
        /// Its colour, `#rrggbb`. With WPP; see [`hex`](Self::hex).
        pub hex_color: Option<String>,
        /// Its colour's number in WhatsApp's palette. With WPP.
        #[serde(with = "integer")]
        pub color_index: Option<i64>,
        /// The number of chats with it. With WPP.
        #[serde(with = "integer")]
        pub count: Option<i64>,
        /// Its number among WhatsApp's predefined labels. With WPP.
        pub predefined_id: Option<Id>,
    }
}

impl Label {
    /// Its colour as `#rrggbb`, from whichever field has it.
    pub fn hex(&self) -> Option<&str> {
        let written = self.color_hex.as_deref().or(self.hex_color.as_deref());
        written.or_else(|| self.color.as_ref()?.hex())
    }
}

object! {
    /// A label was added to a chat, or removed: the event's name says which.
    #[serde(rename_all = "camelCase")]
    #[doc(alias("label.chat.added", "label.chat.deleted"))]
    pub struct LabelChat {
        /// The label.
        pub label_id: Id,
        /// The chat.
        pub chat_id: Jid,
        /// The label, if the server knows it: never with GOWS, not right after
        /// pairing with NOWEB, and not in Wawp's second generation.
        pub label: Option<Label>,
    }
}

/// A label's colour: its number in WhatsApp's palette, or (in Wawp's second
/// generation) `#RRGGBB`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LabelColor {
    /// Its number in the palette, 0 to 19.
    Palette(u64),
    /// The colour as `#RRGGBB`.
    Hex(Box<str>),
}

impl LabelColor {
    /// The colour as `#RRGGBB`, if it was sent like that.
    pub fn hex(&self) -> Option<&str> {
        match self {
            Self::Palette(_) => None,
            Self::Hex(text) => Some(text),
        }
    }

    /// Its number in the palette, if it was sent like that.
    pub fn palette(&self) -> Option<u64> {
        match self {
            Self::Palette(number) => Some(*number),
            Self::Hex(_) => None,
        }
    }
}

impl Serialize for LabelColor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Palette(number) => serializer.serialize_u64(*number),
            Self::Hex(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for LabelColor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Color;

        impl Visitor<'_> for Color {
            type Value = LabelColor;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a colour as number or text")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<LabelColor, E> {
                Ok(LabelColor::Palette(number))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<LabelColor, E> {
                let number = u64::try_from(number);
                number.map(LabelColor::Palette).map_err(|_| not("a colour as number or text"))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<LabelColor, E> {
                Ok(LabelColor::Hex(text.into()))
            }
        }

        deserializer.deserialize_any(Color)
    }
}
