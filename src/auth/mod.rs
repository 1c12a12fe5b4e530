//! How a gateway proves itself.
//!
//! A gateway's policy is made of mechanisms: the signature of a body, the
//! network a request comes from. All mechanisms of one alternative must hold,
//! and one of the alternatives must. What held is a [`Proof`], anything else
//! a [`Refusal`]. There is no third outcome, and nothing is parsed before.

mod hmac;
mod network;
mod policy;
mod proof;
mod refusal;

pub use hmac::BodySignature;
pub use network::{NetworkError, Networks};
pub use proof::{Proof, Way};
pub use refusal::{Reason, Refusal};

pub(crate) use hmac::{Sha256Keys, SignedBody, signature_header};
pub(crate) use policy::{Anyone, Mechanism, Policy};
pub(crate) use proof::Satisfied;
