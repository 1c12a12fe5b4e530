//! Calls of voice agents.

use crate::wire::{Id, RawJson};
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::{boolean, number};

object! {
    /// A call, from its first ring to its bill.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "call.initiated")]
    #[doc(alias = "call.answered")]
    #[doc(alias = "call.completed")]
    #[doc(alias = "call.failed")]
    pub struct Call {
        /// The call. `None` where it has no id.
        pub call_id: Option<Id>,
        /// Who called whom.
        pub direction: Option<CallDirection>,
        /// Who called.
        pub from: Option<String>,
        /// Who was called.
        pub to: Option<String>,
        /// What has become of it. With `call.failed` this is how it ended, which
        /// need not be `failed`.
        pub status: Option<CallStatus>,
        /// How long it was, in seconds. `null` before its end (inferred).
        #[serde(with = "number")]
        pub duration_seconds: Option<f64>,
        /// Why it ended, or `null`.
        pub end_reason: Option<CallEndReason>,
        /// Whether there is a transcript to be fetched.
        #[serde(with = "boolean")]
        pub transcript_available: Option<bool>,
        /// What was given as metadata when the call was made: any JSON object.
        /// Inferred.
        pub metadata: Option<RawJson>,
        /// What it cost, in `currency`; on `call.completed` and `call.failed`.
        #[serde(with = "number")]
        pub cost: Option<f64>,
        /// The currency of the cost: `USD`.
        pub currency: Option<String>,
    }
}

open_enum! {
    /// Who called whom.
    pub enum CallDirection {
        /// You were called.
        Inbound = "inbound",
        /// You called.
        Outbound = "outbound",
    }
}

open_enum! {
    /// What has become of a call.
    pub enum CallStatus {
        /// It waits for its turn.
        Queued = "queued",
        /// It rings.
        Ringing = "ringing",
        /// They talk.
        InProgress = "in_progress",
        /// It is over.
        Completed = "completed",
        /// It did not come about.
        Failed = "failed",
        /// The line was busy.
        Busy = "busy",
        /// Nobody answered.
        NoAnswer = "no_answer",
        /// It was called off.
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
        /// It was passed on.
        Transfer = "transfer",
        /// Somebody hung up.
        Hangup = "hangup",
    }
}
