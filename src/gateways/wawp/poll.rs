//! Votes in polls.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::account::Engine;
use super::ends::Ends;
use super::engine_time::EngineTime;
use crate::jid::{Jid, JidRef};
use crate::message_id::MessageId;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::boolean;
use crate::wire::time::millis;
use crate::wire::{List, RawJson};

object! {
    /// Someone voted. Each event contains the voter's complete choice. All
    /// polls are reported, not only the account's own.
    #[doc(alias = "poll.vote")]
    pub struct PollVote {
        /// The vote.
        pub vote: Vote,
        /// The poll.
        pub poll: Option<Poll>,
        /// The engine's own data: any JSON. With WEBJS and GOWS.
        #[serde(rename = "_data")]
        pub engine_data: Option<RawJson>,
    }
}

object! {
    /// A vote.
    #[serde(rename_all = "camelCase")]
    pub struct Vote {
        /// Its own id.
        pub id: Option<MessageId>,
        /// As sent; with NOWEB and GOWS it may be the word `me`, which means
        /// the account itself.
        pub from: Option<Jid>,
        /// As sent; `null` with GOWS in one-to-one chats.
        pub to: Option<Jid>,
        /// Whether the account itself voted.
        #[serde(with = "boolean")]
        pub from_me: Option<bool>,
        /// As sent: who voted, in groups.
        pub participant: Option<Jid>,
        /// The current choice: empty when the vote was withdrawn.
        pub selected_options: Option<List<String>>,
        /// When it happened. Unix milliseconds on the wire; seconds in WAHA's
        /// own sample, which are read as such.
        #[serde(with = "millis")]
        pub timestamp: Option<DateTime<Utc>>,
    }
}

object! {
    /// A poll.
    #[serde(rename_all = "camelCase")]
    pub struct Poll {
        /// The message with the poll.
        pub id: Option<MessageId>,
        /// As sent; may be the word `me`, which means the account itself.
        pub from: Option<Jid>,
        /// As sent; may be the word `me`.
        pub to: Option<Jid>,
        /// Whether the poll is the account's own.
        #[serde(with = "boolean")]
        pub from_me: Option<bool>,
        /// As sent: who made the poll, in groups.
        pub participant: Option<Jid>,
    }
}

object! {
    /// Someone voted, and the vote could not be decrypted.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "poll.vote.failed")]
    pub struct PollVoteFailed {
        /// The vote.
        pub vote: Option<FailedVote>,
        /// The poll. See [`poll_message`](Self::poll_message).
        pub poll: Option<Poll>,
        /// The engine's own data: any JSON. With GOWS.
        #[serde(rename = "_data")]
        pub engine_data: Option<RawJson>,
        /// The message with the poll. In Wawp's second generation only; see
        /// [`poll_message`](Self::poll_message).
        pub poll_id: Option<MessageId>,
        /// The voter. In Wawp's second generation only; see
        /// [`sender`](Self::sender).
        pub voter: Option<Jid>,
        /// Why decryption failed. In Wawp's second generation only.
        pub reason: Option<PollVoteFailure>,
    }
}

object! {
    /// A vote that could not be decrypted.
    #[serde(rename_all = "camelCase")]
    pub struct FailedVote {
        /// Its own id.
        pub id: Option<MessageId>,
        /// As sent; may be the word `me`, which means the account itself.
        pub from: Option<Jid>,
        /// As sent; `null` with GOWS in one-to-one chats.
        pub to: Option<Jid>,
        /// Whether the account itself voted.
        #[serde(with = "boolean")]
        pub from_me: Option<bool>,
        /// As sent: who voted, in groups.
        pub participant: Option<Jid>,
        /// No choice: an empty list with NOWEB, `null` with GOWS. It does not
        /// mean that the vote was withdrawn.
        pub selected_options: Option<List<String>>,
        /// When it was cast; see [`PollVoteFailed::voted_at`].
        pub timestamp: Option<EngineTime>,
    }
}

open_enum! {
    /// Why a vote could not be decrypted.
    pub enum PollVoteFailure {
        /// The server does not have the poll.
        MessageNotFound = "MSG_NOT_FOUND",
    }
}

impl PollVoteFailed {
    /// When it was cast. Seconds on the wire with NOWEB, milliseconds with
    /// GOWS; `None` for an engine whose unit is not published.
    pub fn voted_at(&self, engine: &Engine) -> Option<DateTime<Utc>> {
        let timestamp = self.vote.as_ref()?.timestamp.as_ref()?;
        match engine {
            Engine::Noweb => timestamp.as_seconds(),
            Engine::Gows => timestamp.as_milliseconds(),
            _ => None,
        }
    }

    fn flat_voter(&self) -> Option<JidRef<'_>> {
        self.voter.as_ref().map(Jid::view)
    }
}

macro_rules! vote_answers {
    ($Name:ident, |$this:ident| $vote:expr, |$flat_this:ident| $voter:expr, $poll_id:expr) => {
        impl $Name {
            fn ends(&self) -> Ends<'_> {
                let $this = self;
                let Some(vote) = $vote else { return Ends::default() };
                Ends {
                    id: vote.id.as_ref(),
                    from: vote.from.as_ref(),
                    to: vote.to.as_ref(),
                    participant: vote.participant.as_ref(),
                    from_me: vote.from_me,
                    engine_data: self.engine_data.as_ref(),
                    ..Ends::default()
                }
            }

            /// Whether the account itself voted. `false` if the event does not
            /// say so.
            pub fn is_from_me(&self) -> bool {
                self.ends().is_from_me()
            }

            /// The chat of the poll.
            pub fn chat(&self) -> Option<JidRef<'_>> {
                self.ends().chat().or_else(|| self.poll_message()?.chat())
            }

            /// Who voted. `None` when it was the account itself.
            pub fn sender(&self) -> Option<JidRef<'_>> {
                let $flat_this = self;
                $voter.or_else(|| self.ends().sender())
            }

            /// The digits of the voter's phone number, if known.
            pub fn sender_phone(&self) -> Option<Cow<'_, str>> {
                let $flat_this = self;
                let flat = $voter.and_then(JidRef::phone).map(Cow::Borrowed);
                flat.or_else(|| self.ends().sender_phone())
            }

            /// The message with the poll.
            pub fn poll_message(&self) -> Option<&MessageId> {
                let nested = self.poll.as_ref().and_then(|poll| poll.id.as_ref());
                let $flat_this = self;
                nested.or($poll_id)
            }
        }
    };
}

vote_answers!(PollVote, |this| Some(&this.vote), |_this| None::<JidRef<'_>>, None);
vote_answers!(
    PollVoteFailed,
    |this| this.vote.as_ref(),
    |this| this.flat_voter(),
    this.poll_id.as_ref()
);
