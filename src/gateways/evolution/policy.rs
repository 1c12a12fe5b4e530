//! The authentication policy for Evolution API's deliveries.

use std::time::Duration;

use crate::auth::{
    self, Accepted, AccountBodyToken, AccountSecrets, AccountTokens, BearerJwt, BodyToken, Checked, Mechanism, Policy,
    Proves,
};
use crate::secret::{Secret, Secrets, Tokens};

use super::identity::ACCOUNT;
use super::names::without_event;

policy! {
    /// The authentication policy for Evolution API's deliveries.
    ///
    /// No version of Evolution API signs the body. Whichever proof you choose,
    /// even [`jwt`](Self::jwt), it **does not bind the body**: anyone who sees
    /// one delivery can send another body with the same credential, with a JWT
    /// until it expires. So deliveries must use TLS, and where that is not
    /// enough, two proofs are better than one:
    ///
    /// ```
    /// use zaphook::auth::{Networks, Query};
    /// use zaphook::evolution::ApiKey;
    /// use zaphook::{Evolution, Secret, Token};
    ///
    /// // The instance's webhook sends a JWT, made with the `jwt_key` among its
    /// // headers, and its token as `apikey` in the body:
    /// let jwt = Evolution::jwt(Secret::new("a jwt_key of your choice")?)
    ///     .and(ApiKey::new(Token::new("429683C4C977415CAAFCCE10F7D57E11")?))
    ///     .and_instances(["cantina"])
    ///     .and(Networks::new(["198.51.100.7"])?);
    ///
    /// // The global webhook sends no header at all; a token in its URL it does
    /// // send, whether or not an event name is appended to it:
    /// let global = Evolution::by(Query::new("token", Token::new("9f2c51b7-5a0e-4d8e")?));
    ///
    /// let either = Evolution::any_of([jwt, global]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// | the webhook of | can send |
    /// |---|---|
    /// | an instance | headers of your choice (2.1.1), a JWT (2.3.0), what is in its URL, `apikey` |
    /// | the server (global) | what is in its URL, `apikey` |
    /// | Evolution Go | what is in its URL, `instanceToken` |
    ///
    /// Versions 2.1.1 to 2.2.3 do not create a JWT from a `jwt_key`: they send
    /// it as a header of that name, which [`Header`](crate::auth::Header) can
    /// check.
    pub struct Evolution;
    account: &ACCOUNT,
    header: true,
    path and query: without_event,
}

/// What the server sends as `apikey` when the instance has no token.
const NO_APIKEY: &[&str] = &["Apikey not found"];

impl Evolution {
    /// How long ago a token may have expired: 1,200 s.
    ///
    /// A token is valid for 600 s, and is created once per delivery, before its
    /// first attempt. The attempts go on for 1,215 s, 1,458 s with the longest
    /// waits, and up to 29 min if each of them times out; 1,150 to 1,471 s were
    /// measured. So this leeway accepts all of them, at the price that a leaked
    /// token can be used for 30 min. With 900 s all attempts are accepted if
    /// few of them time out; with no leeway the last three are refused, and
    /// Evolution API treats a refusal as final.
    pub const JWT_LEEWAY: Duration = Duration::from_secs(1200);

    /// Requires a JWT made with one of these secrets: see [`Jwt`]. Several
    /// secrets are for the rotation of one server's `jwt_key`: each of them is
    /// accepted for every instance. For instances with keys of their own, use
    /// [`jwt_per_instance`](Self::jwt_per_instance), or
    /// [`Tenants`](crate::Tenants) if they are looked up.
    ///
    /// **The token does not bind the body**: it proves who sent a delivery, not
    /// what was in it.
    ///
    /// Bodies that the Cloud channel posts without an envelope have no JWT, and
    /// a 401 makes the server drop the other statuses of the same call. If you
    /// give such URLs when sending or with a template, accept another proof for
    /// them: [`any_of`](Self::any_of), with [`Query`](crate::auth::Query).
    pub fn jwt(secrets: impl Into<Secrets>) -> Self {
        Self::by(Jwt::new(secrets))
    }

