//! Members of groups.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use object_form::Members;

use crate::jid::Jid;
use crate::wire::open_enum::open_enum;

/// A member of a group: an object, or in Wawp's second generation the bare
/// address. Compared by its data; the form is remembered for serialising.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Participant {
    /// The address, `…@c.us` or `…@lid`.
    pub id: Jid,
    /// The phone-number address of a LID. Not always present; see
    /// [`phone`](Self::phone).
    pub pn: Option<Jid>,
    /// The role. NOWEB still says `admin` for a member who has just been
    /// demoted.
    pub role: Option<Role>,
    is_bare: bool,
}

impl Participant {
    /// The digits of the phone number, if known.
    pub fn phone(&self) -> Option<&str> {
        self.id.phone().or_else(|| self.pn.as_ref()?.phone())
    }
}

impl PartialEq for Participant {
    fn eq(&self, other: &Self) -> bool {
        (&self.id, &self.pn, &self.role) == (&other.id, &other.pn, &other.role)
    }
}

#[expect(unreachable_pub, reason = "the macro is made for public types")]
mod object_form {
    use super::Role;
    use crate::jid::Jid;
    use crate::wire::object::object;

    object! {
        /// A member as an object.
        pub struct Members {
            /// As in [`Participant`](super::Participant).
            pub id: Jid,
            /// As in [`Participant`](super::Participant).
            pub pn: Option<Jid>,
            /// As in [`Participant`](super::Participant).
            pub role: Option<Role>,
        }
    }
}

open_enum! {
    /// The roles of members.
    pub enum Role {
        /// A former member.
        Left = "left",
        /// A member.
        Participant = "participant",
        /// An admin.
        Admin = "admin",
        /// The member who created the group.
        Superadmin = "superadmin",
    }
}

impl Serialize for Participant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_bare {
            return self.id.serialize(serializer);
        }
        let Self { id, pn, role, .. } = self.clone();
        <Members as Serialize>::serialize(&Members { id, pn, role }, serializer)
    }
}

impl<'de> Deserialize<'de> for Participant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BareOrObject;

        impl<'de> Visitor<'de> for BareOrObject {
            type Value = Participant;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member of a group as text or object")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Participant, E> {
                let id = Jid::deserialize(StrDeserializer::new(text))?;
                Ok(Participant { id, pn: None, role: None, is_bare: true })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Participant, A::Error> {
                let members = <Members as Deserialize>::deserialize(MapAccessDeserializer::new(map))?;
                let Members { id, pn, role } = members;
                Ok(Participant { id, pn, role, is_bare: false })
            }
        }

        deserializer.deserialize_any(BareOrObject)
    }
}
