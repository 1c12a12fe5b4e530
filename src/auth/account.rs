//! Tokens that are good for one account only.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::sync::Arc;

use subtle::Choice;

use super::compare::{equal, first_equal};
use super::member::account_in;
use super::place::TokenPlace;
use super::policy::Mechanism;
use super::proof::{Satisfied, Way};
use super::refusal::{Reason, Refusal};
use super::token::MISMATCH;
use crate::request::{Head, Request};
use crate::secret::{SecretError, Token, Tokens};

/// The tokens of several accounts, each good for the deliveries of its own
/// account only.
///
/// An account may have several tokens while they are being changed. Clones
/// share the tokens.
///
/// ```
/// use zaphook::{Token, Tokens};
/// use zaphook::auth::AccountTokens;
///
/// let accounts = AccountTokens::new([
///     ("33", Tokens::from(Token::new("9f2c51b7-5a0e-4d8e")?)),
///     ("34", Tokens::from([Token::new("c4cfb1a0-new-token")?, Token::new("03aa4471-old-token")?])),
/// ])?;
/// # Ok::<(), zaphook::SecretError>(())
/// ```
#[derive(Clone)]
pub struct AccountTokens {
    table: Arc<Table>,
}

/// Tokens by a keyed hash of their digests, so that one that is known to
/// nobody is told apart by the head alone, whatever their number. The hash
/// only says where to look: the digests themselves are compared whole.
struct Table {
    accounts: usize,
    hasher: RandomState,
    issued: HashMap<u64, Vec<Issued>>,
    /// Compared where nothing was issued, for the same work.
    nobody: Vec<Issued>,
}

struct Issued {
    token: Token,
    account: Arc<str>,
    place: u32,
}

impl AccountTokens {
    /// Accounts with their tokens. What is given twice for one account adds
    /// up.
    ///
    /// # Errors
    ///
    /// When there is no account.
    pub fn new<A: AsRef<str>, T: Into<Tokens>>(
        accounts: impl IntoIterator<Item = (A, T)>,
    ) -> Result<Self, SecretError> {
        let hasher = RandomState::new();
        let mut issued: HashMap<u64, Vec<Issued>> = HashMap::new();
        let mut counts: HashMap<Arc<str>, u32> = HashMap::new();
        for (account, tokens) in accounts {
            let account: Arc<str> = account.as_ref().into();
            let count = counts.entry(Arc::clone(&account)).or_default();
            for token in tokens.into().iter() {
                issued.entry(hasher.hash_one(token.expose())).or_default().push(Issued {
                    token: token.clone(),
                    account: Arc::clone(&account),
                    place: *count,
                });
                *count = count.saturating_add(1);
            }
        }
        if counts.is_empty() {
            return Err(SecretError::no_tokens());
        }
        let nobody =
            vec![Issued { token: Token::from_digest([0; 32]), account: "".into(), place: 0 }];
        Ok(Self { table: Arc::new(Table { accounts: counts.len(), hasher, issued, nobody }) })
    }
}

impl Table {
    /// The tokens that may have this digest; some other where there are none.
    fn candidates(&self, claimed: &[u8; 32]) -> &[Issued] {
        self.issued.get(&self.hasher.hash_one(claimed)).unwrap_or(&self.nobody)
    }

    fn is_issued(&self, claimed: &[u8; 32]) -> bool {
        let candidates = self.candidates(claimed).iter();
        first_equal(candidates.map(|issued| equal(issued.token.expose(), claimed))).is_some().into()
    }

    /// Which of the account's tokens this is. An account that has none takes
    /// the same steps as one that has others.
    fn matching(&self, account: &str, claimed: &[u8; 32]) -> Option<u32> {
        let candidates = self.candidates(claimed);
        let of_account = |issued: &Issued| Choice::from(u8::from(*issued.account == *account));
        let places = candidates
            .iter()
            .map(|issued| equal(issued.token.expose(), claimed) & of_account(issued));
        let first: Option<u32> = first_equal(places).into();
        candidates.get(usize::try_from(first?).ok()?).map(|issued| issued.place)
    }
}

impl fmt::Debug for AccountTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountTokens({})", self.table.accounts)
    }
}

/// A token in the head that must have been issued for the account that the
/// body names.
#[derive(Debug)]
pub(crate) struct AccountToken {
    way: Way,
    place: TokenPlace,
    accounts: AccountTokens,
    member: &'static str,
}

impl AccountToken {
    /// The member of the body's outermost object names the account, as a text
    /// or as a number.
    pub(crate) fn new(
        way: Way,
        place: TokenPlace,
        accounts: AccountTokens,
        member: &'static str,
    ) -> Self {
        Self { way, place, accounts, member }
    }

    fn presented(&self, head: &Head<'_>) -> Result<[u8; 32], Refusal> {
        let presented = self.place.digest(head)?;
        if self.accounts.table.is_issued(&presented) { Ok(presented) } else { Err(MISMATCH) }
    }
}

impl Mechanism for AccountToken {
    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.presented(head).map(drop)
    }

    fn verify(&self, request: &Request<'_>) -> Result<Satisfied, Refusal> {
        let presented = self.presented(request.head())?;
        let account = account_in(request.body(), self.member)?;
        let token = self.accounts.table.matching(&account, &presented).ok_or(Refusal::new(
            Reason::Mismatch,
            "the token was issued for another account than the body's",
        ))?;
        Ok(Satisfied::by_secret(self.way, token))
    }
}
