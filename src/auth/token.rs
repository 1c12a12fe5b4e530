//! Tokens that a request presents as they are.

use super::compare::{equal, first_equal};
use super::place::TokenPlace;
use super::policy::Mechanism;
use super::proof::{Satisfied, Way};
use super::refusal::{Reason, Refusal};
use crate::request::{Head, Request};
use crate::secret::{Token, Tokens};

/// The place of the digest that is claimed; all are compared.
pub(super) fn matching<'a>(
    digests: impl Iterator<Item = &'a [u8; 32]>,
    claimed: &[u8; 32],
) -> Option<u32> {
    first_equal(digests.map(|digest| equal(digest, claimed))).into()
}

pub(super) const MISMATCH: Refusal =
    Refusal::new(Reason::Mismatch, "the token is not one of those that are configured");

/// A token in the head of a request: everything is decided there.
#[derive(Debug)]
pub(crate) struct PresentedToken {
    way: Way,
    place: TokenPlace,
    tokens: Tokens,
}

impl PresentedToken {
    pub(crate) fn new(way: Way, place: TokenPlace, tokens: impl Into<Tokens>) -> Self {
        Self { way, place, tokens: tokens.into() }
    }

    fn check(&self, head: &Head<'_>) -> Result<Satisfied, Refusal> {
        let presented = self.place.digest(head)?;
        let token = matching(self.tokens.iter().map(Token::expose), &presented)
            .ok_or_else(|| self.place.refusal(head, MISMATCH))?;
        Ok(Satisfied::by_secret(self.way, token))
    }
}

impl Mechanism for PresentedToken {
    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.check(head).map(drop)
    }

    fn verify(&self, request: &Request<'_>) -> Result<Satisfied, Refusal> {
        self.check(request.head())
    }
}