    /// Requires a JWT made with a `jwt_key` of the instance that the body names.
    /// A key is not valid for another instance, and an unknown instance is checked
    /// and refused as a wrong key is. [`Proof::account`](crate::Proof::account) says
    /// whose key it was.
    ///
    /// **The token does not bind the rest of the body**: see [`jwt`](Self::jwt).
    pub fn jwt_per_instance(secrets: AccountSecrets) -> Self {
        Self::by(Jwt::per_instance(secrets))
    }

    /// Requires one of these tokens as the body's `apikey`: see [`ApiKey`].
    pub fn apikey(tokens: impl Into<Tokens>) -> Self {
        Self::by(ApiKey::new(tokens))
    }

    /// Requires one of these tokens as the body's `instanceToken`: see
    /// [`InstanceToken`].
    pub fn instance_token(tokens: impl Into<Tokens>) -> Self {
        Self::by(InstanceToken::new(tokens))
    }

    /// Requires a token of the instance that the body names: its `apikey`, or
    /// Evolution Go's `instanceToken`. A token is not valid for another
    /// instance, and the body is read only once however many instances there
    /// are.
    ///
    /// An instance is identified like the delivery's account: by its name, or
    /// by its id for Evolution Go.
    ///
    /// ```
    /// use zaphook::auth::AccountTokens;
    /// use zaphook::{Evolution, Token};
    ///
    /// let policy = Evolution::per_instance(AccountTokens::new([
    ///     ("cantina", Token::new("429683C4C977415CAAFCCE10F7D57E11")?),
    ///     ("padaria", Token::new("B6D711FCDE4D4FD5936544120E713976")?),
    /// ])?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn per_instance(tokens: AccountTokens) -> Self {
        let members =
            &[("apikey", Mechanism::ApiKey), ("instanceToken", Mechanism::InstanceToken)];
        let check = AccountBodyToken::new(tokens, &ACCOUNT, members, NO_APIKEY);
        Policy::of(Checked::new(check)).into()
    }

    /// Requires in addition that the delivery comes from one of these
    /// instances: its account must be one of them, and so must `instance`,
    /// `instanceId` and `instanceName` where present. So for Evolution Go give
    /// both the id and the name of an instance. This proves nothing by itself,
    /// so there is no policy with it alone: it keeps the holder of a proof for
    /// one instance from sending events of another. Bodies that name no
    /// instance (error reports and template reviews) are refused.
    #[must_use]
    pub fn and_instances<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        let members = &["instance", "instanceId", "instanceName"];
        let accepted = Accepted::new(Mechanism::Instances, &ACCOUNT, members, names);
        self.policy.and(Checked::new(accepted)).into()
    }

    /// The value of `Authorization` that Evolution API sends with a delivery
    /// created at this time, in seconds since 1970.
    pub fn sign(secret: &Secret, made_at: i64) -> String {
        let expires_at = made_at.saturating_add(LIFETIME);
        let claims = format!(
            r#"{{"iat":{made_at},"exp":{expires_at},"app":"evolution","action":"webhook"}}"#
        );
        format!("Bearer {}", token(secret.clone()).sign(claims))
    }

    pub(super) fn policy(&self) -> &Policy {
        &self.policy
    }
}

/// A JWT made with one of these secrets (`jwt_key` among the headers of the
/// instance's webhook, 2.3.0 and later): HS256, for the app `evolution` and the
/// action `webhook`, with [a leeway](Evolution::JWT_LEEWAY).
///
/// **The token does not bind the body**: it proves who sent a delivery, not
/// what was in it.
///
/// A valid token that has expired beyond the leeway is refused with 503
/// (`expired`), since Evolution API does not retry after a 401.
#[derive(Clone, Debug)]
pub struct Jwt {
    secrets: JwtSecrets,
    leeway: Duration,
}

#[derive(Clone, Debug)]
enum JwtSecrets {
    OfAny(Secrets),
    OfEach(AccountSecrets),
}

