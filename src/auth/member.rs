//! What a body says of itself at its outermost level, read before anything is
//! proven: an account, a shared secret.

use std::borrow::Cow;

use super::policy::Check;
use super::proof::{Mechanism, Satisfied};
use super::refusal::{Reason, Refusal};
use super::token::{MISMATCH, matching};
use crate::request::{Head, Request};
use crate::secret::{Token, Tokens, digest_of};
use crate::wire::json::{Scalar, Unclear, sole_member};

/// The member of a body's outermost object; `None` when it is absent or null.
fn member<'a>(body: &'a [u8], name: &str) -> Result<Option<Scalar<'a>>, Refusal> {
    sole_member(body, name).map_err(|unclear| match unclear {
        Unclear::Repeated => {
            Refusal::new(Reason::AmbiguousCredential, "the body's member is there more than once")
        }
        Unclear::Unreadable => {
            Refusal::new(Reason::MalformedCredential, "the body is not a JSON object")
        }
    })
}

/// The account that a body names, as a text or as a number: the digits of it.
///
/// `malformed_credential` when it names none.
pub(crate) fn account_in<'a>(body: &'a [u8], name: &str) -> Result<Cow<'a, str>, Refusal> {
    match member(body, name)? {
        Some(Scalar::Text(text)) => Ok(text),
        Some(Scalar::Number(number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(number)
        }
        _ => Err(Refusal::new(Reason::MalformedCredential, "the body names no account")),
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
    /// `placeholders` are the texts that the gateway writes when it has no
    /// secret to show. They are never accepted, not even when configured.
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
    fn screen(&self, _: &Head<'_>) -> Result<(), Refusal> {
        Ok(())
    }

    fn verify(&self, request: &Request<'_>) -> Result<Satisfied, Refusal> {
        let presented = match member(request.body(), self.member)? {
            Some(Scalar::Text(presented)) => presented,
            Some(_) => {
                return Err(Refusal::new(
                    Reason::MalformedCredential,
                    "the body's member is not a text",
                ));
            }
            None => {
                return Err(Refusal::new(Reason::MissingCredential, "the body has no such member"));
            }
        };
        if presented.is_empty() || self.placeholders.contains(&&*presented) {
            return Err(Refusal::new(
                Reason::MissingCredential,
                "the body's member says that there is no secret",
            ));
        }
        let token =
            matching(self.tokens.iter().map(Token::expose), &digest_of(presented.as_bytes()))
                .ok_or(MISMATCH)?;
        Ok(Satisfied::by_secret(self.mechanism, token))
    }
}

/// Members of the body's outermost object of which at least one must be there,
/// and all that are there must have one of the accepted values. Not a secret:
/// something else must prove the body.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    mechanism: Mechanism,
    members: &'static [&'static str],
    values: Box<[Box<str>]>,
}

impl Accepted {
    pub(crate) fn new<V: Into<String>>(
        mechanism: Mechanism,
        members: &'static [&'static str],
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(|value| value.into().into()).collect();
        Self { mechanism, members, values }
    }
}

impl Check for Accepted {
    fn screen(&self, _: &Head<'_>) -> Result<(), Refusal> {
        Ok(())
    }

    fn verify(&self, request: &Request<'_>) -> Result<Satisfied, Refusal> {
        let mut named = false;
        for name in self.members {
            let accepted = match member(request.body(), name)? {
                None => continue,
                Some(Scalar::Text(value)) => self.values.iter().any(|other| **other == *value),
                Some(_) => false,
            };
            if !accepted {
                return Err(Refusal::new(
                    Reason::WrongInstance,
                    "the body is of an instance that is not accepted",
                ));
            }
            named = true;
        }
        if named {
            Ok(Satisfied::by(self.mechanism))
        } else {
            Err(Refusal::new(Reason::WrongInstance, "the body names no instance"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mechanism: &impl Check, body: &str) -> Result<Satisfied, Reason> {
        let headers: [(&str, &str); 0] = [];
        let head = Head::new(&headers);
        assert_eq!(mechanism.screen(&head), Ok(()));
        mechanism.verify(&head.with_body(body)).map_err(|refusal| refusal.reason())
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
        let mechanism = Accepted::new(
            Mechanism::Instances,
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
        let nobody = Accepted::new(Mechanism::Instances, &["instance"], [""; 0]);
        assert_eq!(check(&nobody, r#"{"instance":"sales"}"#), Err(Reason::WrongInstance));
    }
}
