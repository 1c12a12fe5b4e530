//! The header `Authorization`: a user with a password, or a token that carries
//! its own proof.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;

use super::account::{AccountSecrets, Whose};
use super::jwt::{Jwt, Verified};
use super::member::{AccountMembers, BodyMembers};
use super::place::NamedHeader;
use super::policy::Check;
use super::proof::{Mechanism, Satisfied};
use super::refusal::{Cause, Reason, Refusal};
use super::token::matching;
use crate::moment::Moment;
use crate::request::{Head, Request};
use crate::secret::{Secrets, digest_of};

fn authorization() -> NamedHeader {
    NamedHeader::new(AUTHORIZATION, "Authorization")
}

/// What follows the scheme in the only `Authorization` header. The scheme is
/// case-insensitive.
fn credentials<'a>(
    header: &NamedHeader,
    head: &Head<'a>,
    scheme: &str,
    malformed: Cause,
) -> Result<&'a [u8], Refusal> {
    let value = header.sole(head)?;
    let rest = value.split_at_checked(scheme.len()).and_then(|(given, rest)| {
        let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
        let named = given.eq_ignore_ascii_case(scheme.as_bytes()) && spaces > 0;
        rest.get(spaces..).filter(|_| named)
    });
    rest.ok_or_else(|| header.refused(malformed))
}

/// HTTP Basic: a user with one of its passwords.
#[derive(Clone)]
pub(crate) struct Basic {
    header: NamedHeader,
    /// The digests of `user:password`, so that both are compared as one.
    pairs: Box<[[u8; 32]]>,
}

impl Basic {
    pub(crate) fn new(user: &str, passwords: impl Into<Secrets>) -> Self {
        let pair = |password: &[u8]| digest_of(&[user.as_bytes(), b":", password].concat());
        let passwords: Secrets = passwords.into();
        let pairs = passwords.iter().map(|password| pair(password.expose())).collect();
        Self { header: authorization(), pairs }
    }

    fn check(&self, head: &Head<'_>) -> Result<Satisfied, Refusal> {
        let credentials = credentials(&self.header, head, "basic", Cause::NotBasic)?;
        let refused = |cause| move || self.header.refused(cause);
        let pair = STANDARD.decode(credentials).ok().filter(|pair| pair.contains(&b':'));
        let pair = pair.ok_or_else(refused(Cause::NotPair))?;
        let password = matching(self.pairs.iter(), &digest_of(&pair))
            .ok_or_else(refused(Cause::WrongPassword))?;
        Ok(Satisfied::by_secret(Mechanism::Basic, password))
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Basic").field("passwords", &self.pairs.len()).finish_non_exhaustive()
    }
}

impl Check for Basic {
    fn mechanism(&self) -> Mechanism {
        Mechanism::Basic
    }

    fn screen(&self, head: &Head<'_>) -> Result<Option<Satisfied>, Refusal> {
        self.check(head).map(Some)
    }
}

/// A JSON Web Token, as in `Authorization: Bearer …`.
#[derive(Clone, Debug)]
pub(crate) struct BearerJwt {
    header: NamedHeader,
    jwt: Whose<Jwt>,
    expired_may_repeat: bool,
}

impl BearerJwt {
    pub(crate) fn new(jwt: Jwt) -> Self {
        Self { header: authorization(), jwt: Whose::Everyones(jwt), expired_may_repeat: false }
    }

    /// With secrets that are valid for their own account only.
    pub(crate) fn per_account(
        account: &'static AccountMembers,
        secrets: &AccountSecrets,
        make: impl Fn(Secrets) -> Jwt,
    ) -> Self {
        let jwt =
            Whose::each(account, secrets, Cause::JwtOfAnother, |secrets| make(secrets.clone()));
        Self { header: authorization(), jwt, expired_may_repeat: false }
    }

    /// Answers a token that has merely expired with 503 instead of 401: for
    /// gateways that retry a delivery with the token of its first attempt, and
    /// treat a 401 as final.
    pub(crate) fn expired_may_repeat(self) -> Self {
        Self { expired_may_repeat: true, ..self }
    }

