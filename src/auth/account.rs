//! Tokens that are valid for one account only.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::sync::Arc;

use subtle::Choice;

use super::compare::{equal, first_equal};
use super::member::{AccountMembers, BodyMembers, member_refused, presented};
use super::place::TokenPlace;
use super::policy::Check;
use super::proof::{Mechanism, Satisfied};
use super::refusal::{Cause, Reason, Refusal, Subject};
use crate::request::{Head, Request};
use crate::secret::{Secret, SecretError, Secrets, Token, Tokens};

/// The tokens of several accounts, each valid only for deliveries of its own
/// account.
///
/// An account may have several tokens during a rotation. Clones share the
/// tokens.
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

/// Tokens by a keyed hash of their digests, so that an unknown one is
/// recognised from the head alone, however many there are. The hash only says
/// where to look: the digests themselves are compared whole.
struct Table {
    accounts: usize,
    hasher: RandomState,
    issued: HashMap<u64, Vec<Issued>>,
    /// Compared when nothing was issued, so that the work is the same.
    nobody: Vec<Issued>,
}

struct Issued {
    token: Token,
    account: Arc<str>,
    place: u32,
}

impl AccountTokens {
    /// Accounts with their tokens. Tokens given separately for one account add
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
    /// The tokens that may have this digest; some other token when there are
    /// none.
    fn candidates(&self, claimed: &[u8; 32]) -> &[Issued] {
        self.issued.get(&self.hasher.hash_one(claimed)).unwrap_or(&self.nobody)
    }

    fn is_issued(&self, claimed: &[u8; 32]) -> bool {
        let candidates = self.candidates(claimed).iter();
        first_equal(candidates.map(|issued| equal(issued.token.expose(), claimed))).is_some().into()
    }

    /// Which of the account's tokens this is. An account without tokens takes
    /// the same steps as one with other tokens.
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

/// The secrets of several accounts, each valid only for deliveries of its own
/// account: for gateways that sign.
///
/// An account may have several secrets during a rotation. Clones share the
/// secrets.
///
/// ```
/// use zaphook::auth::AccountSecrets;
/// use zaphook::{EnviaAi, Secret, Secrets};
///
/// let policy = EnviaAi::per_instance(AccountSecrets::new([
///     ("inst_1", Secrets::from(Secret::new("whs_of_one")?)),
///     ("inst_2", Secrets::from([Secret::new("whs_new")?, Secret::new("whs_old")?])),
/// ])?);
/// # Ok::<(), zaphook::SecretError>(())
/// ```
#[derive(Clone)]
pub struct AccountSecrets {
    accounts: Arc<HashMap<Arc<str>, Secrets>>,
}

impl AccountSecrets {
    /// Accounts with their secrets. Secrets given separately for one account
    /// add up.
    ///
    /// # Errors
    ///
    /// When there is no account, or one with more than eight secrets.
    pub fn new<A: AsRef<str>, S: Into<Secrets>>(
        accounts: impl IntoIterator<Item = (A, S)>,
    ) -> Result<Self, SecretError> {
        let mut all: HashMap<Arc<str>, Vec<Secret>> = HashMap::new();
        for (account, secrets) in accounts {
            let of_account = all.entry(account.as_ref().into()).or_default();
            of_account.extend(secrets.into().iter().cloned());
        }
        if all.is_empty() {
            return Err(SecretError::no_secrets());
        }
        let listed = |(account, secrets)| Ok((account, Secrets::new(secrets)?));
        let accounts: Result<_, SecretError> = all.into_iter().map(listed).collect();
        Ok(Self { accounts: Arc::new(accounts?) })
    }
}

impl fmt::Debug for AccountSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountSecrets({})", self.accounts.len())
    }
}

/// Something that verifies with secrets: one for every account, or one for each.
#[derive(Clone)]
pub(super) enum Whose<T> {
    Everyones(T),
    Each(Arc<Each<T>>),
}

pub(super) struct Each<T> {
    account: &'static AccountMembers,
    /// At least one, since there is no empty [`AccountSecrets`].
    verifiers: HashMap<Arc<str>, T>,
    /// What is wrong where the account has none.
    mismatch: Cause,
}

impl<T> Whose<T> {
    /// One for each account, made from its secrets.
    pub(super) fn each(
        account: &'static AccountMembers,
        secrets: &AccountSecrets,
        mismatch: Cause,
        make: impl Fn(&Secrets) -> T,
    ) -> Self {
        let named = secrets.accounts.iter();
        let verifiers =
            named.map(|(account, secrets)| (Arc::clone(account), make(secrets))).collect();
        Self::Each(Arc::new(Each { account, verifiers, mismatch }))
    }

