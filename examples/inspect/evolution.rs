//! Evolution API's `auth`. Part of `inspect.rs`.

use zaphook::Evolution;
use zaphook::auth::Header;
use zaphook::evolution::{ApiKey, Basic, InstanceToken, Jwt};

use super::super::auth::{self, Auth};
use super::super::json::Fault;
use super::All;

pub(crate) fn own(auth: &mut Auth, all: All<Evolution>) -> Result<All<Evolution>, Fault> {
    if auth.jwt.is_some() && auth.basic.is_some() {
        return Err(Fault::new("auth.basic: one header cannot carry a JWT as well; use `any_of`"));
    }
    let basic = auth.basic.take().map(|basic| Basic::new(&basic.user, basic.passwords));
    let header = auth.header.take().map(|header| Header::new(header.name, header.values));
    let all = all
        .first(auth.jwt.take().map(jwt))
        .first(basic)
        .with(header)
        .with(auth.apikey.take().map(ApiKey::new))
        .with(auth.instance_token.take().map(InstanceToken::new));
    // Alone they prove nothing, and that is what was asked for.
    Ok(all.narrowed(auth.instances.take(), Evolution::and_instances))
}

fn jwt(given: auth::Jwt) -> Jwt {
    let jwt = Jwt::new(given.secrets);
    match given.leeway {
        Some(leeway) => jwt.leeway(leeway),
        None => jwt,
    }
}
