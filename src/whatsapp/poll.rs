//! Reactions, comments and polls.

use chrono::{DateTime, Utc};

use super::{Content, ContextInfo, TargetKey};
use crate::event::Nested;
use crate::wire::coded_enum::coded_enum;
use crate::wire::object::{object, object_keeping_rest};
use crate::wire::scalar::{boolean, integer};
use crate::wire::time::millis;
use crate::wire::{Coded, LazyBytes, List, RawJson};

object_keeping_rest! {
    /// A reaction to a message, or its removal.
    #[serde(rename_all = "camelCase")]
    pub struct ReactionMessage {
        /// The message that it reacts to.
        pub key: Option<TargetKey>,
        /// The emoji; empty when the reaction is removed.
        pub text: Option<String>,
        /// The emoji without its skin tone, for counting.
        pub grouping_key: Option<String>,
        /// When it was created.
        #[serde(with = "millis")]
        pub sender_timestamp_ms: Option<DateTime<Utc>>,
    }
}

impl ReactionMessage {
    /// Whether it removes a reaction.
    pub fn is_removal(&self) -> bool {
        self.text.as_deref().is_none_or(str::is_empty)
    }
}

object_keeping_rest! {
    /// A reaction in a community's announcements, encrypted and not readable
    /// here.
    #[serde(rename_all = "camelCase")]
    pub struct EncReactionMessage {
        /// The message that it reacts to.
        pub target_message_key: Option<TargetKey>,
        /// The encrypted payload.
        pub enc_payload: Option<LazyBytes>,
        /// The initialisation vector for decrypting it.
        pub enc_iv: Option<LazyBytes>,
    }
}

object_keeping_rest! {
    /// A comment on a message in a community's announcements.
    #[serde(rename_all = "camelCase")]
    pub struct CommentMessage {
        /// Its text.
        pub message: Option<Nested<Content>>,
        /// The message that it comments on.
        pub target_message_key: Option<TargetKey>,
    }
}

object_keeping_rest! {
    /// A comment that is encrypted and not readable here.
    #[serde(rename_all = "camelCase")]
    pub struct EncCommentMessage {
        /// The message that it comments on.
        pub target_message_key: Option<TargetKey>,
        /// The encrypted payload.
        pub enc_payload: Option<LazyBytes>,
        /// The initialisation vector for decrypting it.
        pub enc_iv: Option<LazyBytes>,
    }
}

object_keeping_rest! {
    /// A poll.
    #[serde(rename_all = "camelCase")]
    pub struct PollCreationMessage {
        /// The question.
        pub name: Option<String>,
        /// The options.
        pub options: List<PollOption>,
        /// How many options may be chosen; 0 for any number.
        #[serde(with = "integer")]
        pub selectable_options_count: Option<u32>,
        /// The key of the votes, in older clients.
        pub enc_key: Option<LazyBytes>,
        /// The kind of options.
        pub poll_content_type: Option<Coded<PollContentType>>,
        /// The kind of poll.
        pub poll_type: Option<Coded<PollType>>,
        /// The correct answer of a quiz.
        pub correct_answer: Option<PollOption>,
        /// When the poll closes, by the clock of its author's client; newer
        /// clients.
        #[serde(with = "integer")]
        pub end_time: Option<i64>,
        /// Whether the voters are anonymous; newer clients.
        #[serde(with = "boolean")]
        pub hide_participant_name: Option<bool>,
        /// Whether others may add options; newer clients.
        #[serde(with = "boolean")]
        pub allow_add_option: Option<bool>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// An option of a poll.
    #[serde(rename_all = "camelCase")]
    pub struct PollOption {
        /// The option.
        pub option_name: Option<String>,
        /// Its digest.
        pub option_hash: Option<String>,
    }
}

object_keeping_rest! {
    /// A vote in a poll. Delivered from 2.3.7 on.
    #[serde(rename_all = "camelCase")]
    pub struct PollUpdateMessage {
        /// The poll.
        pub poll_creation_message_key: Option<TargetKey>,
        /// The vote.
        pub vote: Option<PollVote>,
        /// When it was cast.
        #[serde(with = "millis")]
        pub sender_timestamp_ms: Option<DateTime<Utc>>,
        /// Empty so far.
        pub metadata: Option<RawJson>,
    }
}

object! {
    /// A vote.
    #[serde(rename_all = "camelCase")]
    pub struct PollVote {
        /// The encrypted payload.
        pub enc_payload: Option<LazyBytes>,
        /// The initialisation vector for decrypting it.
        pub enc_iv: Option<LazyBytes>,
        /// The names of all options chosen now, if the server knows the poll;
        /// empty when the vote is withdrawn.
        pub selected_options: Option<List<String>>,
    }
}

object_keeping_rest! {
    /// The result of a poll, so far.
    #[serde(rename_all = "camelCase")]
    pub struct PollResultSnapshotMessage {
        /// The question.
        pub name: Option<String>,
        /// How often each option was chosen.
        pub poll_votes: List<PollResult>,
        /// The kind of poll.
        pub poll_type: Option<Coded<PollType>>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// How often an option was chosen.
    #[serde(rename_all = "camelCase")]
    pub struct PollResult {
        /// The option.
        pub option_name: Option<String>,
        /// How often it was chosen.
        #[serde(with = "integer")]
        pub option_vote_count: Option<i64>,
    }
}

coded_enum! {
    /// The kind of options of a poll.
    pub enum PollContentType {
        /// Not specified.
        Unknown = 0 "UNKNOWN",
        /// Text.
        Text = 1 "TEXT",
        /// Images.
        Image = 2 "IMAGE",
    }
}

coded_enum! {
    /// The kind of poll.
    pub enum PollType {
        /// A poll.
        Poll = 0 "POLL",
        /// A quiz, which has a correct answer.
        Quiz = 1 "QUIZ",
    }
}
