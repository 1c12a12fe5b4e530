//! Deliveries for the tests of your application, a gateway that retries them, captures
//! of real ones, and the tests that every store must pass (feature `testing`).
//!
//! Events grow with their gateways, so their structs are `#[non_exhaustive]` and cannot
//! be constructed outside this crate. A test takes a sample instead, and says only what
//! matters to it:
//!
//! ```
//! use zaphook::testing::{self, Scenario};
//! use zaphook::{Secret, Zavu, zavu};
//!
//! // Any event of any gateway, complete and valid:
//! let read = testing::sample(zavu::EventName::MessageRead).target("jd7own").from("+5511999990001");
//! assert_eq!(read.delivery().name(), "message.read");
//!
//! // Something that happens, where the gateway can tell it:
//! let reply = Scenario::Reply.of::<Zavu>().ok_or("Zavu tells it")?.text("sim");
//!
//! // As a request, to be received; the bytes of the body; or the delivery itself:
//! let secret = Secret::new("whsec_3b9ff21c")?;
//! let request = reply.signed(&secret);
//! let delivery = reply.receiver(&secret).receive(&(&request).into())?;
//! assert_eq!(delivery.event(), reply.delivery().event());
//!
//! // All gateways in one loop:
//! for sample in Scenario::LoggedOut.samples() {
//!     let delivery = sample.delivery();
//!     assert_eq!(delivery.unified().first().map(|it| it.kind()), Some("connection"));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | for | there is |
//! |---|---|
//! | a handler | [`sample`], [`Sample`]`::delivery` |
//! | a route, with its proof | [`Sample`]`::signed` and `receiver` |
//! | one handler for all gateways | [`Scenario`] |
//! | retries, outages, the last attempt | [`Gateway`] |
//! | a server, by hand or under a small load | `cargo run --example send -- --list` |
//! | a body of your own | [`enviaai`](fn@enviaai), [`zavu`](fn@zavu), … sign it; [`Delivery::parse_trusted`](crate::Delivery::parse_trusted) reads it |
//! | a single struct | `serde_json::from_str` |
//! | a delivery that made trouble | [`Capture`] |
//! | a store | [`store`] |
//!
//! The same values give the same bytes: the clock and the secret are arguments
//! ([`Sample::signed_at`]), and nothing sleeps.
//!
//! Samples are data, in `src/testing/samples`: in their JSON a text such as `"{id}"` says
//! which member carries what.
//!
//! What is signed is an [`http::Request`], so everything else of it can be set: the URI
//! with its token, a header, another method.
//!
//! ```
//! use zaphook::auth::Query;
//! use zaphook::{Receiver, Request, Secret, Token, Wawp, testing};
//!
//! let mut request = testing::wawp(&Secret::new("of WAHA")?, r#"{"event":"message"}"#);
//! *request.uri_mut() = "/hooks/wawp?secret=f2Q8xN4pL0sV7kT3".parse()?;
//!
//! let wawp = Receiver::new(Wawp::by(Query::new("secret", Token::new("f2Q8xN4pL0sV7kT3")?)));
//! assert!(wawp.authenticate(&Request::from(&request)).is_ok());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod capture;
mod gateway;
mod sample;
mod samples;
mod scenario;
pub mod store;
mod template;

use crate::idempotency::Key;

pub use capture::{Capture, CaptureError};
pub use gateway::{Attempt, Attempted, Ending, Gateway, Reply, Report};
pub use sample::{Any, AnySample, NamesSample, Sample, Source, sample};
pub use scenario::{Scenario, UnknownScenario};

pub use crate::secret::TokenText;

/// A key that no gateway produces, from any text, for tests of stores.
pub fn key(text: &str) -> Key {
    Key::of_test(text)
}

#[cfg(feature = "eazewa")]
pub use crate::gateways::eazewa::signed_request as eazewa;
#[cfg(feature = "enviaai")]
pub use crate::gateways::enviaai::signed_request as enviaai;
#[cfg(feature = "evolution")]
pub use crate::gateways::evolution::signed_request as evolution;
#[cfg(feature = "wawp")]
pub use crate::gateways::wawp::signed_request as wawp;
#[cfg(feature = "zavu")]
pub use crate::gateways::zavu::signed_request as zavu;
