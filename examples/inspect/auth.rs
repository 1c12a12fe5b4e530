//! `auth`: the configuration of a capture's receiver, as JSON. Part of
//! `inspect.rs`.

use std::time::Duration;

use http::HeaderName;
use zaphook::auth::{AccountTokens, Networks};
use zaphook::{RawJson, Secret, Secrets, Token, Tokens};

use super::json::{Fault, Value};

/// Tokens of eazeWA: one per instance, or valid for all of them.
#[derive(Clone)]
pub(crate) enum Issued {
    PerInstance(AccountTokens),
    ForAll(Tokens),
}

/// Tokens in a query parameter or a header of this name.
#[derive(Clone)]
pub(crate) struct Named<N> {
    pub(crate) name: N,
    pub(crate) values: Tokens,
}

#[derive(Clone)]
pub(crate) struct Jwt {
    pub(crate) secrets: Secrets,
    pub(crate) leeway: Option<Duration>,
}

#[derive(Clone)]
pub(crate) struct Basic {
    pub(crate) user: String,
    pub(crate) passwords: Secrets,
}

/// Declares the keys of `auth` with the type and the reading of each.
macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident: $Type:ty = $read:path,)+) => {
        /// The mechanisms, which must all hold. A gateway takes out those it
        /// has; what is left is a mechanism that it does not have.
        #[derive(Clone, Default)]
        pub(crate) struct Auth {
            $($(#[$doc])* pub(crate) $name: Option<$Type>,)+
        }

        impl Auth {
            /// Whether the key is one, and was not set before.
            fn set(&mut self, key: &str, value: &Value<'_>) -> Result<(), Fault> {
                match key {
                    $(stringify!($name) => match self.$name.replace($read(value)?) {
                        None => Ok(()),
                        Some(_) => Err(value.fault("also beside `any_of`")),
                    },)+
                    _ => Err(value.fault("there is no such mechanism")),
                }
            }

            /// A mechanism that the gateway did not take.
            pub(crate) fn rest(&self) -> Option<&'static str> {
                $(if self.$name.is_some() {
                    return Some(stringify!($name));
                })+
                None
            }
        }
    };
}

keys! {
    secrets: Secrets = secrets,
    require: Required = Required::read,
    accept_timestamped_v1: bool = Value::boolean,
    max_age_s: Duration = duration,
    max_ahead_s: Duration = duration,
    tokens: Issued = issued,
    /// The query parameter with `tokens`; without it they are the last path
    /// segment.
    token_query: String = Value::text,
    query: Named<String> = in_query,
    path: Tokens = in_path,
    header: Named<HeaderName> = in_header,
    jwt: Jwt = jwt,
    basic: Basic = basic,
    apikey: Tokens = tokens,
    instance_token: Tokens = tokens,
    instances: Vec<String> = instances,
    networks: Networks = networks,
    none: SaidAloud = SaidAloud::read,
}

/// `"v2"`.
#[derive(Clone)]
pub(crate) struct Required;

impl Required {
    fn read(value: &Value<'_>) -> Result<Self, Fault> {
        match &*value.text()? {
            "v2" => Ok(Self),
            _ => Err(value.fault("only `v2` can be required")),
        }
    }
}

/// `true`.
#[derive(Clone)]
pub(crate) struct SaidAloud;

impl SaidAloud {
    fn read(value: &Value<'_>) -> Result<Self, Fault> {
        match value.boolean()? {
            true => Ok(Self),
            false => Err(value.fault("it is true, or absent")),
        }
    }
}

/// The alternatives that an `auth` offers, one of which must hold.
pub(crate) fn alternatives(auth: &RawJson) -> Result<Vec<Auth>, Fault> {
    let mut found = Vec::new();
    let json = serde_json::from_str(auth.as_str()).map_err(|_| Fault::new("auth: not JSON"))?;
    collect(&Value::new("auth", json), Auth::default(), &mut found)?;
    Ok(found)
}

/// Mechanisms next to `any_of` must hold in each of its alternatives.
fn collect(value: &Value<'_>, mut beside: Auth, into: &mut Vec<Auth>) -> Result<(), Fault> {
    let mut any_of = None;
    for (key, value) in value.members()? {
        match &*key {
            "any_of" => any_of = Some(value),
            key => beside.set(key, &value)?,
        }
    }
    let Some(any_of) = any_of else {
        if beside.rest().is_none() {
            return Err(value.fault("it names no mechanism; without authentication it is `none`"));
        }
        into.push(beside);
        return Ok(());
    };
    let alternatives = any_of.list()?;
    if alternatives.is_empty() {
        return Err(any_of.fault("it offers nothing"));
    }
    alternatives.iter().try_for_each(|alternative| collect(alternative, beside.clone(), into))
}