    /// One of them.
    pub(super) fn any(&self) -> Option<&T> {
        match self {
            Self::Everyones(verifier) => Some(verifier),
            Self::Each(each) => each.verifiers.values().next(),
        }
    }

    /// The members of the body's outermost object that name the account.
    pub(super) fn members(&self) -> Vec<&'static str> {
        match self {
            Self::Everyones(_) => Vec::new(),
            Self::Each(each) => each.account.names().to_vec(),
        }
    }

    /// Verifies with what the body's account has, and says whose it was.
    pub(super) fn verify<R>(
        &self,
        members: &BodyMembers<'_>,
        subject: &Arc<Subject>,
        verify: impl FnOnce(&T) -> Result<R, Refusal>,
    ) -> Result<(R, Option<Arc<str>>), Refusal> {
        let verify = |verifier: &T| verify(verifier).map_err(|refusal| refusal.about(subject));
        let each = match self {
            Self::Everyones(verifier) => return Ok((verify(verifier)?, None)),
            Self::Each(each) => each,
        };
        let account = members.account(each.account)?;
        // Another account's is asked where the account has none, so that the work is the
        // same. It is only believed about the form.
        let own = each.verifiers.get_key_value(account);
        let another = each.verifiers.values().next();
        let Some(verifier) = own.map(|(_, verifier)| verifier).or(another) else {
            return Err(Refusal::from(each.mismatch).about(subject));
        };
        match (verify(verifier).map_err(Refusal::of_account), own) {
            (Ok(verified), Some((account, _))) => Ok((verified, Some(Arc::clone(account)))),
            (Err(refusal), Some(_)) => Err(refusal),
            (Err(refusal), None)
                if refusal.is(each.mismatch) || refusal.reason() == Reason::MalformedCredential =>
            {
                Err(refusal)
            }
            (_, None) => Err(Refusal::from(each.mismatch).about(subject)),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Whose<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyones(verifier) => verifier.fmt(f),
            Self::Each(each) => write!(f, "PerAccount({})", each.verifiers.len()),
        }
    }
}

/// A token in the head that must have been issued for the account that the
/// body names.
#[derive(Clone, Debug)]
pub(crate) struct AccountToken {
    mechanism: Mechanism,
    place: TokenPlace,
    accounts: AccountTokens,
    account: &'static AccountMembers,
}

impl AccountToken {
    pub(crate) fn new(
        mechanism: Mechanism,
        place: TokenPlace,
        accounts: AccountTokens,
        account: &'static AccountMembers,
    ) -> Self {
        Self { mechanism, place, accounts, account }
    }

    fn presented(&self, head: &Head<'_>) -> Result<[u8; 32], Refusal> {
        let presented = self.place.digest(head)?;
        match self.accounts.table.is_issued(&presented) {
            true => Ok(presented),
            false => Err(self.place.mismatch(head)),
        }
    }
}

impl Check for AccountToken {
    fn mechanism(&self) -> Mechanism {
        self.mechanism
    }

    fn screen(&self, head: &Head<'_>) -> Result<Option<Satisfied>, Refusal> {
        self.presented(head).map(|_| None)
    }

    fn members(&self) -> Vec<&'static str> {
        self.account.names().to_vec()
    }

    fn verify(
        &self,
        request: &Request<'_>,
        members: &BodyMembers<'_>,
    ) -> Result<Satisfied, Refusal> {
        let presented = self.presented(request.head())?;
        let account = members.account(self.account)?;
        let token = self.accounts.table.matching(account, &presented);
        let token = token.ok_or_else(|| self.place.refused(Cause::TokenOfAnother))?;
        Ok(Satisfied::by_secret(self.mechanism, token).of(Some(account.into())))
    }
}

/// A token in the body that must have been issued for the account that the body
/// names.
#[derive(Debug)]
pub(crate) struct AccountBodyToken {
    accounts: AccountTokens,
    account: &'static AccountMembers,
    /// The members that may hold the token, and what they are. The first one
    /// present counts.
    members: &'static [(&'static str, Mechanism)],
    placeholders: &'static [&'static str],
}

impl AccountBodyToken {
    pub(crate) fn new(
        accounts: AccountTokens,
        account: &'static AccountMembers,
        members: &'static [(&'static str, Mechanism)],
        placeholders: &'static [&'static str],
    ) -> Self {
        Self { accounts, account, members, placeholders }
    }
}

impl Check for AccountBodyToken {
    fn mechanism(&self) -> Mechanism {
        self.members.first().map_or(Mechanism::Tokens, |(_, mechanism)| *mechanism)
    }

