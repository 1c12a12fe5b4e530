//! EnviaAI's `auth`. Part of `inspect.rs`.

use zaphook::EnviaAi;
use zaphook::enviaai::Signature;

use super::super::auth::Auth;
use super::super::json::Fault;
use super::All;

pub(crate) fn own(auth: &mut Auth, all: All<EnviaAi>) -> Result<All<EnviaAi>, Fault> {
    Ok(all.first(auth.secrets.take().map(Signature::new)))
}
