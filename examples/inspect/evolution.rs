//! Evolution API's `auth`.

use zaphook::Evolution;

use super::super::auth::{Auth, Basic, Jwt};
use super::super::json::Fault;
use super::All;

pub(crate) fn own(auth: &mut Auth, all: All<Evolution>) -> Result<All<Evolution>, Fault> {
    if auth.jwt.is_some() && auth.basic.is_some() {
        return Err(Fault::new("auth.basic: one header cannot carry a JWT as well; use `any_of`"));
    }
    // These come first, and `none` adds nothing to them.
    let all = all
        .with(auth.jwt.take(), jwt, |_, given| jwt(given))
        .with(auth.basic.take(), basic, |_, given| basic(given))
        .with(
            auth.header.take(),
            |header| Evolution::by_header(header.name, header.values),
            |policy, header| policy.and_header(header.name, header.values),
        )
        .with(auth.apikey.take(), Evolution::apikey, Evolution::and_apikey)
        .with(
            auth.instance_token.take(),
            Evolution::instance_token,
            Evolution::and_instance_token,
        );
    // Alone they prove nothing, and that is what was asked for.
    let instances = |names: Vec<String>| Evolution::unauthenticated().and_instances(names);
    Ok(all.with(auth.instances.take(), instances, Evolution::and_instances))
}

fn jwt(jwt: Jwt) -> Evolution {
    match jwt.leeway {
        Some(leeway) => Evolution::jwt_with_leeway(jwt.secrets, leeway),
        None => Evolution::jwt(jwt.secrets),
    }
}

fn basic(basic: Basic) -> Evolution {
    Evolution::basic(&basic.user, basic.passwords)
}