    fn check(&self, jwt: &Jwt, token: &[u8], now: Moment) -> Result<Verified, Refusal> {
        let checked = jwt.check(token, now);
        match checked.map_err(|refusal| refusal.about(self.header.subject())) {
            Err(refusal) if refusal.reason() == Reason::Expired && self.expired_may_repeat => {
                Err(refusal.repeatable())
            }
            checked => checked,
        }
    }

    fn token<'a>(&self, head: &Head<'a>) -> Result<&'a [u8], Refusal> {
        credentials(&self.header, head, "bearer", Cause::NotBearer)
    }
}

impl Check for BearerJwt {
    fn mechanism(&self) -> Mechanism {
        Mechanism::Jwt
    }

    /// Where each account has its own secrets, only the body says which.
    fn screen(&self, head: &Head<'_>) -> Result<Option<Satisfied>, Refusal> {
        let token = self.token(head)?;
        match &self.jwt {
            Whose::Everyones(jwt) => {
                self.check(jwt, token, head.time()).map(|verified| Some(verified.of(None)))
            }
            Whose::Each(_) => Ok(None),
        }
    }

    fn members(&self) -> Vec<&'static str> {
        self.jwt.members()
    }

    fn verify(
        &self,
        request: &Request<'_>,
        members: &BodyMembers<'_>,
    ) -> Result<Satisfied, Refusal> {
        let token = self.token(request.head())?;
        let verify = |jwt: &Jwt| self.check(jwt, token, request.time());
        let (verified, account) = self.jwt.verify(members, self.header.subject(), verify)?;
        Ok(verified.of(account))
    }
}

