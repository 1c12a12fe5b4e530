//! What a message contains besides its text.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::wire::Sensitive;
use crate::wire::object::object;
use crate::wire::scalar::{boolean, integer, number};
use crate::wire::time::seconds;

object! {
    /// A location.
    #[serde(rename_all = "camelCase")]
    pub struct Location {
        /// Degrees north of the equator.
        #[serde(with = "number")]
        pub latitude: Option<f64>,
        /// Degrees east of Greenwich.
        #[serde(with = "number")]
        pub longitude: Option<f64>,
        /// Its name. Absent in older versions.
        pub name: Option<String>,
        /// Its address. Absent in older versions.
        pub address: Option<String>,
        /// A web page about it. Absent in older versions.
        pub url: Option<String>,
        /// Name and address in one text.
        pub description: Option<String>,
    }
}

object! {
    /// An invitation to a group (`inviteV4`).
    #[serde(rename_all = "camelCase")]
    pub struct GroupInvite {
        /// The code to join the group: anyone who has it can use it, so `Debug`
        /// hides it.
        pub invite_code: Option<Sensitive>,
        /// When it expires. Unix seconds on the wire, as in WhatsApp's own
        /// data; eazeWA does not say.
        #[serde(with = "seconds")]
        pub invite_code_exp: Option<DateTime<Utc>>,
        /// The group.
        pub group_id: Option<Jid>,
        /// Its name.
        pub group_name: Option<String>,
        /// Who sent the invitation.
        pub from_id: Option<Jid>,
        /// Who is invited.
        pub to_id: Option<Jid>,
    }
}

object! {
    /// A group that is mentioned in a text.
    #[serde(rename_all = "camelCase")]
    pub struct GroupMention {
        /// Its name.
        pub group_subject: Option<String>,
        /// The group.
        pub group_jid: Option<Jid>,
    }
}

object! {
    /// A link in a text.
    #[serde(rename_all = "camelCase")]
    pub struct Link {
        /// The address.
        pub link: Option<String>,
        /// Whether WhatsApp warns about it because it contains lookalike
        /// characters.
        #[serde(with = "boolean")]
        pub is_suspicious: Option<bool>,
    }
}

object! {
    /// An option of a poll.
    #[serde(rename_all = "camelCase")]
    pub struct PollOption {
        /// Its text. Absent in votes for an unknown poll.
        pub name: Option<String>,
        /// Its number within the poll, from 0.
        #[serde(with = "integer")]
        pub local_id: Option<i64>,
    }
}
