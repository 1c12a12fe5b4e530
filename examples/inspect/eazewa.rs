//! eazeWA's `auth`. Part of `inspect.rs`.

use zaphook::EazeWa;
use zaphook::auth::TokenPlace;

use super::super::auth::{Auth, Issued};
use super::super::json::Fault;
use super::All;

pub(crate) fn own(auth: &mut Auth, all: All<EazeWa>) -> Result<All<EazeWa>, Fault> {
    let Some(tokens) = auth.tokens.take() else {
        return match auth.token_query {
            Some(_) => Err(Fault::new("auth.token_query: it needs `tokens` beside it")),
            None => Ok(all),
        };
    };
    let place = auth.token_query.take().map_or_else(TokenPlace::path, TokenPlace::query);
    let policy = match tokens {
        Issued::PerInstance(tokens) => EazeWa::per_instance(place, tokens),
        Issued::ForAll(tokens) => EazeWa::any_instance(place, tokens),
    };
    Ok(all.policy(Some(policy)))
}