impl Verified {
    fn of(self, account: Option<Arc<str>>) -> Satisfied {
        let Self { secret, issued_at } = self;
        Satisfied::by_secret(Mechanism::Jwt, secret).of(account).issued_at(issued_at)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::DateTime;

    use super::super::policy::alone;
    use super::*;
    use crate::secret::Secret;

    fn check(mechanism: &impl Check, values: &[&str], at: i64) -> Result<Satisfied, Refusal> {
        let headers: Vec<_> = values.iter().map(|value| ("Authorization", *value)).collect();
        let at = DateTime::from_timestamp(at, 0).unwrap();
        let head = Head::new(&headers).received_at(at);
        let verdict = alone(mechanism, &head.with_body("{}"));
        assert_eq!(mechanism.screen(&head), verdict.clone().map(Some), "{values:?}");
        verdict
    }

    #[test]
    fn user_and_password_are_compared_as_one() {
        let secret = |text: &str| Secret::new(text).unwrap();
        let basic = Basic::new("zap", [secret("new:pass"), secret("old")]);
        let of = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
        for (value, verdict) in [
            (of("zap:new:pass"), Ok(0)),
            (of("zap:old"), Ok(1)),
            (of("zap:old").replace("Basic", "bASIC"), Ok(1)),
            (of("zap:old").replace(' ', "   "), Ok(1)),
            (of("zap:oldx"), Err(Reason::Mismatch)),
            (of("zap:ol"), Err(Reason::Mismatch)),
            (of("zap:"), Err(Reason::Mismatch)),
            (of(":old"), Err(Reason::Mismatch)),
            (of("Zap:old"), Err(Reason::Mismatch)),
            (of("zapo:ld"), Err(Reason::Mismatch)),
            (of("zap:new"), Err(Reason::Mismatch)),
            (of("old:zap"), Err(Reason::Mismatch)),
            (of(":"), Err(Reason::Mismatch)),
            (of("zapold"), Err(Reason::MalformedCredential)),
            (of(""), Err(Reason::MalformedCredential)),
            ("Basic".to_owned(), Err(Reason::MalformedCredential)),
            ("Basi".to_owned(), Err(Reason::MalformedCredential)),
            (String::new(), Err(Reason::MalformedCredential)),
            (of("zap:old").replace(' ', ""), Err(Reason::MalformedCredential)),
            (of("zap:old").replace("Basic", "Bearer"), Err(Reason::MalformedCredential)),
            (of("zap:old").replace('=', ""), Err(Reason::MalformedCredential)),
            (format!("{}=", of("zap:old")), Err(Reason::MalformedCredential)),
            (format!("{} ", of("zap:old")), Err(Reason::MalformedCredential)),
            (format!("{},", of("zap:old")), Err(Reason::MalformedCredential)),
            (format!("Basic zap:old, {}", of("zap:old")), Err(Reason::MalformedCredential)),
            // The bits to spare after the last character are not all zero.
            ("Basic emFwOm9sZB==".to_owned(), Err(Reason::MalformedCredential)),
            ("Basic emFwOm9sZA==".to_owned(), Ok(1)),
            (format!("Basic {}", "a".repeat(5000)), Err(Reason::MalformedCredential)),
        ] {
            let verdict = verdict.map(|place| Satisfied::by_secret(Mechanism::Basic, place));
            let given = check(&basic, &[&value], 0).map_err(|refusal| refusal.reason());
            assert_eq!(given, verdict, "{value}");
        }
        let good = of("zap:old");
        for (values, reason) in [
            (&[][..], Reason::MissingCredential),
            (&[&*good, &*good], Reason::AmbiguousCredential),
            (&[&*good, "Bearer x"], Reason::AmbiguousCredential),
        ] {
            assert_eq!(check(&basic, values, 0).unwrap_err().reason(), reason);
        }
        assert_eq!(format!("{basic:?}"), "Basic { passwords: 2, .. }");
    }

    #[test]
    fn a_bearer_is_known_by_its_token() {
        let jwt = Jwt::hs256(Secret::new("jwt-secret").unwrap()).leeway(Duration::from_secs(5));
        let token = jwt.sign(r#"{"iat":1000,"exp":1600}"#);
        let final_ = BearerJwt::new(jwt.clone());
        let repeatable = BearerJwt::new(jwt).expired_may_repeat();
        let value = format!("Bearer {token}");
        for bearer in [&final_, &repeatable] {
            for good in [&*value, &value.replace("Bearer", "bearer"), &value.replace(' ', "  ")] {
                let satisfied = Satisfied::by_secret(Mechanism::Jwt, 0).issued_at(1000);
                assert_eq!(check(bearer, &[good], 1000), Ok(satisfied), "{good}");
            }
            for (values, at, reason, status) in [
                (&[][..], 1000, "missing_credential", 401),
                (&[&*value, "Bearer x"], 1000, "ambiguous_credential", 401),
                (&["Bearer"], 1000, "malformed_credential", 401),
                (&["Bearer x"], 1000, "malformed_credential", 401),
                (&["Bearer é.é.é"], 1000, "malformed_credential", 401),
                (&[&*value.replace(' ', "\t")], 1000, "malformed_credential", 401),
                (&[&*token], 1000, "malformed_credential", 401),
                (&[&*value.replace("Bearer", "Basic")], 1000, "malformed_credential", 401),
                (&[&*format!("{value}, {value}")], 1000, "malformed_credential", 401),
                (&[&*value], 900, "too_far_ahead", 401),
            ] {
                let refusal = check(bearer, values, at).unwrap_err();
                assert_eq!(refusal.reason().as_str(), reason, "{values:?}");
                assert_eq!(refusal.status(), status, "{values:?}");
            }
        }
        // Late is another matter than wrong, where the gateway repeats.
        for (bearer, status) in [(&final_, 401), (&repeatable, 503)] {
            let late = check(bearer, &[&value], 1605).unwrap_err();
            assert_eq!((late.reason(), late.status().as_u16()), (Reason::Expired, status));
        }
        let other = Jwt::hs256(Secret::new("other").unwrap()).sign(r#"{"iat":0,"exp":1}"#);
        let wrong = check(&repeatable, &[&format!("Bearer {other}")], 1605).unwrap_err();
        assert_eq!((wrong.reason(), wrong.status().as_u16()), (Reason::Mismatch, 401));
    }
}