/// A list of strings, each converted to something.
fn list<T, E: std::fmt::Display>(
    value: &Value<'_>,
    make: impl Fn(String) -> Result<T, E>,
) -> Result<Vec<T>, Fault> {
    let item = |item: Value<'_>| make(item.text()?).map_err(|error| item.fault(error));
    value.list()?.into_iter().map(item).collect()
}

fn secrets(value: &Value<'_>) -> Result<Secrets, Fault> {
    let all = list(value, Secret::new)?;
    Secrets::new(all).map_err(|error| value.fault(error))
}

fn tokens(value: &Value<'_>) -> Result<Tokens, Fault> {
    let all = list(value, Token::short)?;
    Tokens::new(all).map_err(|error| value.fault(error))
}

/// A token, or several.
fn one_or_more(value: &Value<'_>) -> Result<Tokens, Fault> {
    if value.is_list() {
        return tokens(value);
    }
    Ok(Token::short(value.text()?).map_err(|error| value.fault(error))?.into())
}

fn issued(value: &Value<'_>) -> Result<Issued, Fault> {
    if !value.is_object() {
        return tokens(value).map(Issued::ForAll);
    }
    let accounts = value
        .members()?
        .into_iter()
        .enumerate()
        .map(|(index, (account, tokens))| {
            // By its number, should someone have put the token first.
            let tokens = tokens.at(format!("{}[{index}]", value.path()));
            Ok((account, one_or_more(&tokens)?))
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    AccountTokens::new(accounts).map(Issued::PerInstance).map_err(|error| value.fault(error))
}

fn duration(value: &Value<'_>) -> Result<Duration, Fault> {
    Duration::try_from_secs_f64(value.number()?)
        .map_err(|_| value.fault("not a number of seconds from now"))
}

fn named<'a>(value: &Value<'a>) -> Result<(Value<'a>, Tokens), Fault> {
    match value.parts(["name", "values"], 2)? {
        [Some(name), Some(values)] => Ok((name, tokens(&values)?)),
        _ => Err(value.fault("it has a name and values")),
    }
}

fn in_query(value: &Value<'_>) -> Result<Named<String>, Fault> {
    let (name, values) = named(value)?;
    Ok(Named { name: name.text()?, values })
}

fn in_header(value: &Value<'_>) -> Result<Named<HeaderName>, Fault> {
    let (name, values) = named(value)?;
    let parsed = name.text()?.parse();
    Ok(Named { name: parsed.map_err(|_| name.fault("not the name of a header"))?, values })
}

fn in_path(value: &Value<'_>) -> Result<Tokens, Fault> {
    match value.parts(["values"], 1)? {
        [Some(values)] => tokens(&values),
        [None] => Err(value.fault("it has values")),
    }
}

fn jwt(value: &Value<'_>) -> Result<Jwt, Fault> {
    let [given, leeway] = value.parts(["secrets", "leeway_s"], 1)?;
    let given = given.ok_or_else(|| value.fault("it has secrets"))?;
    Ok(Jwt { secrets: secrets(&given)?, leeway: leeway.as_ref().map(duration).transpose()? })
}

fn basic(value: &Value<'_>) -> Result<Basic, Fault> {
    match value.parts(["user", "passwords"], 2)? {
        [Some(user), Some(passwords)] => {
            Ok(Basic { user: user.text()?, passwords: secrets(&passwords)? })
        }
        _ => Err(value.fault("it has a user and passwords")),
    }
}

fn instances(value: &Value<'_>) -> Result<Vec<String>, Fault> {
    let all = list(value, Ok::<_, Fault>)?;
    if all.is_empty() { Err(value.fault("it accepts nothing")) } else { Ok(all) }
}

fn networks(value: &Value<'_>) -> Result<Networks, Fault> {
    let all = list(value, Ok::<_, Fault>)?;
    if all.is_empty() {
        return Err(value.fault("it accepts nothing"));
    }
    Networks::new(&all).map_err(|error| value.fault(error))
}
