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
        /// The message it is to.
        pub key: Option<TargetKey>,
        /// The emoji; empty when the reaction is taken back.
        pub text: Option<String>,
        /// The emoji without its skin tone, for counting.
        pub grouping_key: Option<String>,
        /// When it was made.
        #[serde(with = "millis")]
        pub sender_timestamp_ms: Option<DateTime<Utc>>,
    }
}

impl ReactionMessage {
    /// Whether a reaction is taken back.
    pub fn is_removal(&self) -> bool {
        self.text.as_deref().is_none_or(str::is_empty)
    }
}

object_keeping_rest! {
    /// A reaction in a community's announcements, which cannot be read.
    #[serde(rename_all = "camelCase")]
    pub struct EncReactionMessage {
        /// The message it is to.
        pub target_message_key: Option<TargetKey>,
        /// It, encrypted.
        pub enc_payload: Option<LazyBytes>,
        /// What is needed beside the key to decrypt it.
        pub enc_iv: Option<LazyBytes>,
    }
}

object_keeping_rest! {
    /// A comment below a message in a community's announcements.
    #[serde(rename_all = "camelCase")]
    pub struct CommentMessage {
        /// What it says.
        pub message: Option<Nested<Content>>,
        /// The message it is below.
        pub target_message_key: Option<TargetKey>,
    }
}

object_keeping_rest! {
    /// A comment that cannot be read.
    #[serde(rename_all = "camelCase")]
    pub struct EncCommentMessage {
        /// The message it is below.
        pub target_message_key: Option<TargetKey>,
        /// It, encrypted.
        pub enc_payload: Option<LazyBytes>,
        /// What is needed beside the key to decrypt it.
        pub enc_iv: Option<LazyBytes>,
    }
}

object_keeping_rest! {
    /// A poll.
    #[serde(rename_all = "camelCase")]
    pub struct PollCreationMessage {
        /// The question.
        pub name: Option<String>,
        /// The answers to choose from.
        pub options: List<PollOption>,
        /// How many may be chosen; 0 for any number.
        #[serde(with = "integer")]
        pub selectable_options_count: Option<u32>,
        /// The key of the votes, in older clients.
        pub enc_key: Option<LazyBytes>,
        /// What the answers are.
        pub poll_content_type: Option<Coded<PollContentType>>,
        /// What kind of poll it is.
        pub poll_type: Option<Coded<PollType>>,
        /// The right answer of a quiz.
        pub correct_answer: Option<PollOption>,
        /// When the poll closes, as its author's client counts; newer clients.
        #[serde(with = "integer")]
        pub end_time: Option<i64>,
        /// Whether it is not shown who chose what; newer clients.
        #[serde(with = "boolean")]
        pub hide_participant_name: Option<bool>,
        /// Whether others may add answers; newer clients.
        #[serde(with = "boolean")]
        pub allow_add_option: Option<bool>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// An answer to choose from.
    #[serde(rename_all = "camelCase")]
    pub struct PollOption {
        /// The answer.
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
        /// Nothing so far.
        pub metadata: Option<RawJson>,
    }
}

object! {
    /// A vote.
    #[serde(rename_all = "camelCase")]
    pub struct PollVote {
        /// It, encrypted.
        pub enc_payload: Option<LazyBytes>,
        /// What is needed beside the key to decrypt it.
        pub enc_iv: Option<LazyBytes>,
        /// The names of all answers that are chosen now, where the server knows the
        /// poll; empty when the vote is taken back.
        pub selected_options: Option<List<String>>,
    }
}

object_keeping_rest! {
    /// The result of a poll, so far.
    #[serde(rename_all = "camelCase")]
    pub struct PollResultSnapshotMessage {
        /// The question.
        pub name: Option<String>,
        /// How often each answer was chosen.
        pub poll_votes: List<PollResult>,
        /// What kind of poll it is.
        pub poll_type: Option<Coded<PollType>>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// How often an answer was chosen.
    #[serde(rename_all = "camelCase")]
    pub struct PollResult {
        /// The answer.
        pub option_name: Option<String>,
        /// How often it was chosen.
        #[serde(with = "integer")]
        pub option_vote_count: Option<i64>,
    }
}

coded_enum! {
    /// What the answers of a poll are.
    pub enum PollContentType {
        /// Not said.
        Unknown = 0 "UNKNOWN",
        /// Text.
        Text = 1 "TEXT",
        /// Pictures.
        Image = 2 "IMAGE",
    }
}

coded_enum! {
    /// What kind of poll it is.
    pub enum PollType {
        /// A poll.
        Poll = 0 "POLL",
        /// A quiz, which has a right answer.
        Quiz = 1 "QUIZ",
    }
}
