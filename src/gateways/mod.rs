//! The gateways, one folder each. None knows of another.

use std::borrow::Cow;
use std::fmt::{self, Debug};

use chrono::{DateTime, Utc};

use crate::auth::Policy;
use crate::event::{Envelope, EventSet};
use crate::idempotency::Key;
use crate::request::{Head, Request};
use crate::retry::RetrySchedule;

/// Declares a gateway's policy: the struct around [`Policy`], how mechanisms make
/// one, and those that all gateways have. The gateway adds its own as types that
/// implement [`Proves`](crate::auth::Proves) for it.
///
/// ```text
/// policy! {
///     /// How the gateway's deliveries must prove themselves.
///     pub struct Name;
///     account: &ACCOUNT,              // how its bodies name their account
///     header: true,                   // only where it can send a fixed header
///     path and query: without_suffix, // only where it changes the URL
/// }
/// ```
macro_rules! policy {
    (
        $(#[$doc:meta])*
        pub struct $Gateway:ident;
        account: $account:expr,
        $(header: $header:tt,)?
        $(path and query: $cut:expr,)?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $Gateway {
            policy: $crate::auth::Policy,
        }

        impl From<$crate::auth::Policy> for $Gateway {
            fn from(policy: $crate::auth::Policy) -> Self {
                Self { policy }
            }
        }

        impl $crate::gateways::sealed::Sealed for $Gateway {}

        impl $Gateway {
            /// Authenticates by one mechanism: a [`Query`](crate::auth::Query),
            /// [`Networks`](crate::auth::Networks), or [any
            /// other](crate::auth::Proves) that the gateway has.
            pub fn by(mechanism: impl $crate::auth::Proves<Self>) -> Self {
                $crate::auth::Policy::of(mechanism.checked()).into()
            }

            /// Adds another mechanism: all of them must hold.
            #[must_use]
            pub fn and(self, mechanism: impl $crate::auth::Proves<Self>) -> Self {
                self.policy.and(mechanism.checked()).into()
            }

            /// No authentication: every request is accepted. For tests, and for
            /// receivers behind something that has already authenticated the
            /// request.
            pub fn unauthenticated() -> Self {
                $crate::auth::Policy::of($crate::auth::Checked::new($crate::auth::Anyone)).into()
            }

            /// Accepts what at least one of the policies accepts; without
            /// policies, nothing.
            pub fn any_of(policies: impl IntoIterator<Item = Self>) -> Self {
                let policies = policies.into_iter().map(|policy| policy.policy);
                $crate::auth::Policy::any_of(policies).into()
            }

            /// How its bodies name their account.
            pub(crate) const ACCOUNT: &'static $crate::auth::AccountMembers = $account;

            /// Removes from path and query what the gateway appends to the
            /// configured URL.
            pub(crate) const CUT: $crate::auth::Cut = {
                #[allow(unused_variables, reason = "most gateways put nothing there")]
                let cut = $crate::auth::UNCUT;
                $(let cut: $crate::auth::Cut = $cut;)?
                cut
            };
        }

        impl $crate::auth::Proves<$Gateway> for $crate::auth::Query {
            fn checked(self) -> $crate::auth::Checked {
                self.checked($Gateway::CUT, $Gateway::ACCOUNT)
            }
        }

        impl $crate::auth::Proves<$Gateway> for $crate::auth::Path {
            fn checked(self) -> $crate::auth::Checked {
                self.checked($Gateway::CUT, $Gateway::ACCOUNT)
            }
        }

        $(policy! { @header $header $Gateway })?
    };
    (@header true $Gateway:ident) => {
        impl $crate::auth::Proves<$Gateway> for $crate::auth::Header {
            fn checked(self) -> $crate::auth::Checked {
                self.checked($Gateway::ACCOUNT)
            }
        }
    };
}

/// The list of the gateways: a feature, a module and the policy's name each.
/// It is handed to the macro that `$then` names.
macro_rules! each_gateway {
    ($then:ident) => {
        $then! {
            "eazewa" eazewa::EazeWa,
            "enviaai" enviaai::EnviaAi,
            "evolution" evolution::Evolution,
            "wawp" wawp::Wawp,
            "zavu" zavu::Zavu,
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

/// A WhatsApp gateway, represented by its authentication policy: each
/// implementor is a policy, such as [`EnviaAi`](crate::EnviaAi).
///
/// Policies are cheap to clone: clones share their secrets' key schedules.
/// The trait is sealed; a gateway is added in this crate.
pub trait Gateway: sealed::Sealed + Clone + Debug + Send + Sync + Sized + 'static {
    /// Its events.
    type Event: EventSet;

    /// Its envelope: the JSON around an event.
    type Envelope: Envelope<Event = Self::Event>;

    /// Its name, as used in the crate's features, keys and reports.
    const NAME: &'static str;

    /// The largest body to expect from it, in bytes. Adapters stop reading
    /// beyond that, and answer with
    /// [`Receiver::too_large`](crate::Receiver::too_large).
    const BODY_LIMIT: usize;

    /// How it retries deliveries: every documented schedule, the usual one
    /// first.
    const RETRIES: &'static [RetrySchedule];

    /// Reads which account a request claims to come from, before anything is
    /// verified, to look up the account's policy.
    /// [`Tenants::receive_for`](crate::Tenants::receive_for) then applies it.
    fn peek(request: &Request<'_>) -> Unverified;

    #[doc(hidden)]
    fn policy(&self) -> &Policy;

    /// A name from the head, for bodies that name no event.
    #[doc(hidden)]
    fn hint<'a>(_head: &Head<'a>) -> Option<&'a str> {
        None
    }

    /// The account at the gateway: a session, instance or project.
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

    /// The deduplication key.
    #[doc(hidden)]
    fn key(envelope: &Self::Envelope, body: &[u8]) -> Option<Key>;

    /// The message key: equal for events about the same message.
    #[doc(hidden)]
    fn message_key(envelope: &Self::Envelope) -> Option<Key>;
}

/// The type of the names of a gateway's events: its `EventName`.
pub type EventNameOf<G> = <<G as Gateway>::Event as EventSet>::Name;

/// What an unauthenticated request claims. Use it only to find the policy that
/// verifies it.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unverified {
    /// The account at the gateway: a session, instance or project. `None` when
    /// the request names none, or two.
    pub account: Option<String>,
    /// The SHA-256 of the token in the request, for gateways that send one.
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

#[cfg(test)]
#[allow(unreachable_pub, dead_code, reason = "what a gateway shows")]
mod tests {
    use super::*;
    use crate::auth::{AccountMembers, AccountTokens, Header, Mechanism, Path, Query, Reason};
    use crate::request::Head;
    use crate::secret::Token;

    fn without_suffix(text: &str) -> &str {
        text.strip_suffix("/messages-upsert").unwrap_or(text)
    }

    policy! {
        /// A gateway with everything that a policy can have.
        pub struct Probe;
        account: &AccountMembers::At(&["data", "account"]),
        header: true,
        path and query: without_suffix,
    }

    #[test]
    fn what_a_gateway_puts_after_the_url_is_cut_off() {
        let token = || Token::new("0123456789abcdef").unwrap();
        let name = http::HeaderName::from_static("x-token");
        let check = |policy: Probe, uri: &str| {
            let headers = [("X-Token", "0123456789abcdef")];
            let head = Head::new(&headers).uri(uri);
            let screened = policy.policy.screen(&head);
            let proof = policy.policy.authenticate(&head.with_body(""));
            assert_eq!(screened, proof.clone().map(drop), "{uri}");
            proof.map_err(|refusal| refusal.reason())
        };
        for (uri, in_query, in_path) in [
            ("/hook?token=0123456789abcdef", true, false),
            ("/hook?token=0123456789abcdef/messages-upsert", true, false),
            ("/hook?x=1&token=0123456789abcdef/messages-upsert", true, false),
            ("/hook?token=0123456789abcdef&x=1/messages-upsert", true, false),
            ("/hook?token=0123456789abcdef/messages-delete", false, false),
            ("/hook?token=0123456789abcdef/messages-upsert/messages-upsert", false, false),
            ("/hook/0123456789abcdef", false, true),
            ("/hook/0123456789abcdef/messages-upsert", false, true),
            ("/hook/0123456789abcdef/messages-upsert?token=0123456789abcdef", true, true),
        ] {
            assert_eq!(
                check(Probe::by(Query::new("token", token())), uri).is_ok(),
                in_query,
                "{uri}"
            );
            assert_eq!(check(Probe::by(Path::new(token())), uri).is_ok(), in_path, "{uri}");
        }
        let all = Probe::by(Header::new(name.clone(), token()))
            .and(Query::new("token", [Token::short("other").unwrap(), token()]))
            .and(Path::new(token()))
            .and(Header::new(name, token()));
        let proof = check(all, "/0123456789abcdef/messages-upsert?token=0123456789abcdef").unwrap();
        assert_eq!(
            proof.by().collect::<Vec<_>>(),
            [Mechanism::Header, Mechanism::Query, Mechanism::Path, Mechanism::Header]
        );
        assert_eq!(proof.secret_of(Mechanism::Query), Some(1));

        let either =
            Probe::any_of([Probe::by(Path::new(token())), Probe::by(Query::new("token", token()))]);
        assert_eq!(check(either, "/?token=a"), Err(Reason::Mismatch));
    }
    #[test]
    fn a_token_of_one_account_is_bound_to_it() {
        let token = |text: &str| Token::new(format!("0123456789abcdef-{text}")).unwrap();
        let name = http::HeaderName::from_static("x-token");
        for (a, b) in [("a", "b"), ("b", "a")] {
            let tokens = || AccountTokens::new([(a, token(a)), (b, token(b))]).unwrap();
            let uri = format!("/hook/0123456789abcdef-{a}?t=0123456789abcdef-{a}");
            let value = format!("0123456789abcdef-{a}");
            let headers = [("x-token", &value)];
            for (policy, mechanism) in [
                (Probe::by(Query::per_account("t", tokens())), Mechanism::Query),
                (Probe::by(Path::per_account(tokens())), Mechanism::Path),
                (Probe::by(Header::per_account(name.clone(), tokens())), Mechanism::Header),
            ] {
                let check = |account: &str| {
                    let body = format!(r#"{{"data":{{"account":{account}}},"account":"{a}"}}"#);
                    policy.policy.authenticate(&Head::new(&headers).uri(&uri).with_body(body))
                };
                let proof = check(&format!("{a:?}")).unwrap();
                assert_eq!((proof.by().next(), proof.account()), (Some(mechanism), Some(a)));
                let another = check(&format!("{b:?}")).unwrap_err();
                assert_eq!(
                    (another.reason(), another.mechanism()),
                    (Reason::Mismatch, Some(mechanism))
                );
                assert_eq!(check("7").unwrap_err().reason(), Reason::MalformedCredential);
            }
        }
    }
}
