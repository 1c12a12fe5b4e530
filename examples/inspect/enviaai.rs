//! EnviaAI's `auth`.

use zaphook::{EnviaAi, Secrets};

use super::super::auth::Auth;
use super::super::json::Fault;
use super::All;

pub(crate) fn own(auth: &mut Auth, all: All<EnviaAi>) -> Result<All<EnviaAi>, Fault> {
    // A signature comes first, and `none` adds nothing to it.
    let signed = |_, secrets: Secrets| EnviaAi::signed(secrets);
    Ok(all.with(auth.secrets.take(), EnviaAi::signed, signed))
}
