//! The header `Authorization`: a user with a password, or a token that bears
//! its own proof.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;

use super::jwt::Jwt;
use super::place::sole_header;
use super::policy::Mechanism;
use super::proof::{Satisfied, Way};
use super::refusal::{Reason, Refusal};
use super::token::matching;
use crate::request::{Head, Request};
use crate::secret::{Secrets, digest_of};

/// What follows the scheme in the only `Authorization` header. The scheme has
/// no case.
fn credentials<'a>(
    head: &Head<'a>,
    scheme: &str,
    malformed: &'static str,
) -> Result<&'a [u8], Refusal> {
    let value = sole_header(head, &AUTHORIZATION)?;
    let malformed = Refusal::new(Reason::MalformedCredential, malformed);
    let (given, rest) = value.split_at_checked(scheme.len()).ok_or(malformed)?;
    let credentials = rest.trim_ascii_start();
    // At least one space parts the two.
    if given.eq_ignore_ascii_case(scheme.as_bytes()) && credentials.len() < rest.len() {
        Ok(credentials)
    } else {
        Err(malformed)
    }
}

/// HTTP Basic: a user with one of its passwords.
#[derive(Clone)]
pub(crate) struct Basic {
    /// The digests of `user:password`, so that both are compared as one.
    pairs: Box<[[u8; 32]]>,
}

impl Basic {
    pub(crate) fn new(user: &str, passwords: impl Into<Secrets>) -> Self {
        let pair = |password: &[u8]| digest_of(&[user.as_bytes(), b":", password].concat());
        let passwords: Secrets = passwords.into();
        Self { pairs: passwords.iter().map(|password| pair(password.expose())).collect() }
    }

    fn check(&self, head: &Head<'_>) -> Result<Satisfied, Refusal> {
        let credentials = credentials(head, "basic", "there are no credentials of HTTP Basic")?;
        let pair = STANDARD.decode(credentials).ok().filter(|pair| pair.contains(&b':')).ok_or(
            Refusal::new(
                Reason::MalformedCredential,
                "the credentials of HTTP Basic are not a user and a password in base64",
            ),
        )?;
        let password = matching(self.pairs.iter(), &digest_of(&pair)).ok_or(Refusal::new(
            Reason::Mismatch,
            "the user or the password is not one that is configured",
        ))?;
        Ok(Satisfied::by_secret(Way::Basic, password))
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Basic").field("passwords", &self.pairs.len()).finish_non_exhaustive()
    }
}

impl Mechanism for Basic {
    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.check(head).map(drop)
    }

    fn verify(&self, request: &Request<'_>) -> Result<Satisfied, Refusal> {
        self.check(request.head())
    }
}

/// A JSON Web Token, as in `Authorization: Bearer …`.
#[derive(Clone, Debug)]
pub(crate) struct BearerJwt {
    jwt: Jwt,
    expired_may_repeat: bool,
}

impl BearerJwt {
    pub(crate) fn new(jwt: Jwt) -> Self {
        Self { jwt, expired_may_repeat: false }
    }

    /// Answers a token that has only expired with 503 instead of 401: for
    /// gateways that repeat a delivery with the token of its first attempt,
    /// and take a 401 as final.
    pub(crate) fn expired_may_repeat(self) -> Self {
        Self { expired_may_repeat: true, ..self }
    }

    fn check(&self, head: &Head<'_>) -> Result<Satisfied, Refusal> {
        let token = credentials(head, "bearer", "there is no bearer token")?;
        match self.jwt.check(token, head.time()) {
            Ok(secret) => Ok(Satisfied::by_secret(Way::Jwt, secret)),
            Err(refusal) if refusal.reason() == Reason::Expired && self.expired_may_repeat => {
                Err(refusal.repeatable())
            }
            Err(refusal) => Err(refusal),
        }
    }
}

impl Mechanism for BearerJwt {
    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.check(head).map(drop)
    }

    fn verify(&self, request: &Request<'_>) -> Result<Satisfied, Refusal> {
        // The time of the whole request is fixed, that of a head may be now.
        self.check(&request.head().received_at(request.received_at()))
    }
}
