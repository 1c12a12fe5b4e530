//! Zavu's `auth`. Part of `inspect.rs`.

use zaphook::Zavu;
use zaphook::zavu::Signature;

use super::super::auth::Auth;
use super::super::json::Fault;
use super::All;

pub(crate) fn own(auth: &mut Auth, all: All<Zavu>) -> Result<All<Zavu>, Fault> {
    let Some(secrets) = auth.secrets.take() else {
        // What is set about signatures would be silently without effect.
        return match auth.rest() {
            Some(key @ ("require" | "accept_timestamped_v1" | "max_age_s" | "max_ahead_s")) => {
                Err(Fault::new(format_args!("auth.{key}: it needs `secrets` beside it")))
            }
            _ => Ok(all),
        };
    };
    let mut signed = Signature::new(secrets);
    if auth.require.take().is_some() {
        signed = signed.require_v2();
    }
    if auth.accept_timestamped_v1.take() == Some(true) {
        signed = signed.accept_timestamped_v1();
    }
    if let Some(age) = auth.max_age_s.take() {
        signed = signed.max_age(age);
    }
    if let Some(ahead) = auth.max_ahead_s.take() {
        signed = signed.max_ahead(ahead);
    }
    Ok(all.first(Some(signed)))
}
