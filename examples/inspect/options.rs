//! The command line. Part of `inspect.rs`.

use std::path::PathBuf;

use serde_json::{Map, Value, json};
use zaphook::testing::Capture;
use zaphook::{Head, RawJson};

pub(crate) const HELP: &str = "\
Says what the crate makes of captured deliveries: a report per line, in JSON.

    inspect [--pretty] [AUTH] [FILE...]        captures, one JSON object per line
    inspect [--pretty] [AUTH] --provider NAME --body FILE [DELIVERY]

`-`, or no file, is standard input. Exit status: 0 when every line was read and
reported, whatever the verdicts; 2 when a line is not a capture (its number and
the fault are on standard error, the other lines are reported all the same);
1 when a file or the command line cannot be read.

    --pretty                    indented
    --help

DELIVERY, one that is not in a file of captures:
    --provider NAME             enviaai, eazewa, evolution, wawp or zavu
    --body FILE                 the body, to the last byte; `-` is standard input
    --uri URI                   path and query as received; / if not given
    --header 'NAME: VALUE'      repeatable
    --peer ADDRESS              of the connection
    --at SECONDS                when it was received, since 1970; now if not given
    --tag TEXT                  repeated in the report

AUTH, how the receiver is configured, for captures without `auth`. All that is
given must hold; short tokens are accepted:
    --auth JSON | @FILE         as in a capture; it stands alone
    --none                      no authentication
    --secret SECRET             of a signature; repeatable
    --require v2                Zavu
    --accept-timestamped-v1     Zavu
    --max-age-s SECONDS         Zavu
    --max-ahead-s SECONDS       Zavu
    --token INSTANCE=TOKEN      eazeWA; repeatable
    --token-query NAME          eazeWA
    --query NAME=TOKEN          repeatable, for one name
    --path TOKEN                the last segment of the path; repeatable
    --header-token NAME=TOKEN   Evolution, Wawp; repeatable, for one name
    --jwt-secret SECRET         Evolution; repeatable
    --jwt-leeway-s SECONDS      Evolution
    --basic USER:PASSWORD       Evolution; repeatable, for one user
    --apikey KEY                Evolution; repeatable
    --instance-token TOKEN      Evolution Go; repeatable
    --instance NAME             Evolution; repeatable
    --network CIDR              repeatable

Other users of this machine may see a command line: secrets of production
belong into a capture, or into the file of --auth @FILE.
";

/// The options given on the command line.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) help: bool,
    pub(crate) pretty: bool,
    /// The one delivery that flags describe.
    pub(crate) delivery: Option<Capture>,
    /// For captures without one.
    pub(crate) auth: Option<RawJson>,
    /// Where captures are; `-` is standard input.
    pub(crate) files: Vec<PathBuf>,
}

/// A delivery that is being built.
#[derive(Default)]
struct Delivery {
    provider: Option<String>,
    body: Option<String>,
    uri: Option<String>,
    headers: Map<String, Value>,
    peer: Option<String>,
    at: Option<Value>,
    tag: Option<String>,
}

impl Options {
    /// # Errors
    ///
    /// What is wrong with the command line, without quoting it.
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        let mut delivery = Delivery::default();
        let mut auth = Map::new();
        let mut whole = None;
        let mut arguments = arguments.peekable();
        while let Some(argument) = arguments.next() {
            if argument == "--" {
                options.files.extend(arguments.map(PathBuf::from));
                break;
            }
            let Some(flag) = argument.strip_prefix("--") else {
                options.files.push(argument.into());
                continue;
            };
            let (flag, mut given) = match flag.split_once('=') {
                Some((flag, value)) => (flag, Some(value.to_owned())),
                None => (flag, None),
            };
            let mut value = || {
                let value = given.take().or_else(|| arguments.next());
                value.ok_or_else(|| format!("--{flag} needs a value"))
            };
            match flag {
                "help" => options.help = true,
                "pretty" => options.pretty = true,
                "provider" => delivery.provider = Some(value()?),
                "body" => delivery.body = Some(value()?),
                "uri" => delivery.uri = Some(value()?),
                "header" => {
                    let header = value()?;
                    let (name, text) =
                        header.split_once(':').ok_or("--header needs NAME: VALUE")?;
                    push(&mut delivery.headers, name.trim(), text.trim());
                }
                "peer" => delivery.peer = Some(value()?),
                "at" => delivery.at = Some(number(flag, &value()?)?),
                "tag" => delivery.tag = Some(value()?),
                "auth" => whole = Some(whole_auth(value()?)?),
                "none" => set(&mut auth, "none", json!(true)),
                "secret" => push(&mut auth, "secrets", &value()?),
                "require" => set(&mut auth, "require", value()?.into()),
                "accept-timestamped-v1" => set(&mut auth, "accept_timestamped_v1", json!(true)),
                "max-age-s" => set(&mut auth, "max_age_s", number(flag, &value()?)?),
                "max-ahead-s" => set(&mut auth, "max_ahead_s", number(flag, &value()?)?),
                "token" => {
                    let value = value()?;
                    let (instance, token) =
                        value.split_once('=').ok_or("--token needs INSTANCE=TOKEN")?;
                    push(object(&mut auth, "tokens"), instance, token);
                }
                "token-query" => set(&mut auth, "token_query", value()?.into()),
                "query" => named(&mut auth, "query", flag, '=', ["name", "values"], &value()?)?,
                "path" => push(object(&mut auth, "path"), "values", &value()?),
                "header-token" => {
                    named(&mut auth, "header", flag, '=', ["name", "values"], &value()?)?;
                }
                "jwt-secret" => push(object(&mut auth, "jwt"), "secrets", &value()?),
                "jwt-leeway-s" => {
                    let leeway = number(flag, &value()?)?;
                    set(object(&mut auth, "jwt"), "leeway_s", leeway);
                }
                "basic" => {
                    named(&mut auth, "basic", flag, ':', ["user", "passwords"], &value()?)?;
                }
                "apikey" => push(&mut auth, "apikey", &value()?),
                "instance-token" => push(&mut auth, "instance_token", &value()?),
                "instance" => push(&mut auth, "instances", &value()?),
                "network" => push(&mut auth, "networks", &value()?),
                _ => return Err(format!("--{flag} is not known; --help tells what is")),
            }
            if given.is_some() {
                return Err(format!("--{flag} takes no value"));
            }
        }
        options.auth = match (whole, auth.is_empty()) {
            (Some(_), false) => return Err("--auth stands alone".to_owned()),
            (Some(whole), true) => Some(whole),
            (None, false) => Some(raw(&Value::Object(auth))?),
            (None, true) => None,
        };
        if !options.help {
            options.delivery = delivery.capture(&options.files)?;
        }
        Ok(options)
    }
}

