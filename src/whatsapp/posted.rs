//! Members of a message object that are not WhatsApp's: what servers add to a
//! file, and messages as they were posted to Evolution's own channel.

use serde::de::MapAccess;
use serde::ser::SerializeMap;

use super::TargetKey;
use crate::wire::object::object_keeping_rest;
use crate::wire::{Id, List};

/// Declares the members, and how one is read and written by its name: they are
/// among the other members of the message object.
macro_rules! members {
    ($(
        $(#[$doc:meta])*
        $name:literal => $field:ident: $Type:ty,
    )+) => {
        /// Members directly in a message object that are not WhatsApp's.
        ///
        /// Evolution API's own channel passes on what was posted to it, without
        /// a content around it: a file as `{"mediaUrl": …, "caption": …}`,
        /// buttons with their texts, a quoted message as `quoted`. Evolution Go
        /// adds the media type of the file that it stored. The accessors of
        /// [`Unwrapped`](super::Unwrapped) use these members too.
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct Posted {
            $(
                $(#[$doc])*
                pub $field: Option<$Type>,
            )+
        }

        impl Posted {
            /// Whether a member of that name is one of these.
            pub(super) fn has(name: &str) -> bool {
                [$($name),+].contains(&name)
            }

            /// Whether the member of that name has not been read yet.
            pub(super) fn lacks(&self, name: &str) -> bool {
                match name {
                    $($name => self.$field.is_none(),)+
                    _ => false,
                }
            }

            /// Reads the value of one of the members.
            pub(super) fn read<'de, A: MapAccess<'de>>(
                &mut self,
                name: &str,
                map: &mut A,
            ) -> Result<(), A::Error> {
                match name {
                    $($name => self.$field = map.next_value()?,)+
                    _ => {}
                }
                Ok(())
            }

            /// Writes them as members.
            pub(super) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                $(if let Some(value) = &self.$field {
                    map.serialize_entry($name, value)?;
                })+
                Ok(())
            }
        }
    };
}

members! {
    /// The caption of a file.
    "caption" => caption: String,
    /// The quoted message.
    "quoted" => quoted: TargetKey,
    /// The header above buttons.
    "title" => title: String,
    /// The text above buttons.
    "description" => description: String,
    /// The text above buttons, under the name that other clients use.
    "body" => body: String,
    /// The footer below buttons.
    "footer" => footer: String,
    /// The buttons.
    "buttons" => buttons: List<PostedButton>,
    /// The media type of the file.
    "mimetype" => mimetype: String,
    /// The name of the file.
    "fileName" => file_name: String,
}

impl Posted {
    /// The text.
    pub(super) fn text(&self) -> Option<&str> {
        [&self.caption, &self.description, &self.body, &self.title]
            .into_iter()
            .find_map(Option::as_deref)
    }
}

object_keeping_rest! {
    /// A button as it was posted.
    #[serde(rename_all = "camelCase")]
    pub struct PostedButton {
        /// Its action, such as `reply`, `url` or `call`.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// Its text.
        pub display_text: Option<String>,
        /// Its id, which the reply contains.
        pub id: Option<Id>,
        /// The link that it opens.
        pub url: Option<String>,
        /// The number it calls.
        pub phone_number: Option<String>,
        /// The code it copies.
        pub copy_code: Option<String>,
    }
}
