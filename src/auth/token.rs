//! Tokens that a request carries as they are.

use http::HeaderName;

use super::account::{AccountToken, AccountTokens};
use super::compare::{equal, first_equal};
use super::member::{AccountMembers, BodyMembers};
use super::place::{Cut, TokenPlace, UNCUT};
use super::policy::{Check, Checked};
use super::proof::{Mechanism, Satisfied};
use super::refusal::Refusal;
use crate::request::{Head, Request};
use crate::secret::{Token, Tokens};

/// The index of the digest that was presented; all are compared.
pub(super) fn matching<'a>(
    digests: impl Iterator<Item = &'a [u8; 32]>,
    claimed: &[u8; 32],
) -> Option<u32> {
    first_equal(digests.map(|digest| equal(digest, claimed))).into()
}

/// A token in the head of a request: everything is decided there.
#[derive(Clone, Debug)]
pub(crate) struct PresentedToken {
    mechanism: Mechanism,
    place: TokenPlace,
    tokens: Tokens,
}

impl PresentedToken {
    pub(crate) fn new(mechanism: Mechanism, place: TokenPlace, tokens: impl Into<Tokens>) -> Self {
        Self { mechanism, place, tokens: tokens.into() }
    }

    fn check(&self, head: &Head<'_>) -> Result<Satisfied, Refusal> {
        let presented = self.place.digest(head)?;
        let token = matching(self.tokens.iter().map(Token::expose), &presented)
            .ok_or_else(|| self.place.mismatch(head))?;
        Ok(Satisfied::by_secret(self.mechanism, token))
    }
}

/// Tokens in a place of the head, before it is known at which gateway.
#[derive(Clone, Debug)]
struct InHead {
    mechanism: Mechanism,
    place: TokenPlace,
    tokens: Issued,
}

#[derive(Clone, Debug)]
enum Issued {
    ToAny(Tokens),
    ToEach(AccountTokens),
}

impl InHead {
    fn new(mechanism: Mechanism, place: TokenPlace, tokens: Issued) -> Self {
        Self { mechanism, place, tokens }
    }

    /// For a gateway that changes path or query like this, and names its
    /// accounts like that.
    fn checked(self, cut: Cut, account: &'static AccountMembers) -> Checked {
        let Self { mechanism, place, tokens } = self;
        let place = place.cut(cut);
        match tokens {
            Issued::ToAny(tokens) => Checked::new(PresentedToken::new(mechanism, place, tokens)),
            Issued::ToEach(tokens) => {
                Checked::new(AccountToken::new(mechanism, place, tokens, account))
            }
        }
    }
}

/// One of these tokens as the query parameter of this name, as in `?secret=…`:
/// exactly one such parameter, percent-decoded once. A `+` is a plus sign.
///
/// Several tokens are for the rotation of one: each is accepted for every
/// account. With [`per_account`](Self::per_account) each account has its own.
///
/// The token does not cover the body. It is part of the URL, so keep the URL
/// out of logs: log the matched route instead.
///
/// ```
/// use zaphook::auth::Query;
/// use zaphook::{Token, Wawp};
///
/// let policy = Wawp::by(Query::new("secret", Token::new("f2Q8xN4pL0sV7kT3")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Query(InHead);

/// One of these tokens as the last segment of the path, as in `/hooks/…`,
/// percent-decoded once.
///
/// The token does not cover the body. It is part of the URL, so keep the URL
/// out of logs: log the matched route instead.
#[derive(Clone, Debug)]
pub struct Path(InHead);

/// One of these tokens as the value of this header, which you configure at the
/// gateway: exactly one such header, used as it is. The token does not cover
/// the body.
#[derive(Clone, Debug)]
pub struct Header(InHead);

impl Query {
    /// One of these tokens in the parameter of this name.
    pub fn new(name: impl Into<String>, tokens: impl Into<Tokens>) -> Self {
        Self(InHead::new(Mechanism::Query, TokenPlace::query(name), Issued::ToAny(tokens.into())))
    }

    /// One of the tokens of the account that the body names.
    pub fn per_account(name: impl Into<String>, tokens: AccountTokens) -> Self {
        Self(InHead::new(Mechanism::Query, TokenPlace::query(name), Issued::ToEach(tokens)))
    }

    pub(crate) fn checked(self, cut: Cut, account: &'static AccountMembers) -> Checked {
        self.0.checked(cut, account)
    }
}

impl Path {
    /// One of these tokens at the end of the path.
    pub fn new(tokens: impl Into<Tokens>) -> Self {
        Self(InHead::new(Mechanism::Path, TokenPlace::path(), Issued::ToAny(tokens.into())))
    }

    /// One of the tokens of the account that the body names.
    pub fn per_account(tokens: AccountTokens) -> Self {
        Self(InHead::new(Mechanism::Path, TokenPlace::path(), Issued::ToEach(tokens)))
    }

    pub(crate) fn checked(self, cut: Cut, account: &'static AccountMembers) -> Checked {
        self.0.checked(cut, account)
    }
}

impl Header {
    /// One of these tokens in the header of this name.
    pub fn new(name: HeaderName, tokens: impl Into<Tokens>) -> Self {
        Self(InHead::new(Mechanism::Header, TokenPlace::header(name), Issued::ToAny(tokens.into())))
    }

    /// One of the tokens of the account that the body names.
    pub fn per_account(name: HeaderName, tokens: AccountTokens) -> Self {
        Self(InHead::new(Mechanism::Header, TokenPlace::header(name), Issued::ToEach(tokens)))
    }

    pub(crate) fn checked(self, account: &'static AccountMembers) -> Checked {
        self.0.checked(UNCUT, account)
    }
}

impl Check for PresentedToken {
    fn mechanism(&self) -> Mechanism {
        self.mechanism
    }

    fn screen(&self, head: &Head<'_>) -> Result<Option<Satisfied>, Refusal> {
        self.check(head).map(Some)
    }
}
