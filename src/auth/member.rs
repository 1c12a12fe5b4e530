//! Top-level members of a body, read before anything is verified: an account, a
//! shared secret.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

use super::policy::Check;
use super::proof::{Mechanism, Satisfied};
use super::refusal::{Cause, Refusal, Subject};
use super::token::matching;
use crate::request::Request;
use crate::secret::{Token, Tokens, digest_of};
use crate::wire::json::{Outer, Scalar, Unclear, find_text};

/// The members of a body that a policy reads, in one pass, when the first one
/// is needed.
pub(crate) struct BodyMembers<'a> {
    body: &'a [u8],
    names: &'a [&'static str],
    outer: OnceCell<Result<Outer<'a>, Unclear>>,
    /// Where no outer member names it.
    account: OnceCell<Option<String>>,
}

impl<'a> BodyMembers<'a> {
    pub(crate) fn new(body: &'a [u8], names: &'a [&'static str]) -> Self {
        Self { body, names, outer: OnceCell::new(), account: OnceCell::new() }
    }

    fn outer(&self) -> Result<&Outer<'a>, Refusal> {
        let outer = self.outer.get_or_init(|| Outer::read(self.body, self.names));
        outer.as_ref().map_err(|_| Cause::NotObject.into())
    }

    /// The member of the body's outermost object; `None` when it is absent or
    /// null.
    fn value(&self, name: &'static str) -> Result<Option<&Scalar<'a>>, Refusal> {
        self.outer()?.value(name).map_err(|unclear| match unclear {
            Unclear::Repeated => member_refused(name, Cause::MemberRepeated),
            Unclear::Unreadable => Cause::NotObject.into(),
        })
    }

    /// The account that the body names, by its gateway's way of naming it.
    pub(super) fn account_by(&self, by: &AccountMembers) -> Result<Option<&str>, Refusal> {
        match by {
            AccountMembers::Outer { .. } => Ok(by.of(self.outer()?)),
            AccountMembers::At(_) => Ok(self.account.get_or_init(|| by.read(self.body)).as_deref()),
        }
    }

    /// The same, where there must be one.
    ///
    /// `malformed_credential` when the body names none, `ambiguous_credential`
    /// when it repeats a member that names it.
    pub(super) fn account(&self, by: &AccountMembers) -> Result<&str, Refusal> {
        if let Some(account) = self.account_by(by)? {
            return Ok(account);
        }
        for name in by.names() {
            self.value(name)?;
        }
        Err(Cause::NoAccount.into())
    }
}

/// A refusal about a member of the body.
pub(super) fn member_refused(name: &'static str, cause: Cause) -> Refusal {
    Refusal::from(cause).about(&Arc::new(Subject::member(name)))
}

/// An account, as a text or as a number: the digits of it.
pub(crate) fn named<'a>(value: &'a Scalar<'_>) -> Option<&'a str> {
    match value {
        Scalar::Text(text) => Some(text),
        Scalar::Number(number) => number.parse::<u64>().is_ok().then_some(number),
        Scalar::Other => None,
    }
}

/// How a gateway's bodies name their account: the same for a look before
/// anything is verified, and for what a policy binds a proof to.
#[derive(Debug)]
pub(crate) enum AccountMembers {
    /// By members of the outermost object.
    Outer {
        /// What it is read from.
        names: &'static [&'static str],
        /// The account; none when the body names none, or two.
        account: for<'a> fn(&'a Outer<'_>) -> Option<&'a str>,
    },
    /// By the text that these names lead to.
    At(&'static [&'static str]),
}

impl AccountMembers {
    /// The account that a body names.
    pub(crate) fn read(&self, body: &[u8]) -> Option<String> {
        match self {
            Self::Outer { names, .. } => {
                let outer = Outer::read(body, names).ok()?;
                self.of(&outer).map(str::to_owned)
            }
            Self::At(path) => find_text(crate::wire::text(body).ok()?, path).map(Cow::into_owned),
        }
    }

    /// The members of the outermost object that it is read from.
    pub(super) fn names(&self) -> &'static [&'static str] {
        match self {
            Self::Outer { names, .. } => names,
            Self::At(_) => &[],
        }
    }

    fn of<'a>(&self, outer: &'a Outer<'_>) -> Option<&'a str> {
        let Self::Outer { names, account } = self else { return None };
        // Repeated ones mean two things to two readers.
        let is_repeated = names.iter().any(|name| outer.value(name).is_err());
        if is_repeated { None } else { account(outer) }
    }
}

