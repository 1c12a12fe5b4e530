//! Complete signed requests, for the tests of applications (feature
//! `testing`).
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

#[cfg(feature = "enviaai")]
pub use crate::gateways::enviaai::signed_request as enviaai;
