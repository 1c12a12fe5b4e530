//! Who is online, and who is typing.

use chrono::{DateTime, Utc};

use crate::jid::{Jid, JidRef};
use crate::wire::List;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::time::seconds;

object! {
    /// Somebody came online, went, or is writing. Sent for chats that were
    /// subscribed to only.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "presence.update")]
    pub struct PresenceUpdate {
        /// The chat. See [`chat`](Self::chat).
        pub id: Option<Jid>,
        /// Who, and what. See [`people`](Self::people).
        pub presences: Option<List<Presence>>,
        /// The chat. In Wawp's second generation only; see
        /// [`chat`](Self::chat).
        pub chat_id: Option<Jid>,
        /// What, in the protocol's words. In Wawp's second generation only;
        /// see [`people`](Self::people).
        #[serde(rename = "type")]
        pub state: Option<PresenceState>,
        /// Who. In Wawp's second generation only; see
        /// [`people`](Self::people).
        pub from: Option<Jid>,
    }
}

impl PresenceUpdate {
    /// The chat, from whichever member has it.
    pub fn chat(&self) -> Option<JidRef<'_>> {
        self.id.as_ref().or(self.chat_id.as_ref()).map(Jid::view)
    }

    /// Who, and what, from whichever members have it; the protocol's words
    /// are turned into those of WAHA.
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
    /// What somebody is doing.
    #[serde(rename_all = "camelCase")]
    pub struct Presence {
        /// Who.
        pub participant: Option<Jid>,
        /// What. May be missing with GOWS.
        pub last_known_presence: Option<PresenceState>,
        /// When they were last online. Unix seconds on the wire.
        #[serde(with = "seconds")]
        pub last_seen: Option<DateTime<Utc>>,
    }
}

open_enum! {
    /// What somebody is doing: in WAHA's words, and in the protocol's, which
    /// Wawp's second generation has and NOWEB may let through.
    pub enum PresenceState {
        /// Online.
        Online = "online",
        /// No longer online.
        Offline = "offline",
        /// Writing.
        Typing = "typing",
        /// Recording.
        Recording = "recording",
        /// No longer writing or recording.
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
    /// The same in WAHA's words.
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
