//! The key of a message: which one it is, in which chat, from whom.

use super::address::{Addresses, addressed};
use crate::jid::Jid;
use crate::wire::Id;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::boolean;

object! {
    /// The key of a message.
    ///
    /// Which fields are present depends on the server's version; `chat()`,
    /// `sender()`, `sender_phone()` and the other accessors cover all of them.
    #[serde(rename_all = "camelCase")]
    pub struct MessageKey {
        /// The message's WhatsApp id, unique within its chat and sender. On the
        /// Cloud channel `wamid.…`, on the Evolution channel a UUID.
        pub id: Id,
        /// The chat. Up to 2.2.3 either LID or phone number; in
        /// `messages.upsert` of 2.3.1 to 2.3.4 and 2.3.7 the phone number if it
        /// is known; on the Evolution channel possibly bare digits. Absent in
        /// keys that only refer to a message of the same chat.
        pub remote_jid: Option<Jid>,
        /// The chat's other address: the phone number of a LID, or the reverse
        /// (2.3.3 and later). On 2.3.7 it may repeat `remote_jid`.
        pub remote_jid_alt: Option<Jid>,
        /// The chat before the server replaced it (2.3.1, 2.3.2).
        pub previous_remote_jid: Option<Jid>,
        /// Whether the account itself sent the message. Compatible servers
        /// leave it out when it is false.
        #[serde(with = "boolean")]
        pub from_me: Option<bool>,
        /// Who wrote in the group, or posted the status; absent or an empty
        /// string in a one-to-one chat.
        pub participant: Option<Jid>,
        /// The participant's other address (2.3.3 and later).
        pub participant_alt: Option<Jid>,
        /// The participant's LID (2.3.0 to 2.3.2).
        pub participant_lid: Option<Jid>,
        /// The participant's phone number (2.3.0 to 2.3.2).
        pub participant_pn: Option<Jid>,
        /// The LID of a chat addressed by phone number (2.3.0).
        pub sender_lid: Option<Jid>,
        /// The phone number of a chat addressed by LID (2.3.0 to 2.3.2).
        pub sender_pn: Option<Jid>,
        /// The chat's LID, sent by WhatsMiau; empty when unknown.
        pub remote_lid: Option<Jid>,
        /// The kind of address that the protocol used (2.3.5 and later). On
        /// 2.3.7 it may say `lid` although `remote_jid` is a phone number.
        pub addressing_mode: Option<AddressingMode>,
        /// The chat's user name, on newer transports. Inferred.
        pub remote_jid_username: Option<String>,
        /// The participant's user name, on newer transports. Inferred.
        pub participant_username: Option<String>,
        /// The message's server id in a channel.
        #[serde(rename = "server_id")]
        pub server_id: Option<Id>,
        /// Whether the message has been deleted, in keys of stored messages.
        #[serde(with = "boolean")]
        pub deleted: Option<bool>,
        /// A link to the sender's picture, on the Evolution channel.
        pub profile_pic_url: Option<String>,
    }
}

impl MessageKey {
    /// Whether the account itself sent the message.
    pub fn is_from_me(&self) -> bool {
        self.from_me.unwrap_or(false)
    }

    pub(super) fn addresses(&self) -> Addresses<'_> {
        Addresses {
            from_me: self.is_from_me(),
            chat: self.remote_jid.as_ref(),
            chat_others: [
                self.remote_jid_alt.as_ref(),
                self.sender_pn.as_ref(),
                self.sender_lid.as_ref(),
                self.previous_remote_jid.as_ref(),
                self.remote_lid.as_ref(),
            ],
            participant: self.participant.as_ref(),
            participant_others: [
                self.participant_alt.as_ref(),
                self.participant_pn.as_ref(),
                self.participant_lid.as_ref(),
            ],
            by_lid: self.addressing_mode == Some(AddressingMode::Lid),
        }
    }
}

addressed!(MessageKey);

/// Whether an id was assigned by Meta, as on the Cloud channel. Such an id is
/// globally unique.
pub(super) fn is_at_meta(id: &str) -> bool {
    id.starts_with("wamid.")
}

open_enum! {
    /// The kind of address that the protocol used for a message or a group.
    pub enum AddressingMode {
        /// LIDs.
        Lid = "lid",
        /// Phone numbers.
        PhoneNumber = "pn",
    }
}