/// A member of the body's outermost object that is a shared secret.
#[derive(Clone, Debug)]
pub(crate) struct BodyToken {
    mechanism: Mechanism,
    member: &'static str,
    placeholders: &'static [&'static str],
    tokens: Tokens,
}

impl BodyToken {
    /// `placeholders` are the strings that the gateway writes when it has no
    /// secret to send. They are never accepted, not even when configured.
    pub(crate) fn new(
        mechanism: Mechanism,
        member: &'static str,
        placeholders: &'static [&'static str],
        tokens: impl Into<Tokens>,
    ) -> Self {
        Self { mechanism, member, placeholders, tokens: tokens.into() }
    }
}

impl Check for BodyToken {
    fn mechanism(&self) -> Mechanism {
        self.mechanism
    }

    fn members(&self) -> Vec<&'static str> {
        vec![self.member]
    }

    fn verify(&self, _: &Request<'_>, members: &BodyMembers<'_>) -> Result<Satisfied, Refusal> {
        let presented = presented(members, self.member, self.placeholders)?;
        let token = matching(self.tokens.iter().map(Token::expose), &presented);
        let token = token.ok_or_else(|| member_refused(self.member, Cause::WrongToken))?;
        Ok(Satisfied::by_secret(self.mechanism, token))
    }
}

/// The digest of the secret that a member holds.
pub(super) fn presented(
    members: &BodyMembers<'_>,
    name: &'static str,
    placeholders: &[&str],
) -> Result<[u8; 32], Refusal> {
    let presented = match members.value(name)? {
        Some(Scalar::Text(presented)) => presented,
        Some(_) => return Err(member_refused(name, Cause::MemberNotText)),
        None => return Err(member_refused(name, Cause::NoMember)),
    };
    if presented.is_empty() || placeholders.contains(&&**presented) {
        return Err(member_refused(name, Cause::Placeholder));
    }
    Ok(digest_of(presented.as_bytes()))
}

/// The account that the body names must be one of these, and so must every
/// value in its members. This is not a secret: something else must prove the
/// body.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    mechanism: Mechanism,
    account: &'static AccountMembers,
    members: &'static [&'static str],
    values: Box<[Box<str>]>,
}

impl Accepted {
    pub(crate) fn new<V: Into<String>>(
        mechanism: Mechanism,
        account: &'static AccountMembers,
        members: &'static [&'static str],
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(|value| value.into().into()).collect();
        Self { mechanism, account, members, values }
    }

    fn accepts(&self, account: &str) -> bool {
        self.values.iter().any(|other| **other == *account)
    }
}

impl Check for Accepted {
    fn mechanism(&self) -> Mechanism {
        self.mechanism
    }