impl Jwt {
    /// Accepts tokens made with one of these secrets.
    pub fn new(secrets: impl Into<Secrets>) -> Self {
        Self { secrets: JwtSecrets::OfAny(secrets.into()), leeway: Evolution::JWT_LEEWAY }
    }

    /// Accepts tokens made with a secret of the instance that the body names.
    pub fn per_instance(secrets: AccountSecrets) -> Self {
        Self { secrets: JwtSecrets::OfEach(secrets), leeway: Evolution::JWT_LEEWAY }
    }

    /// With another leeway. It also applies to tokens from the future.
    #[must_use]
    pub fn leeway(self, leeway: Duration) -> Self {
        Self { leeway, ..self }
    }
}

impl Proves<Evolution> for Jwt {
    fn checked(self) -> Checked {
        let Self { secrets, leeway } = self;
        let jwt = match secrets {
            JwtSecrets::OfAny(secrets) => BearerJwt::new(token(secrets).leeway(leeway)),
            JwtSecrets::OfEach(secrets) => {
                let make = |secrets: Secrets| token(secrets).leeway(leeway);
                BearerJwt::per_account(&ACCOUNT, &secrets, make)
            }
        };
        Checked::new(jwt.expired_may_repeat())
    }
}

/// HTTP Basic with this user and one of these passwords, which the server sends
/// for a URL such as `https://user:password@example.org/hook`.
#[derive(Clone, Debug)]
pub struct Basic(auth::Basic);

impl Basic {
    /// Accepts this user with one of these passwords.
    pub fn new(user: &str, passwords: impl Into<Secrets>) -> Self {
        Self(auth::Basic::new(user, passwords))
    }
}

/// One of these tokens as the body's `apikey`: the instance's own token, if the
/// server is configured to expose it
/// (`AUTHENTICATION_EXPOSE_IN_FETCH_INSTANCES`). `null` and the string `Apikey
/// not found` are never accepted.
#[derive(Clone, Debug)]
pub struct ApiKey(BodyToken);

impl ApiKey {
    /// Accepts one of these tokens.
    pub fn new(tokens: impl Into<Tokens>) -> Self {
        Self(BodyToken::new(Mechanism::ApiKey, "apikey", NO_APIKEY, tokens))
    }
}

/// One of these tokens as the body's `instanceToken`: the only proof that
/// Evolution Go sends.
#[derive(Clone, Debug)]
pub struct InstanceToken(BodyToken);

impl InstanceToken {
    /// Accepts one of these tokens.
    pub fn new(tokens: impl Into<Tokens>) -> Self {
        Self(BodyToken::new(Mechanism::InstanceToken, "instanceToken", &[], tokens))
    }
}

macro_rules! proves_evolution {
    ($($Mechanism:ident: |$inner:ident| $check:expr,)+) => {
        $(impl Proves<Evolution> for $Mechanism {
            fn checked(self) -> Checked {
                let $inner = self.0;
                Checked::new($check)
            }
        })+
    };
}

proves_evolution! {
    Basic: |basic| basic,
    ApiKey: |token| token,
    InstanceToken: |token| token,
}

/// How long a token is valid, in seconds.
const LIFETIME: i64 = 600;

fn token(secrets: impl Into<Secrets>) -> auth::Jwt {
    auth::Jwt::hs256(secrets).expecting("app", "evolution").expecting("action", "webhook")
}

/// A delivery as Evolution API would send it now: `POST`, JSON, with a JWT.
#[cfg(feature = "testing")]
pub fn signed_request(
    secret: &Secret,
    body: impl crate::request::IntoBody,
) -> http::Request<bytes::Bytes> {
    signed_request_at(secret, chrono::Utc::now(), body.into_body())
}

/// As it would have been sent at that time.
#[cfg(feature = "testing")]
pub(crate) fn signed_request_at(
    secret: &Secret,
    at: chrono::DateTime<chrono::Utc>,
    body: bytes::Bytes,
) -> http::Request<bytes::Bytes> {
    let authorization = Evolution::sign(secret, at.timestamp());
    crate::request::delivery(body, [(http::header::AUTHORIZATION, authorization)])
}
