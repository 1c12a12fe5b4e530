//! How Evolution API's deliveries must prove themselves.

use std::time::Duration;

use crate::auth::{
    self, Accepted, AccountBodyToken, AccountTokens, BearerJwt, BodyToken, Checked, Mechanism, Policy,
    Proves,
};
use crate::secret::{Secret, Secrets, Tokens};

use super::identity::ACCOUNT;
use super::names::without_event;

policy! {
    /// How Evolution API's deliveries must prove themselves.
    ///
    /// Evolution API signs no body, in no version. Whatever it proves itself
    /// by, [`jwt`](Self::jwt) included, **does not bind the body**: whoever sees
    /// one delivery can send another body with the same credential, for a JWT
    /// until it expires. So deliveries must come over TLS, and where that is
    /// not enough two proofs are better than one:
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
    /// // send, whether or not an event is put behind it:
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
    /// Versions 2.1.1 to 2.2.3 do not make a JWT of a `jwt_key`: they send it
    /// as a header of that name, and [`Header`](crate::auth::Header) takes it.
    pub struct Evolution;
    header: true,
    path and query: without_event,
}

/// What the server writes for `apikey` when the instance has no token.
const NO_APIKEY: &[&str] = &["Apikey not found"];

impl Evolution {
    /// How long a token may have expired: 1,200 s.
    ///
    /// A token lives 600 s, and is made once for a delivery, before its first
    /// attempt. The attempts go on for 1,215 s, 1,458 s with the longest waits,
    /// up to 29 min when each of them runs into its timeout; 1,150 to 1,471 s
    /// were measured. So this lets all of them in, at the price that a token
    /// that somebody has seen can be used for 30 min. With 900 s all attempts
    /// pass if few run into their timeout; with none the last three are refused,
    /// and a refusal is final for Evolution API.
    pub const JWT_LEEWAY: Duration = Duration::from_secs(1200);

    /// With a JWT made with one of these secrets: see [`Jwt`].
    ///
    /// **The token does not bind the body**: it says who sent a delivery, not
    /// what was in it.
    ///
    /// What the Cloud channel posts without an envelope carries no JWT, and a
    /// 401 makes the server drop the other statuses of the same call. Where such
    /// URLs are given with a send or a template, offer another proof for them:
    /// [`any_of`](Self::any_of), with [`Query`](crate::auth::Query).
    pub fn jwt(secrets: impl Into<Secrets>) -> Self {
        Self::by(Jwt::new(secrets))
    }

    /// With one of these tokens as the body's `apikey`: see [`ApiKey`].
    pub fn apikey(tokens: impl Into<Tokens>) -> Self {
        Self::by(ApiKey::new(tokens))
    }

    /// With one of these tokens as the body's `instanceToken`: see
    /// [`InstanceToken`].
    pub fn instance_token(tokens: impl Into<Tokens>) -> Self {
        Self::by(InstanceToken::new(tokens))
    }

    /// With a token of the instance that the body names: its `apikey`, or Evolution
    /// Go's `instanceToken`. A token opens no other instance, and any number of
    /// instances costs one look at the body.
    ///
    /// An instance is named by what the delivery's account is: its name, or Evolution
    /// Go's id of it.
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

    /// And of one of these instances: the delivery's account must be one of them,
    /// and `instance`, `instanceId` and `instanceName` where they are there. So for
    /// Evolution Go give both an instance's id and its name. This proves
    /// nothing by itself, so there is no policy of it alone: it keeps whoever
    /// has a proof for one instance from writing events of another. What names no
    /// instance, the report of an error and the decision about a template, is
    /// refused.
    #[must_use]
    pub fn and_instances<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        let members = &["instance", "instanceId", "instanceName"];
        let accepted = Accepted::new(Mechanism::Instances, &ACCOUNT, members, names);
        self.policy.and(Checked::new(accepted)).into()
    }

    /// The value of `Authorization` that Evolution API sends for a delivery
    /// made at this time, in seconds since 1970.
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
/// **The token does not bind the body**: it says who sent a delivery, not what
/// was in it.
///
/// A right token that has expired beyond the leeway is refused with 503
/// (`expired`), since Evolution API would not come again after a 401.
#[derive(Clone, Debug)]
pub struct Jwt(auth::Jwt);

impl Jwt {
    /// Made with one of these secrets.
    pub fn new(secrets: impl Into<Secrets>) -> Self {
        Self(token(secrets).leeway(Evolution::JWT_LEEWAY))
    }

    /// With another leeway. It counts for tokens of the future as well.
    #[must_use]
    pub fn leeway(self, leeway: Duration) -> Self {
        Self(self.0.leeway(leeway))
    }
}

/// This user and one of these passwords in `Authorization`: what a URL such as
/// `https://user:password@example.org/hook` makes the server send.
#[derive(Clone, Debug)]
pub struct Basic(auth::Basic);

impl Basic {
    /// This user and one of these passwords.
    pub fn new(user: &str, passwords: impl Into<Secrets>) -> Self {
        Self(auth::Basic::new(user, passwords))
    }
}

/// One of these tokens as the body's `apikey`: the instance's own token, where
/// the server is set to expose it (`AUTHENTICATION_EXPOSE_IN_FETCH_INSTANCES`).
/// `null` and the text `Apikey not found` are never accepted.
#[derive(Clone, Debug)]
pub struct ApiKey(BodyToken);

impl ApiKey {
    /// One of these tokens.
    pub fn new(tokens: impl Into<Tokens>) -> Self {
        Self(BodyToken::new(Mechanism::ApiKey, "apikey", NO_APIKEY, tokens))
    }
}

/// One of these tokens as the body's `instanceToken`: the only proof of Evolution
/// Go.
#[derive(Clone, Debug)]
pub struct InstanceToken(BodyToken);

impl InstanceToken {
    /// One of these tokens.
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
    Jwt: |jwt| BearerJwt::new(jwt).expired_may_repeat(),
    Basic: |basic| basic,
    ApiKey: |token| token,
    InstanceToken: |token| token,
}

/// How long a token lives, in seconds.
const LIFETIME: i64 = 600;

fn token(secrets: impl Into<Secrets>) -> auth::Jwt {
    auth::Jwt::hs256(secrets).expecting("app", "evolution").expecting("action", "webhook")
}

/// A delivery as Evolution API makes it now: `POST`, JSON, with a JWT.
#[cfg(feature = "testing")]
pub fn signed_request(
    secret: &Secret,
    body: impl crate::request::IntoBody,
) -> http::Request<bytes::Bytes> {
    let authorization = Evolution::sign(secret, chrono::Utc::now().timestamp());
    let body = body.into_body();
    crate::request::delivery(body, [(http::header::AUTHORIZATION, authorization)])
}
