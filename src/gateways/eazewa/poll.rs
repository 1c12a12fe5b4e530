//! Votes in polls.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::content::PollOption;
use super::message::Message;
use crate::event::Nested;
use crate::jid::Jid;
use crate::message_id::MessageId;
use crate::wire::list;
use crate::wire::object::object;
use crate::wire::time::millis;

object! {
    /// Someone voted in a poll, or withdrew a vote.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "vote_update")]
    pub struct VoteUpdate {
        /// The vote.
        pub vote: PollVote,
    }
}

object! {
    /// A vote in a poll: the complete current choice.
    #[serde(rename_all = "camelCase")]
    pub struct PollVote {
        /// Who voted.
        pub voter: Jid,
        /// The chosen options; empty when the vote was withdrawn.
        #[serde(with = "list::present")]
        pub selected_options: list::Present<PollOption>,
        /// When. Counted in milliseconds; spelled with a second `r` on the
        /// wire.
        #[serde(rename = "interractedAtTs", with = "millis")]
        pub interacted_at: Option<DateTime<Utc>>,
        /// The poll's message, typed on demand; an empty object where it is not
        /// known.
        pub parent_message: Option<Nested<Message>>,
        /// The poll's id. Newer versions only.
        pub parent_msg_key: Option<MessageId>,
    }
}

impl PollVote {
    /// Whether the vote was withdrawn.
    pub fn is_withdrawn(&self) -> bool {
        self.selected_options.is_empty()
    }

    /// The poll's id: from its message, else from the vote.
    pub fn poll_id(&self) -> Option<Cow<'_, MessageId>> {
        #[derive(Deserialize)]
        struct Poll {
            id: Option<MessageId>,
        }

        let message = self.parent_message.as_ref();
        let poll = message.and_then(|message| message.raw().read::<Poll>().ok());
        let id = poll.and_then(|poll| poll.id).map(Cow::Owned);
        id.or_else(|| self.parent_msg_key.as_ref().map(Cow::Borrowed))
    }
}