    fn members(&self) -> Vec<&'static str> {
        let tokens = self.members.iter().map(|(name, _)| *name);
        tokens.chain(self.account.names().iter().copied()).collect()
    }

    fn verify(&self, _: &Request<'_>, members: &BodyMembers<'_>) -> Result<Satisfied, Refusal> {
        let mut missing = Refusal::from(Cause::NoMember);
        for (name, mechanism) in self.members {
            match presented(members, name, self.placeholders) {
                Ok(presented) => {
                    let account = members.account_by(self.account)?.unwrap_or_default();
                    let token = self.accounts.table.matching(account, &presented);
                    let another = || member_refused(name, Cause::TokenOfAnother);
                    let satisfied = Satisfied::by_secret(*mechanism, token.ok_or_else(another)?);
                    return Ok(satisfied.of(Some(account.into())));
                }
                Err(refusal) if refusal.reason() == Reason::MissingCredential => missing = refusal,
                Err(refusal) => return Err(refusal),
            }
        }
        Err(missing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::member::named;
    use super::super::policy::alone;
    use super::*;

    const ACCOUNT: &AccountMembers = &AccountMembers::Outer {
        names: &["instanceId"],
        account: |outer| outer.value("instanceId").ok()?.and_then(named),
    };

    const A: &str = "token-of-account-33";
    const OLD: &str = "old-token-of-account-33";
    const B: &str = "token-of-account-34";
    const SHARED: &str = "token-of-both-accounts";

    fn mechanism(place: TokenPlace) -> AccountToken {
        let token = |text: &str| Token::new(text).unwrap();
        let accounts = AccountTokens::new([
            ("33", Tokens::from([token(A), token(OLD)])),
            ("34", Tokens::from(token(B))),
            ("34", Tokens::from(token(SHARED))),
            ("33", Tokens::from(token(SHARED))),
        ]);
        AccountToken::new(Mechanism::Tokens, place, accounts.unwrap(), ACCOUNT)
    }

    fn check(uri: &str, body: &str) -> Result<Satisfied, Reason> {
        let headers: [(&str, &str); 0] = [];
        let place = if uri.contains('?') { TokenPlace::query("t") } else { TokenPlace::path() };
        let mechanism = mechanism(place);
        let head = Head::new(&headers).uri(uri);
        let verdict = alone(&mechanism, &head.with_body(body)).map_err(|r| r.reason());
        // What the head refuses is refused for the same reason, whatever the
        // body.
        if let Err(refusal) = mechanism.screen(&head) {
            assert_eq!(verdict, Err(refusal.reason()), "{uri} {body}");
        }
        verdict
    }

    fn satisfied(place: u32, account: &str) -> Satisfied {
        Satisfied::by_secret(Mechanism::Tokens, place).of(Some(account.into()))
    }

    fn body(account: &str) -> String {
        format!(r#"{{"event":"message","instanceId":{account},"data":{{"instanceId":"34"}}}}"#)
    }

    #[test]
    fn a17_a_token_opens_its_own_account_only() {
        for (token, account, verdict) in [
            (A, r#""33""#, Ok(0)),
            (OLD, r#""33""#, Ok(1)),
            (B, r#""34""#, Ok(0)),
            (SHARED, r#""33""#, Ok(2)),
            (SHARED, r#""34""#, Ok(1)),
            (A, "33", Ok(0)),
            (A, r#""\u0033\u0033""#, Ok(0)),
            // Of another account, or of none.
            (A, r#""34""#, Err(Reason::Mismatch)),
            (A, "34", Err(Reason::Mismatch)),
            (B, r#""33""#, Err(Reason::Mismatch)),
            (SHARED, r#""35""#, Err(Reason::Mismatch)),
            (A, r#""035""#, Err(Reason::Mismatch)),
            (A, r#""033""#, Err(Reason::Mismatch)),
            (A, r#""33 ""#, Err(Reason::Mismatch)),
            (A, r#""""#, Err(Reason::Mismatch)),
            ("token-of-account-35", r#""33""#, Err(Reason::Mismatch)),
            ("token-of-account-3", r#""33""#, Err(Reason::Mismatch)),
            ("33", r#""33""#, Err(Reason::Mismatch)),
            ("", r#""33""#, Err(Reason::MissingCredential)),
            // No account.
            (A, "null", Err(Reason::MalformedCredential)),
            (A, "33.0", Err(Reason::MalformedCredential)),
            (A, "3.3e1", Err(Reason::MalformedCredential)),
            (A, "-33", Err(Reason::MalformedCredential)),
            (A, "true", Err(Reason::MalformedCredential)),
            (A, r#"["33"]"#, Err(Reason::MalformedCredential)),
            (A, r#"{"id":"33"}"#, Err(Reason::MalformedCredential)),
            (A, r#""\ud83d""#, Err(Reason::MalformedCredential)),
            (A, r#""33","instanceId":"33""#, Err(Reason::AmbiguousCredential)),
            (A, r#""33","instance\u0049d":"34""#, Err(Reason::AmbiguousCredential)),
            (A, r#"null,"instanceId":"33""#, Err(Reason::AmbiguousCredential)),
        ] {
            let of = || account.trim_matches('"').replace("\\u0033", "3");
            let verdict = verdict.map(|place| satisfied(place, &of()));
            for uri in [format!("/hooks/{token}"), format!("/hooks?t={token}")] {
                assert_eq!(check(&uri, &body(account)), verdict, "{uri} {account}");
            }
        }
        for unreadable in ["", "[]", "33", r#"{"instanceId":"33""#, r#"{"instanceId":"33"}}"#] {
            let verdict = check(&format!("/{A}"), unreadable);
            assert_eq!(verdict, Err(Reason::MalformedCredential), "{unreadable}");
        }
        assert_eq!(check(&format!("/{A}"), "{}"), Err(Reason::MalformedCredential));
        // Order does not matter.
        let late = r#"{"data":{"instanceId":34},"instanceId":33}"#;
        assert_eq!(check(&format!("/{A}"), late), Ok(satisfied(0, "33")));
    }

    #[test]
    fn the_head_refuses_what_was_issued_to_nobody() {
        let headers: [(&str, &str); 0] = [];
        let mechanism = mechanism(TokenPlace::path());
        for (token, screened) in [(A, true), (OLD, true), (B, true), (SHARED, true), ("x", false)] {
            let uri = format!("/hooks/{token}");
            assert_eq!(mechanism.screen(&Head::new(&headers).uri(&uri)).is_ok(), screened);
        }
    }

    #[test]
    fn what_nobody_has_stays_closed() {
        // What is compared where nothing was issued opens nothing.
        let table = mechanism(TokenPlace::path()).accounts.table;
        assert!(!table.is_issued(&[1; 32]));
        assert_eq!(table.matching("33", &[0; 32]), None);
        assert_eq!(table.accounts, 2);
    }

    #[test]
    fn a_secret_is_valid_for_its_own_account_only() {
        type Verdict = Result<&'static str, Cause>;

        let secret = |text: &str| Secret::new(text).unwrap();
        let secrets = AccountSecrets::new([("33", secret("a")), ("34", secret("b"))]).unwrap();
        let whose = Whose::each(ACCOUNT, &secrets, Cause::SignatureOfAnother, Secrets::clone);
        let subject = Arc::new(Subject::header("X-Signature"));
        let check = |body: &str, verdict: Verdict| {
            let members = BodyMembers::new(body.as_bytes(), &["instanceId"]);
            let verify = |_: &Secrets| verdict.map_err(Refusal::from);
            whose.verify(&members, &subject, verify)
        };
        let (known, unknown) = (r#"{"instanceId":"33"}"#, r#"{"instanceId":"35"}"#);
        let refused = |cause: Cause| Err(Refusal::from(cause).about(&subject));
        assert_eq!(check(known, Ok("it")), Ok(("it", Some("33".into()))));
        // What another account's secret would say is not believed, but about the form.
        for (verdict, of_known, of_unknown) in [
            (Ok("it"), None, Cause::SignatureOfAnother),
            (
                Err(Cause::WrongSignature),
                Some(Cause::SignatureOfAnother),
                Cause::SignatureOfAnother,
            ),
            (Err(Cause::NotHex64), Some(Cause::NotHex64), Cause::NotHex64),
            (Err(Cause::Old), Some(Cause::Old), Cause::SignatureOfAnother),
            (Err(Cause::JwtPurpose), Some(Cause::JwtPurpose), Cause::SignatureOfAnother),
        ] {
            if let Some(cause) = of_known {
                assert_eq!(check(known, verdict), refused(cause));
            }
            assert_eq!(check(unknown, verdict), refused(of_unknown), "{verdict:?}");
        }
    }

    #[test]
    fn secrets_of_an_account_add_up() {
        let secret = |text: &str| Secret::new(text).unwrap();
        let one = |account| (account, secret("a"));
        let two = AccountSecrets::new([one("33"), one("34"), one("33")]).unwrap();
        assert_eq!(format!("{two:?}"), "AccountSecrets(2)");
        assert_eq!(two.accounts.get("33").map(|secrets| secrets.iter().count()), Some(2));
        let none = AccountSecrets::new([] as [(&str, Secret); 0]);
        assert_eq!(none.unwrap_err().to_string(), "no secret is given");
        let many = AccountSecrets::new(vec![one("33"); 9]);
        assert_eq!(many.unwrap_err().to_string(), "more than 8 secrets are given");
    }

    #[test]
    fn there_is_no_empty_table() {
        let none = AccountTokens::new([] as [(&str, Token); 0]);
        assert_eq!(none.unwrap_err().to_string(), "no token is given");
    }
}
