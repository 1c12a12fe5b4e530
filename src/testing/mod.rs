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
