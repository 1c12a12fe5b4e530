//! How deliveries are authenticated.
//!
//! A gateway's policy is made of mechanisms: a signature over the body, a
//! token, the network that a request comes from. A policy has one or more
//! alternatives; one of them must hold, with all of its mechanisms. The result
//! is a [`Proof`] or a [`Refusal`]. There is no third outcome, and nothing is
//! parsed before it, except for the body members in which a gateway puts a
//! credential or the account's name.

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

pub use account::{AccountSecrets, AccountTokens};
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
pub(crate) use member::{Accepted, AccountMembers, BodyToken, named};
pub(crate) use place::{Cut, NamedHeader, UNCUT, likely_token, percent_decoded};
pub(crate) use policy::{Anyone, Checked, Policy};
pub(crate) use refusal::{Cause, Subject};
pub(crate) use timed::{Limits, TimedKeys, TimedSignature};
pub(crate) use token::PresentedToken;
