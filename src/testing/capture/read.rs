//! Reading a capture, and reporting what is wrong with it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::headers::Kept;
use super::{Capture, on_one_line};
use crate::wire::json::{Members, Name, kind};
use crate::wire::time::seconds;
use crate::wire::{LazyBytes, RawJson};

/// The gateways of the format, whichever of them this build has.
const PROVIDERS: &[&str] = &["enviaai", "eazewa", "evolution", "wawp", "zavu"];

/// Why a text is not a [`Capture`]: which member, and what is wrong with it. It
/// does not show values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CaptureError(Flaw);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    NotJson { line: usize, column: usize },
    NotAnObject { found: &'static str },
    Missing(&'static str),
    Repeated(&'static str),
    TwoBodies,
    Wrong { member: &'static str, expected: &'static str, found: &'static str },
    Header { place: usize, found: &'static str },
    Unfit { member: &'static str, flaw: &'static str },
}

impl CaptureError {
    const fn unfit(member: &'static str, flaw: &'static str) -> Self {
        Self(Flaw::Unfit { member, flaw })
    }
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Flaw::NotJson { line: 1, column } => {
                write!(f, "not JSON in UTF-8, at column {column}")
            }
            Flaw::NotJson { line, column } => {
                write!(f, "not JSON in UTF-8, at line {line}, column {column}")
            }
            Flaw::NotAnObject { found } => write!(f, "expected an object, found {found}"),
            Flaw::Missing("body") => f.write_str("there is neither body nor body_base64"),
            Flaw::Missing(member) => write!(f, "{member}: missing"),
            Flaw::Repeated(member) => write!(f, "{member}: appears more than once"),
            Flaw::TwoBodies => f.write_str("there are both body and body_base64"),
            Flaw::Wrong { member, expected, found } => {
                write!(f, "{member}: expected {expected}, found {found}")
            }
            Flaw::Header { place, found } => write!(
                f,
                "headers: expected a text or a list of texts for name {place}, found {found}"
            ),
            Flaw::Unfit { member, flaw } => write!(f, "{member}: {flaw}"),
        }
    }
}

impl fmt::Debug for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CaptureError({self})")
    }
}

impl std::error::Error for CaptureError {}

pub(super) fn read(bytes: &[u8]) -> Result<Capture, CaptureError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let mut lines = before.rsplit(|byte| *byte == b'\n');
        let column = lines.next().map_or(0, <[u8]>::len).saturating_add(1);
        CaptureError(Flaw::NotJson { line: lines.count().saturating_add(1), column })
    })?;
    let members = Members::of(text).map_err(|error| {
        CaptureError(if error.is_data() {
            Flaw::NotAnObject { found: kind(text) }
        } else {
            Flaw::NotJson { line: error.line(), column: error.column() }
        })
    })?;
    let member = |name: &'static str| Member::of(&members, name);

    let provider = member("provider")?.ok_or(CaptureError(Flaw::Missing("provider")))?.text()?;
    if !PROVIDERS.contains(&&*provider) {
        return Err(CaptureError::unfit(
            "provider",
            "not one of enviaai, eazewa, evolution, wawp and zavu",
        ));
    }
    Ok(Capture {
        provider,
        uri: member("uri")?.map_or(Ok("/".to_owned()), Member::text)?,
        headers: member("headers")?.map_or(Ok(Kept::default()), Member::headers)?,
        peer: member("peer")?.map(Member::address).transpose()?,
        received_at: member("received_at")?.map(Member::time).transpose()?,
        body: match (member("body")?, member("body_base64")?) {
            (Some(text), None) => text.text()?.into(),
            (None, Some(base64)) => base64.bytes()?,
            (Some(_), Some(_)) => return Err(CaptureError(Flaw::TwoBodies)),
            (None, None) => return Err(CaptureError(Flaw::Missing("body"))),
        },
        auth: member("auth")?.map(|auth| auth.of_kind("an object")).transpose()?,
        tag: member("tag")?.map(|tag| on_one_line(RawJson::of_value(tag.json))),
    })
}

/// A member that is there and not `null`.
#[derive(Clone, Copy)]
struct Member<'a> {
    name: &'static str,
    json: &'a str,
}

impl<'a> Member<'a> {
    fn of(members: &Members<'a>, name: &'static str) -> Result<Option<Self>, CaptureError> {
        let mut found = members.all(name);
        let first = found.next();
        if found.next().is_some() {
            return Err(CaptureError(Flaw::Repeated(name)));
        }
        Ok(first.filter(|json| *json != "null").map(|json| Self { name, json }))
    }

    fn wrong(self, expected: &'static str) -> CaptureError {
        let found = kind(self.json);
        CaptureError(Flaw::Wrong { member: self.name, expected, found })
    }

    fn of_kind(self, expected: &'static str) -> Result<RawJson, CaptureError> {
        if kind(self.json) == expected {
            Ok(on_one_line(RawJson::of_value(self.json)))
        } else {
            Err(self.wrong(expected))
        }
    }

    fn text(self) -> Result<String, CaptureError> {
        self.of_kind("a string")?;
        text(self.json).ok_or(CaptureError::unfit(self.name, "not a text: half a character in it"))
    }

    fn address(self) -> Result<IpAddr, CaptureError> {
        let text = self.text()?;
        text.parse()
            .or_else(|_| text.parse().map(|socket: SocketAddr| socket.ip()))
            .map_err(|_| CaptureError::unfit(self.name, "not an address"))
    }

    fn time(self) -> Result<DateTime<Utc>, CaptureError> {
        self.of_kind("a number")?;
        let mut json = serde_json::Deserializer::from_str(self.json);
        let time = seconds::exactly(&mut json).ok().flatten();
        time.ok_or(CaptureError::unfit(self.name, "not a time in seconds since 1970"))
    }

    fn bytes(self) -> Result<Bytes, CaptureError> {
        self.of_kind("a string")?;
        let bytes =
            serde_json::from_str(self.json).ok().and_then(|bytes: LazyBytes| bytes.decode().ok());
        bytes.map(Bytes::from).ok_or(CaptureError::unfit(self.name, "not base64"))
    }

    fn headers(self) -> Result<Kept, CaptureError> {
        self.of_kind("an object")?;
        let members = Members::of(self.json).map_err(|_| self.wrong("an object"))?;
        let mut headers = Vec::new();
        for (index, (name, value)) in members.iter().enumerate() {
            let flaw =
                CaptureError(Flaw::Header { place: index.saturating_add(1), found: kind(value) });
            let values = match text(value) {
                Some(value) => vec![value],
                None => serde_json::from_str(value).map_err(|_| flaw)?,
            };
            headers.extend(values.into_iter().map(|value| (name.clone().into_owned(), value)));
        }
        Ok(headers.into_iter().collect())
    }
}

fn text(json: &str) -> Option<String> {
    serde_json::from_str(json).ok().map(|Name(text)| text.into_owned())
}
