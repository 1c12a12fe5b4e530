//! Calls of voice agents.

use crate::wire::{Id, RawJson};
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::{boolean, number};

object! {
    /// A call.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "call.initiated")]
    #[doc(alias = "call.answered")]
    #[doc(alias = "call.completed")]
    #[doc(alias = "call.failed")]
    pub struct Call {
        /// The call's id. `None` if it has none.
        pub call_id: Option<Id>,
        /// The direction.
        pub direction: Option<CallDirection>,
        /// The caller.
        pub from: Option<String>,
        /// The callee.
        pub to: Option<String>,
        /// The status. With `call.failed` this is how it ended, which is not
        /// necessarily `failed`.
        pub status: Option<CallStatus>,
        /// How long it was, in seconds. `null` before it ends (inferred).
        #[serde(with = "number")]
        pub duration_seconds: Option<f64>,
        /// Why it ended, or `null`.
        pub end_reason: Option<CallEndReason>,
        /// Whether a transcript can be fetched.
        #[serde(with = "boolean")]
        pub transcript_available: Option<bool>,
        /// The metadata that was passed when the call was made: any JSON
        /// object. Inferred.
        pub metadata: Option<RawJson>,
        /// What it cost, in `currency`; on `call.completed` and `call.failed`.
        #[serde(with = "number")]
        pub cost: Option<f64>,
        /// The currency of the cost: `USD`.
        pub currency: Option<String>,
    }
}

open_enum! {
    /// The direction.
    pub enum CallDirection {
        /// Incoming.
        Inbound = "inbound",
        /// Outgoing.
        Outbound = "outbound",
    }
}

open_enum! {
    /// The status of a call.
    pub enum CallStatus {
        /// Queued.
        Queued = "queued",
        /// Ringing.
        Ringing = "ringing",
        /// In progress.
        InProgress = "in_progress",
        /// Completed.
        Completed = "completed",
        /// It failed.
        Failed = "failed",
        /// The line was busy.
        Busy = "busy",
        /// Nobody answered.
        NoAnswer = "no_answer",
        /// Cancelled.
        Canceled = "canceled",
    }
}

open_enum! {
    /// Why a call ended.
    pub enum CallEndReason {
        /// The agent ended it.
        AgentEnded = "agent_ended",
        /// It reached the longest time allowed.
        MaxDuration = "max_duration",
        /// It was transferred.
        Transfer = "transfer",
        /// Someone hung up.
        Hangup = "hangup",
    }
}
