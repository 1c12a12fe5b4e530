//! Wawp's and WAHA's `auth`. Part of `inspect.rs`.

use zaphook::Wawp;
use zaphook::auth::Header;
use zaphook::wawp::Signature;

use super::super::auth::Auth;
use super::super::json::Fault;
use super::All;

pub(crate) fn own(auth: &mut Auth, all: All<Wawp>) -> Result<All<Wawp>, Fault> {
    let header = auth.header.take().map(|header| Header::new(header.name, header.values));
    Ok(all.with(auth.secrets.take().map(Signature::new)).with(header))
}
