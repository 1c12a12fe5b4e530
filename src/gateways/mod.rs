//! The gateways, one folder each. None knows of another.

use std::borrow::Cow;
use std::fmt::{self, Debug};

use chrono::{DateTime, Utc};

use crate::auth::Policy;
use crate::event::{Envelope, EventSet};
use crate::idempotency::Key;
use crate::request::{Head, Request};
use crate::retry::RetrySchedule;

/// The list of the gateways: a feature, a module and the policy's name each.
/// It is handed to the macro that `$then` names.
macro_rules! each_gateway {
    ($then:ident) => {
        $then! {
            "eazewa" eazewa::EazeWa,
            "enviaai" enviaai::EnviaAi,
        }
    };
}

pub(crate) use each_gateway;

macro_rules! declare {
    ($($feature:literal $module:ident::$Gateway:ident,)+) => {
        $(
            #[cfg(feature = $feature)]
            #[cfg_attr(docsrs, doc(cfg(feature = $feature)))]
            pub mod $module;

            #[cfg(feature = $feature)]
            pub use $module::$Gateway;
        )+
    };
}

each_gateway!(declare);

/// A WhatsApp gateway, known by how it proves itself: each implementor is a
/// policy, such as [`EnviaAi`](crate::EnviaAi).
///
/// Policies are cheap to clone: clones share their secrets' key schedules.
/// The trait is sealed; a gateway is added in this crate.
pub trait Gateway: sealed::Sealed + Clone + Debug + Send + Sync + Sized + 'static {
    /// What it sends.
    type Event: EventSet;

    /// What stands around it.
    type Envelope: Envelope<Event = Self::Event>;

    /// Its name, as in the crate's features, keys and reports.
    const NAME: &'static str;

    /// The largest body that it can be expected to send, in bytes. Adapters
    /// refuse a larger one with 413 while reading it.
    const BODY_LIMIT: usize;

    /// How it repeats deliveries: every schedule that is documented, the
    /// usual one first.
    const RETRIES: &'static [RetrySchedule];

    /// Reads whose delivery this claims to be, before anything is proven: for
    /// looking up the account's policy, which
    /// [`Receiver::receive_with`](crate::Receiver::receive_with) then applies.
    fn peek(request: &Request<'_>) -> Unverified;

    #[doc(hidden)]
    fn policy(&self) -> &Policy;

    /// A name from the head, for bodies that name no event.
    #[doc(hidden)]
    fn hint<'a>(_head: &Head<'a>) -> Option<Cow<'a, str>> {
        None
    }

    /// Whose session, instance or project it is at the gateway.
    #[doc(hidden)]
    fn account(envelope: &Self::Envelope) -> Option<Cow<'_, str>>;

    /// When the gateway first sent the delivery, where the body says so.
    #[doc(hidden)]
    fn dispatched_at(_envelope: &Self::Envelope) -> Option<DateTime<Utc>> {
        None
    }

    /// The event's own time.
    #[doc(hidden)]
    fn happened_at(envelope: &Self::Envelope) -> Option<DateTime<Utc>>;

    /// What makes two deliveries the same event.
    #[doc(hidden)]
    fn key(envelope: &Self::Envelope, body: &[u8]) -> Option<Key>;

    /// What makes two events be about the same message.
    #[doc(hidden)]
    fn message_key(envelope: &Self::Envelope) -> Option<Key>;
}

/// What an unauthenticated request claims. Good for finding the policy that
/// proves or refutes it, and for nothing else.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unverified {
    /// The account: whose session, instance or project it is at the gateway.
    /// `None` when the request does not say, or says two things.
    pub account: Option<String>,
    /// The SHA-256 of the token presented, for gateways that present one.
    pub token_digest: Option<[u8; 32]>,
}

impl Debug for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unverified")
            .field("account", &self.account)
            .field("token_digest", &self.token_digest.map(|_| "..."))
            .finish()
    }
}

pub(crate) mod sealed {
    pub trait Sealed {}
}
