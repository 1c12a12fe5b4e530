//! How a gateway proves itself.
//!
//! A gateway's policy is made of mechanisms: the signature of a body, a token,
//! the network a request comes from. All mechanisms of one alternative must
//! hold, and one of the alternatives must. What held is a [`Proof`], anything
//! else a [`Refusal`]. There is no third outcome, and nothing is parsed
//! before, but for one member of the body where the gateway puts a credential
//! or the account's name there.

#![allow(
    dead_code,
    unused_imports,
    reason = "each gateway has its own choice of mechanisms, and gateways are features"
)]

mod account;
mod algorithm;
mod authorization;
mod compare;
mod hmac;
mod jwt;
mod member;
mod network;
mod place;
mod policy;
mod proof;
mod refusal;
mod timed;
mod token;

pub use account::AccountTokens;
pub use hmac::BodySignature;
pub use jwt::Jwt;
pub use network::{NetworkError, Networks};
pub use place::TokenPlace;
pub use policy::Proves;
pub use proof::{Mechanism, Proof};
pub use refusal::{Reason, Refusal};
pub use token::{Header, Path, Query};

pub(crate) use account::AccountBodyToken;
pub(crate) use account::AccountToken;
pub(crate) use algorithm::NamedAlgorithm;
pub(crate) use authorization::{Basic, BearerJwt};
pub(crate) use hmac::SignedBody;
pub(crate) use member::{Accepted, AccountMembers, BodyToken, account_in};
pub(crate) use place::{Cut, UNCUT, likely_token, percent_decoded, sole_header};
pub(crate) use policy::{Anyone, Checked, Policy};
pub(crate) use timed::{Limits, TimedSignature};
pub(crate) use token::PresentedToken;