impl Delivery {
    fn capture(self, files: &[PathBuf]) -> Result<Option<Capture>, String> {
        let described = self.body.is_some()
            || self.uri.is_some()
            || !self.headers.is_empty()
            || self.peer.is_some()
            || self.at.is_some()
            || self.tag.is_some();
        let Some(provider) = self.provider else {
            let missing = "a delivery by flags needs --provider";
            return if described { Err(missing.to_owned()) } else { Ok(None) };
        };
        if !files.is_empty() {
            return Err("a delivery by flags and files of captures: one of the two".to_owned());
        }
        let body = self.body.ok_or("a delivery by flags needs --body")?;
        let body = super::read_whole(&body).map_err(|error| format!("--body: {error}"))?;
        // By way of a capture's own text, which says what is wrong.
        let text = json!({
            "provider": provider,
            "uri": self.uri,
            "headers": self.headers,
            "peer": self.peer,
            "received_at": self.at,
            "body": "",
            "tag": self.tag,
        });
        let capture = Capture::parse(text.to_string()).map_err(|error| error.to_string())?;
        let request = capture.request();
        let head: &Head<'_> = request.head();
        let complete = Capture::from_request(capture.provider(), &head.with_body(body));
        Ok(Some(match capture.tag() {
            Some(tag) => complete.with_tag(tag.clone()),
            None => complete,
        }))
    }
}

fn whole_auth(text: String) -> Result<RawJson, String> {
    let text = match text.strip_prefix('@') {
        Some(file) => std::fs::read_to_string(file).map_err(|error| format!("--auth: {error}"))?,
        None => text,
    };
    serde_json::from_str(&text).map_err(|_| "--auth needs JSON".to_owned())
}

fn raw(value: &Value) -> Result<RawJson, String> {
    serde_json::from_str(&value.to_string()).map_err(|_| "the flags cannot be read".to_owned())
}

fn number(flag: &str, text: &str) -> Result<Value, String> {
    let number: Option<Value> = serde_json::from_str(text).ok();
    number.filter(Value::is_number).ok_or_else(|| format!("--{flag} needs a number"))
}

fn set(into: &mut Map<String, Value>, key: &str, value: Value) {
    into.insert(key.to_owned(), value);
}

/// Appends a string to a list.
fn push(into: &mut Map<String, Value>, key: &str, text: &str) {
    let list = into.entry(key).or_insert_with(|| json!([]));
    if let Value::Array(list) = list {
        list.push(text.into());
    }
}

/// The object of a key; a new one if there is none.
fn object<'a>(into: &'a mut Map<String, Value>, key: &str) -> &'a mut Map<String, Value> {
    let object = into.entry(key).or_insert_with(|| json!({}));
    if !object.is_object() {
        *object = json!({});
    }
    object.as_object_mut().expect("it was made one")
}

/// `NAME=VALUE`, several values for one name.
fn named(
    auth: &mut Map<String, Value>,
    key: &str,
    flag: &str,
    separator: char,
    [name_of, values_of]: [&str; 2],
    text: &str,
) -> Result<(), String> {
    let parts = text.split_once(separator);
    let (name, value) = parts.ok_or_else(|| format!("--{flag} needs two parts, see --help"))?;
    let object = object(auth, key);
    let name = Value::from(name);
    if object.get(name_of).is_some_and(|other| *other != name) {
        return Err(format!("--{flag} is for one name only"));
    }
    set(object, name_of, name);
    push(object, values_of, value);
    Ok(())
}
