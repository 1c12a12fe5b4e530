//! Complete signed requests, for the tests of applications, deliveries kept to
//! be looked at, and what every store has to pass (feature `testing`).
//!
//! Events grow with their gateways, so their structs cannot be written out in
//! Rust outside this crate; a test makes an event from JSON: as a signed request
//! here, as a delivery by [`Delivery::parse_trusted`](crate::Delivery::parse_trusted),
//! or as any single struct by `serde_json::from_str`.
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

mod capture;
pub mod store;

use crate::idempotency::Key;

pub use capture::{Capture, CaptureError};

/// A key that no gateway makes, for tests of stores: any text.
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
