//! Complete signed requests for the tests of your application, captures of
//! deliveries, and the tests that every store must pass (feature `testing`).
//!
//! Events grow with their gateways, so their structs are `#[non_exhaustive]`
//! and cannot be constructed outside this crate. In a test, make an event from
//! JSON: as a signed request with this module, as a delivery with
//! [`Delivery::parse_trusted`](crate::Delivery::parse_trusted), or as any
//! single struct with `serde_json::from_str`.
//!
//! ```
//! use zaphook::{EnviaAi, Receiver, Request, Secret, testing};
//!
//! let secret = Secret::new("whs_4fd0a6c2")?;
//! let request = testing::enviaai(
//!     &secret,
//!     r#"{"event":"instance.connected","data":{"instanceId":"inst_1"}}"#,
//! );
//!
//! let receiver = Receiver::new(EnviaAi::signed(secret));
//! assert!(receiver.receive(&Request::from(&request)).is_ok());
//! # Ok::<(), zaphook::SecretError>(())
//! ```
//!
//! They are [`http::Request`]s, so everything else of them can be set: the URI
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
pub mod store;

use crate::idempotency::Key;

pub use capture::{Capture, CaptureError};

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
