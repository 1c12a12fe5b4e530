//! Demonstration, not to be copied alone: each gateway's policy, from the
//! environment. A gateway without a setting has no route.

use std::fmt::Display;
use std::time::Duration;

use zaphook::auth::{AccountTokens, Networks, Query, TokenPlace};
use zaphook::idempotency::SharedStore;
use zaphook::zavu::Signature;
use zaphook::{
    AnyPolicy, AnyReceiver, EazeWa, EnviaAi, Evolution, Secret, Secrets, Token, Tokens, TokioTimer,
    Wawp, Zavu,
};

use super::config::{listed, variable};
use crate::adapter::{AnyConsumer, Problem};

/// A consumer for each gateway that is configured.
pub(crate) fn consumers(store: &SharedStore) -> Result<Vec<AnyConsumer>, Problem> {
    let consumers = [
        eazewa()?.map(|policy| consumer(policy, store)),
        enviaai()?.map(|policy| consumer(policy, store)),
        evolution()?.map(|policy| consumer(policy, store)),
        wawp()?.map(|policy| consumer(policy, store)),
        zavu()?.map(|policy| consumer(policy, store)),
    ];
    let consumers: Vec<_> = consumers.into_iter().flatten().collect();
    if consumers.is_empty() {
        return Err("no gateway is configured: set ENVIAAI_SECRETS, or another one's".into());
    }
    Ok(consumers)
}

/// `EAZEWA_TOKENS` or `EAZEWA_TOKENS_FILE`: `33=<token>` for each instance,
/// whose webhook is `https://…/eazewa/<token>`. An instance may appear twice
/// while its token is being rotated.
fn eazewa() -> Result<Option<EazeWa>, Problem> {
    let Some((source, texts)) = listed("EAZEWA_TOKENS")? else {
        return Ok(None);
    };
    let mut accounts = Vec::new();
    for text in &texts {
        let expected = || format!("{source}: it takes an instance and its token, as 33=<token>");
        let (instance, token) = text.split_once('=').ok_or_else(expected)?;
        let token = Token::new(token).map_err(|error| format!("{source}: {error}"))?;
        accounts.push((instance, token));
    }
    let tokens = AccountTokens::new(accounts).map_err(|error| format!("{source}: {error}"))?;
    Ok(Some(EazeWa::per_instance(TokenPlace::path(), tokens)))
}

/// `ENVIAAI_SECRETS` or `ENVIAAI_SECRETS_FILE`: the webhook's secrets, the
/// current one first, then those being rotated out.
fn enviaai() -> Result<Option<EnviaAi>, Problem> {
    Ok(secrets("ENVIAAI_SECRETS")?.map(EnviaAi::signed))
}

/// `EVOLUTION_JWT_KEYS` or `EVOLUTION_JWT_KEYS_FILE`: the `jwt_key` among the
/// headers of the instance's webhook, the current one first. The route also
/// accepts "webhook by events". A token does not cover the body, so
/// `EVOLUTION_INSTANCES`, the instances' names, and `EVOLUTION_NETWORKS`, where
/// the server is (`10.0.0.0/8`), limit what it can be used for.
fn evolution() -> Result<Option<Evolution>, Problem> {
    let Some(keys) = secrets("EVOLUTION_JWT_KEYS")? else {
        return Ok(None);
    };
    let mut policy = Evolution::jwt(keys);
    if let Some((_, instances)) = listed("EVOLUTION_INSTANCES")? {
        policy = policy.and_instances(instances);
    }
    if let Some((source, networks)) = listed("EVOLUTION_NETWORKS")? {
        let networks = Networks::new(networks).map_err(|error| format!("{source}: {error}"))?;
        policy = policy.and(networks);
    }
    Ok(Some(policy))
}

/// `WAWP_TOKENS`: the secrets in the URL's query, `?secret=…`, for Wawp;
/// `WAHA_SECRETS`: WAHA's HMAC keys. With both, either is accepted.
fn wawp() -> Result<Option<Wawp>, Problem> {
    let by_query = tokens("WAWP_TOKENS")?.map(|tokens| Wawp::by(Query::new("secret", tokens)));
    let signed = secrets("WAHA_SECRETS")?.map(Wawp::signed);
    let either: Vec<_> = [by_query, signed].into_iter().flatten().collect();
    Ok((!either.is_empty()).then(|| Wawp::any_of(either)))
}

fn tokens(variable: &str) -> Result<Option<Tokens>, Problem> {
    let Some((source, texts)) = listed(variable)? else {
        return Ok(None);
    };
    let problem = |error: &dyn Display| format!("{source}: {error}; it takes tokens of your own");
    let tokens = texts.iter().map(Token::new).collect::<Result<Vec<_>, _>>();
    let tokens = tokens.map_err(|error| problem(&error))?;
    Ok(Some(Tokens::new(tokens).map_err(|error| problem(&error))?))
}

/// `ZAVU_SECRETS` or `ZAVU_SECRETS_FILE`: the secrets of all webhooks that post
/// here. Set `ZAVU_REQUIRE_V2=true` once all of them sign with `v2`.
fn zavu() -> Result<Option<Zavu>, Problem> {
    let require_v2 = variable("ZAVU_REQUIRE_V2", false)?;
    let signature = secrets("ZAVU_SECRETS")?.map(Signature::new);
    Ok(signature
        .map(|signature| Zavu::by(if require_v2 { signature.require_v2() } else { signature })))
}

fn secrets(variable: &str) -> Result<Option<Secrets>, Problem> {
    let Some((source, texts)) = listed(variable)? else {
        return Ok(None);
    };
    let problem = |error: &dyn Display| format!("{source}: {error}; it takes the webhook's secret");
    let secrets = texts.iter().map(Secret::new).collect::<Result<Vec<_>, _>>();
    let secrets = secrets.map_err(|error| problem(&error))?;
    Ok(Some(Secrets::new(secrets).map_err(|error| problem(&error))?))
}

fn consumer(policy: impl Into<AnyPolicy>, store: &SharedStore) -> AnyConsumer {
    let consumer = AnyReceiver::new(policy).with_store(store.clone()).timer(TokioTimer);
    // The timer extends the lease of who is at work; a short one and a hold that
    // outlives it end before the route's deadline.
    let consumer = consumer.lease(Duration::from_secs(10)).hold(Duration::from_secs(12));
    consumer.on_dead_letter(|letter| async move {
        // Write it where it can be handled by hand: `letter.stored()`.
        eprintln!("{}: dead letter, {}", letter.gateway(), letter.reason().as_str());
    })
}
