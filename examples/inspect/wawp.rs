//! Wawp's and WAHA's `auth`.

use zaphook::Wawp;

use super::super::auth::Auth;
use super::super::json::Fault;
use super::All;

pub(crate) fn own(auth: &mut Auth, all: All<Wawp>) -> Result<All<Wawp>, Fault> {
    Ok(all.with(auth.secrets.take(), Wawp::signed, Wawp::and_signed).with(
        auth.header.take(),
        |header| Wawp::by_header(header.name, header.values),
        |policy, header| policy.and_header(header.name, header.values),
    ))
}