    fn members(&self) -> Vec<&'static str> {
        [self.members, self.account.names()].concat()
    }

    fn verify(&self, _: &Request<'_>, members: &BodyMembers<'_>) -> Result<Satisfied, Refusal> {
        for name in self.members {
            let accepted = match members.value(name)? {
                None => continue,
                Some(Scalar::Text(value)) => self.accepts(value),
                Some(_) => false,
            };
            if !accepted {
                return Err(member_refused(name, Cause::OtherInstance));
            }
        }
        match members.account_by(self.account)? {
            Some(account) if self.accepts(account) => Ok(Satisfied::by(self.mechanism)),
            _ => Err(Cause::NoInstance.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::policy::alone;
    use super::super::refusal::Reason;
    use super::*;
    use crate::request::Head;

    fn check(mechanism: &impl Check, body: &str) -> Result<Satisfied, Reason> {
        let headers: [(&str, &str); 0] = [];
        let head = Head::new(&headers);
        assert_eq!(mechanism.screen(&head), Ok(None));
        alone(mechanism, &head.with_body(body)).map_err(|refusal| refusal.reason())
    }

    #[test]
    fn a22_the_key_in_the_body_is_compared_whole() {
        let token = |text: &str| Token::short(text).unwrap();
        let placeholders = &["Apikey not found"];
        let tokens = [token("429683C4C977"), token("B6D711FCDE4D"), token(placeholders[0])];
        let mechanism = BodyToken::new(Mechanism::ApiKey, "apikey", placeholders, tokens);
        for (value, verdict) in [
            (r#""429683C4C977""#, Ok(0)),
            (r#""B6D711FCDE4D""#, Ok(1)),
            (r#""\u0042\u0036D711FCDE4D""#, Ok(1)),
            (r#""B6D711FCDE4E""#, Err(Reason::Mismatch)),
            (r#""A6D711FCDE4D""#, Err(Reason::Mismatch)),
            (r#""B6D711FCDE4""#, Err(Reason::Mismatch)),
            (r#""B6D711FCDE4D ""#, Err(Reason::Mismatch)),
            (r#""b6d711fcde4d""#, Err(Reason::Mismatch)),
            (r#""null""#, Err(Reason::Mismatch)),
            // The gateway has none to show, whatever was configured.
            ("null", Err(Reason::MissingCredential)),
            (r#""""#, Err(Reason::MissingCredential)),
            (r#""Apikey not found""#, Err(Reason::MissingCredential)),
            (r#""Apikey not foun\u0064""#, Err(Reason::MissingCredential)),
            ("429683", Err(Reason::MalformedCredential)),
            ("true", Err(Reason::MalformedCredential)),
            (r#"["B6D711FCDE4D"]"#, Err(Reason::MalformedCredential)),
            (r#"{"0":"B6D711FCDE4D"}"#, Err(Reason::MalformedCredential)),
            (r#""B6D711FCDE4D\ud83d""#, Err(Reason::MalformedCredential)),
            (r#""B6D711FCDE4D","apikey":"B6D711FCDE4D""#, Err(Reason::AmbiguousCredential)),
            (r#""bad","\u0061pikey":"B6D711FCDE4D""#, Err(Reason::AmbiguousCredential)),
        ] {
            let verdict = verdict.map(|place| Satisfied::by_secret(Mechanism::ApiKey, place));
            let body = format!(r#"{{"event":"x","data":{{"apikey":"y"}},"apikey":{value}}}"#);
            assert_eq!(check(&mechanism, &body), verdict, "{value}");
        }
        let inner = r#"{"data":{"apikey":"B6D711FCDE4D"}}"#;
        assert_eq!(check(&mechanism, inner), Err(Reason::MissingCredential));
        for unreadable in ["", r#"["B6D711FCDE4D"]"#, r#"{"apikey":"B6D711FCDE4D""#] {
            assert_eq!(check(&mechanism, unreadable), Err(Reason::MalformedCredential));
        }
    }

    #[test]
    fn only_accepted_instances_pass() {
        const ACCOUNT: &AccountMembers = &AccountMembers::Outer {
            names: &["instance", "instanceName"],
            account: |outer| outer.first_text(&["instance", "instanceName"]),
        };
        let mechanism = Accepted::new(
            Mechanism::Instances,
            ACCOUNT,
            &["instance", "instanceName"],
            ["sales", "support"],
        );
        for (body, verdict) in [
            (r#"{"instance":"sales"}"#, Ok(())),
            (r#"{"instance":"support","instanceName":null}"#, Ok(())),
            (r#"{"instanceName":"sales"}"#, Ok(())),
            (r#"{"instance":"sales","instanceName":"support"}"#, Ok(())),
            (r#"{"instance":"sales","instanceName":"other"}"#, Err(Reason::WrongInstance)),
            (r#"{"instance":"other","instanceName":"sales"}"#, Err(Reason::WrongInstance)),
            (r#"{"instance":"Sales"}"#, Err(Reason::WrongInstance)),
            (r#"{"instance":""}"#, Err(Reason::WrongInstance)),
            (r#"{"instance":7}"#, Err(Reason::WrongInstance)),
            (r#"{"instance":null}"#, Err(Reason::WrongInstance)),
            (r#"{"data":{"instance":"sales"}}"#, Err(Reason::WrongInstance)),
            ("{}", Err(Reason::WrongInstance)),
            (r#"{"instance":"sales","instance":"sales"}"#, Err(Reason::AmbiguousCredential)),
            ("[]", Err(Reason::MalformedCredential)),
            ("", Err(Reason::MalformedCredential)),
        ] {
            let verdict = verdict.map(|()| Satisfied::by(Mechanism::Instances));
            assert_eq!(check(&mechanism, body), verdict, "{body}");
        }
        let nobody = Accepted::new(Mechanism::Instances, ACCOUNT, &["instance"], [""; 0]);
        assert_eq!(check(&nobody, r#"{"instance":"sales"}"#), Err(Reason::WrongInstance));
    }
}
