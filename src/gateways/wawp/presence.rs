//! Who is online, and who is typing.

use chrono::{DateTime, Utc};

use crate::jid::{Jid, JidRef};
use crate::wire::List;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::time::seconds;

object! {
    /// Someone came online, went offline, or is typing. Only sent for chats
    /// that you subscribed to.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "presence.update")]
    pub struct PresenceUpdate {
        /// The chat. See [`chat`](Self::chat).
        pub id: Option<Jid>,
        /// Who is doing what. See [`people`](Self::people).
        pub presences: Option<List<Presence>>,
        /// The chat. In Wawp's second generation only; see
        /// [`chat`](Self::chat).
        pub chat_id: Option<Jid>,
        /// What they are doing, in the protocol's terms. In Wawp's second
        /// generation only; see [`people`](Self::people).
        #[serde(rename = "type")]
        pub state: Option<PresenceState>,
        /// The person. In Wawp's second generation only; see
        /// [`people`](Self::people).
        pub from: Option<Jid>,
    }
}

impl PresenceUpdate {
    /// The chat, from whichever field has it.
    pub fn chat(&self) -> Option<JidRef<'_>> {
        self.id.as_ref().or(self.chat_id.as_ref()).map(Jid::view)
    }

    /// Who is doing what, from whichever fields have it; the protocol's terms
    /// are converted to WAHA's.
    pub fn people(&self) -> Vec<Presence> {
        let listed = self.presences.iter().flatten().cloned().map(|mut presence| {
            let state = presence.last_known_presence.map(PresenceState::in_wahas_words);
            presence.last_known_presence = state;
            presence
        });
        let flat = self.state.clone().map(|state| Presence {
            participant: self.from.clone(),
            last_known_presence: Some(state.in_wahas_words()),
            last_seen: None,
        });
        listed.chain(flat).collect()
    }
}

object! {
    /// What someone is doing.
    #[serde(rename_all = "camelCase")]
    pub struct Presence {
        /// The person.
        pub participant: Option<Jid>,
        /// What they are doing. May be missing with GOWS.
        pub last_known_presence: Option<PresenceState>,
        /// When they were last online. Unix seconds on the wire.
        #[serde(with = "seconds")]
        pub last_seen: Option<DateTime<Utc>>,
    }
}

open_enum! {
    /// What someone is doing: in WAHA's terms, or in the protocol's, which
    /// Wawp's second generation uses and NOWEB may pass on.
    pub enum PresenceState {
        /// Online.
        Online = "online",
        /// No longer online.
        Offline = "offline",
        /// Typing.
        Typing = "typing",
        /// Recording.
        Recording = "recording",
        /// No longer typing or recording.
        Paused = "paused",
        /// The protocol's word for online.
        Available = "available",
        /// The protocol's word for offline.
        Unavailable = "unavailable",
        /// The protocol's word for typing.
        Composing = "composing",
    }
}

impl PresenceState {
    /// The same in WAHA's terms.
    #[must_use]
    pub fn in_wahas_words(self) -> Self {
        match self {
            Self::Available => Self::Online,
            Self::Unavailable => Self::Offline,
            Self::Composing => Self::Typing,
            other => other,
        }
    }
}
