//! How Evolution API's deliveries must prove themselves.

use std::time::Duration;

use crate::auth::{Accepted, Basic, BearerJwt, BodyToken, Jwt, Policy, Way};
use crate::secret::{Secret, Secrets, Tokens};

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
    /// use zaphook::auth::Networks;
    /// use zaphook::{Evolution, Secret, Token};
    ///
    /// // The instance's webhook sends a JWT, made with the `jwt_key` among its
    /// // headers, and its token as `apikey` in the body:
    /// let jwt = Evolution::jwt(Secret::new("a jwt_key of your choice")?)
    ///     .and_apikey(Token::new("429683C4C977415CAAFCCE10F7D57E11")?)
    ///     .and_instances(["cantina"])
    ///     .and_networks(Networks::new(["198.51.100.7"])?);
    ///
    /// // The global webhook sends no header at all; a token in its URL it does
    /// // send, whether or not an event is put behind it:
    /// let global = Evolution::by_query("token", Token::new("9f2c51b7-5a0e-4d8e")?);
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
    /// as a header of that name, and [`by_header`](Self::by_header) takes it.
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

    /// With a JWT made with one of these secrets (`jwt_key` among the headers
    /// of the instance's webhook, 2.3.0 and later): HS256, for the app
    /// `evolution` and the action `webhook`, with [a leeway](Self::JWT_LEEWAY).
    ///
    /// **The token does not bind the body**: it says who sent a delivery, not
    /// what was in it.
    ///
    /// What the Cloud channel posts without an envelope carries no JWT, and a
    /// 401 makes the server drop the other statuses of the same call. Where such
    /// URLs are given with a send or a template, offer another proof for them:
    /// [`any_of`](Self::any_of) with [`by_query`](Self::by_query).
    pub fn jwt(secrets: impl Into<Secrets>) -> Self {
        Self::jwt_with_leeway(secrets, Self::JWT_LEEWAY)
    }

    /// As [`jwt`](Self::jwt), with another leeway. It counts for tokens of the
    /// future as well.
    ///
    /// A right token that has expired beyond the leeway is refused with 503
    /// (`expired`), since Evolution API would not come again after a 401.
    pub fn jwt_with_leeway(secrets: impl Into<Secrets>, leeway: Duration) -> Self {
        let jwt = BearerJwt::new(token(secrets).leeway(leeway));
        Policy::of(jwt.expired_may_repeat()).into()
    }

    /// With this user and one of these passwords in `Authorization`: what a URL
    /// such as `https://user:password@example.org/hook` makes the server send.
    pub fn basic(user: &str, passwords: impl Into<Secrets>) -> Self {
        Policy::of(Basic::new(user, passwords)).into()
    }

    /// With one of these tokens as the body's `apikey`: the instance's own
    /// token, where the server is set to expose it
    /// (`AUTHENTICATION_EXPOSE_IN_FETCH_INSTANCES`). `null` and the text
    /// `Apikey not found` are never accepted.
    pub fn apikey(tokens: impl Into<Tokens>) -> Self {
        Policy::of(in_body(tokens)).into()
    }

    /// And with one of these tokens as the body's `apikey`, as for
    /// [`apikey`](Self::apikey).
    #[must_use]
    pub fn and_apikey(self, tokens: impl Into<Tokens>) -> Self {
        self.policy.and(in_body(tokens)).into()
    }

    /// With one of these tokens as the body's `instanceToken`: the only proof
    /// of Evolution Go.
    pub fn instance_token(tokens: impl Into<Tokens>) -> Self {
        Policy::of(of_go(tokens)).into()
    }

    /// And with one of these tokens as the body's `instanceToken`, as for
    /// [`instance_token`](Self::instance_token).
    #[must_use]
    pub fn and_instance_token(self, tokens: impl Into<Tokens>) -> Self {
        self.policy.and(of_go(tokens)).into()
    }

    /// And of one of these instances, by the name in the body. This proves
    /// nothing by itself: it keeps whoever has a proof for one instance from
    /// writing events of another. What comes without an envelope, and the
    /// report of an error, name no instance and are refused.
    #[must_use]
    pub fn and_instances<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        self.policy.and(Accepted::new(Way::Instances, &["instance", "instanceName"], names)).into()
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

/// How long a token lives, in seconds.
const LIFETIME: i64 = 600;

fn token(secrets: impl Into<Secrets>) -> Jwt {
    Jwt::hs256(secrets).expecting("app", "evolution").expecting("action", "webhook")
}

fn in_body(tokens: impl Into<Tokens>) -> BodyToken {
    BodyToken::new(Way::ApiKey, "apikey", NO_APIKEY, tokens)
}

fn of_go(tokens: impl Into<Tokens>) -> BodyToken {
    BodyToken::new(Way::InstanceToken, "instanceToken", &[], tokens)
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
