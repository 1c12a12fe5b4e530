//! Credentials in a body.
//!
//! The body is scanned token by token instead of being parsed as JSON, so that
//! every other byte stays the same and a broken body is searched as well.

use super::Capture;
use crate::auth::percent_decoded;

/// Members whose values are credentials, or open something, by their letters
/// alone: `apiKey`, `api_key` and `apikey` are one. The names of the fields that
/// this crate types as [`Sensitive`](crate::wire::Sensitive) are among them, for
/// bodies that it cannot type; those that say too little by themselves are in
/// [`IN_CONTEXT`].
const CREDENTIALS: &[&str] = &[
    "appstatesynckeyshare",
    "authorization",
    "challenge",
    "invitecode",
    "invitelink",
    "jwt",
    "keydata",
    "mediakey",
    "messagesecret",
    "newinvitelink",
    "paircode",
    "pairingcode",
    "qr",
    "qrcode",
];

/// How the name of a member ends that is a credential, if it is a text or a
/// number: an object that is called so is something else.
const ENDINGS: &[&str] = &["key", "passwd", "password", "secret", "token"];

/// What ends so and is none: WhatsApp's identity of a message, a place in a
/// bucket, the name of a translation.
const NO_CREDENTIALS: &[&str] = &["key", "messagekey", "msgkey", "translationkey"];

/// An object of this name, or an event of it, describes a QR code, a pairing
/// code, or an invitation; these members of it are one.
const IN_CONTEXT: &[(&[&str], &[&str])] = &[
    (&["qrcode", "qr", "code"], &["base64", "code", "codes", "qrbase64"]),
    (&["sessionstatus", "passkeyconfirmationrequired"], &["code"]),
    (&["group"], &["invite"]),
];

/// Members that hold the URL of a webhook, in which a token may stand.
const URLS: &[&str] = &["callbackurl", "destination", "hookurl", "webhook", "webhookurl"];

/// The body with all credentials replaced; `None` when there are none.
#[cfg(test)]
pub(super) fn without_credentials(body: &[u8]) -> Option<Vec<u8>> {
    without(body, &Values::default(), &|url| url.to_owned())
}

/// The body with all credentials replaced, and with these values, wherever they
/// stand; URLs of webhooks as `url` gives them back. `None` when there are none.
pub(super) fn without(
    body: &[u8],
    values: &Values,
    url: &dyn Fn(&str) -> String,
) -> Option<Vec<u8>> {
    let is_json = matches!(body.trim_ascii_start().first(), None | Some(b'{' | b'[' | b'"'));
    let by_name =
        if is_json { by_name(body, url, 0) } else { by_name(body, url, 0).or_else(|| form(body)) };
    let by_value = values.replace_in(by_name.as_deref().unwrap_or(body), is_json);
    by_value.or(by_name)
}

/// What is replaced wherever it stands.
#[derive(Default)]
pub(super) struct Values {
    /// Too long to be anything else: in every place.
    anywhere: Vec<Vec<u8>>,
    /// Inside texts, but not in the names of members.
    inside: Vec<Vec<u8>>,
    /// Short ones: texts that say nothing else.
    whole: Vec<Vec<u8>>,
}

/// From here on a value is no word.
const LONG: usize = 16;

/// From here on a value does not be in every text by chance.
const TELLING: usize = 4;

impl Values {
    /// With a value, as it is written, percent-decoded and percent-encoded.
    pub(super) fn add(&mut self, value: &str) {
        if value.is_empty() || value.contains(Capture::REPLACED) {
            return;
        }
        let decoded = percent_decoded(value).map(std::borrow::Cow::into_owned);
        let encoded = percent_encoded(value).into_bytes();
        for form in [Some(value.as_bytes().to_vec()), decoded, Some(encoded)].into_iter().flatten()
        {
            let into = match form.len() {
                LONG.. => &mut self.anywhere,
                TELLING.. => &mut self.inside,
                _ => &mut self.whole,
            };
            // A part of what stands for a replaced one would be replaced again.
            if !into.contains(&form) && !contains(Capture::REPLACED.as_bytes(), &form) {
                into.push(form);
            }
        }
        // What is part of another one is looked for after it.
        for list in [&mut self.anywhere, &mut self.inside] {
            list.sort_by_key(|form| std::cmp::Reverse(form.len()));
        }
    }

    /// A body with the values replaced; `None` when there are none in it.
    fn replace_in(&self, body: &[u8], is_json: bool) -> Option<Vec<u8>> {
        if !is_json {
            return self.replace_inside(body);
        }
        let everywhere = replace_all(body, &self.anywhere);
        let text = everywhere.as_deref().unwrap_or(body);
        self.replace_in_texts(text).or(everywhere)
    }

    fn replace_inside(&self, text: &[u8]) -> Option<Vec<u8>> {
        let long = replace_all(text, &self.anywhere);
        replace_all(long.as_deref().unwrap_or(text), &self.inside).or(long)
    }

    /// In the texts of JSON, with and without escapes in them; names stay.
    fn replace_in_texts(&self, body: &[u8]) -> Option<Vec<u8>> {
        if self.anywhere.is_empty() && self.inside.is_empty() && self.whole.is_empty() {
            return None;
        }
        let mut scan = Scan { bytes: body, at: 0 };
        let mut into = Replaced::new(body);
        while let Some(byte) = scan.peek() {
            if byte != b'"' {
                scan.bump();
                continue;
            }
            let start = scan.at;
            let token = scan.string();
            if scan.is_before_colon() {
                continue;
            }
            let inner = token.strip_prefix(b"\"").unwrap_or(token);
            let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
            if self.whole.iter().any(|value| value == inner) {
                into.put(start, scan.at, &quoted(Capture::REPLACED));
            } else if !inner.contains(&b'\\') {
                if let Some(text) = self.replace_inside(token) {
                    into.put(start, scan.at, &text);
                }
            } else if let Ok(text) = serde_json::from_slice::<String>(token)
                && let Some(text) = self.replace_inside(text.as_bytes())
            {
                into.put(start, scan.at, &quoted(&String::from_utf8_lossy(&text)));
            }
        }
        into.finish()
    }

    /// A text of a URL or a header with the values replaced.
    pub(super) fn replace_in_text(&self, text: String) -> String {
        match self.replace_inside(text.as_bytes()) {
            Some(replaced) => String::from_utf8_lossy(&replaced).into_owned(),
            None => text,
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len().max(1)).any(|window| window == part)
}

/// Every occurrence of each replaced; `None` when there is none.
fn replace_all(text: &[u8], values: &[Vec<u8>]) -> Option<Vec<u8>> {
    let mut replaced = None;
    for value in values {
        let text = replaced.as_deref().unwrap_or(text);
        if let Some(text) = replace(text, value) {
            replaced = Some(text);
        }
    }
    replaced
}

/// Every occurrence replaced; `None` when there is none.
fn replace(text: &[u8], value: &[u8]) -> Option<Vec<u8>> {
    let first = *value.first()?;
    let mut into: Option<Vec<u8>> = None;
    let mut done = 0_usize;
    let mut at = 0_usize;
    while let Some(rest) = text.get(at..) {
        let Some(found) = rest.iter().position(|byte| *byte == first) else { break };
        at = at.saturating_add(found);
        let here = text.get(at..).unwrap_or_default();
        if here.starts_with(value) {
            let into = into.get_or_insert_default();
            into.extend_from_slice(text.get(done..at).unwrap_or_default());
            into.extend_from_slice(Capture::REPLACED.as_bytes());
            at = at.saturating_add(value.len());
            done = at;
        } else {
            at = at.saturating_add(1);
        }
    }
    let mut into = into?;
    into.extend_from_slice(text.get(done..).unwrap_or_default());
    Some(into)
}

fn quoted(text: &str) -> Vec<u8> {
    serde_json::to_vec(text).unwrap_or_default()
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

/// A text with parts of it replaced.
struct Replaced<'a> {
    text: &'a [u8],
    into: Option<Vec<u8>>,
    /// Everything before it is in `into`, once there is such.
    done: usize,
}

impl<'a> Replaced<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self { text, into: None, done: 0 }
    }

    fn put(&mut self, start: usize, end: usize, instead: &[u8]) {
        let into = self.into.get_or_insert_default();
        into.extend_from_slice(self.text.get(self.done..start).unwrap_or_default());
        into.extend_from_slice(instead);
        self.done = end;
    }

    fn finish(self) -> Option<Vec<u8>> {
        let mut into = self.into?;
        into.extend_from_slice(self.text.get(self.done..).unwrap_or_default());
        Some(into)
    }
}

/// How deep JSON is looked for in the texts of JSON.
const NESTED: usize = 4;

/// The value of a member whose name says what it is.
fn by_name(body: &[u8], url: &dyn Fn(&str) -> String, nested: usize) -> Option<Vec<u8>> {
    let mut scan = Scan { bytes: body, at: 0 };
    let mut replaced = Replaced::new(body);
    let mut depth: usize = 0;
    // The objects around that give their members a meaning, and their depths.
    let mut contexts: Vec<(usize, &[&str])> = Vec::new();
    while let Some(byte) = scan.peek() {
        match byte {
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                contexts.retain(|(at, _)| *at < depth);
            }
            b'"' => {
                let start = scan.at;
                let token = scan.string();
                let Some(first) = scan.after_colon() else {
                    if let Some(text) = inner(token, url, nested) {
                        replaced.put(start, scan.at, &text);
                    }
                    continue;
                };
                let name = letters(token);
                let members = |name: &str| {
                    let of = |(names, _): &&(&[&str], _)| names.contains(&name);
                    IN_CONTEXT.iter().find(of).map(|(_, members)| *members)
                };
                if first == b'{' && members(&name).is_some() {
                    contexts.extend(members(&name).map(|members| (depth, members)));
                    continue;
                }
                let start = scan.at;
                // The event's name gives its payload the meaning.
                if matches!(&*name, "event" | "type" | "status") && first == b'"' {
                    let said = letters(scan.string());
                    contexts.extend(members(&said).map(|members| (0, members)));
                    continue;
                }
                let in_context = contexts.iter().any(|(_, members)| members.contains(&&*name));
                let ends = || {
                    let ends = ENDINGS.iter().any(|ending| name.ends_with(ending));
                    let scalar = first != b'{' && first != b'[';
                    let whole = ["secret", "token", "password", "apikey"].contains(&&*name);
                    ends && (scalar || whole) && !is_no_credential(&name)
                };
                if in_context || CREDENTIALS.contains(&&*name) || ends() {
                    if says_something(scan.value()) {
                        replaced.put(start, scan.at, &quoted(Capture::REPLACED));
                    }
                } else if first == b'"' {
                    let token = scan.string();
                    let is_url = URLS.contains(&&*name);
                    let text = if is_url { without_token(token, url) } else { None };
                    if let Some(text) = text.or_else(|| inner(token, url, nested)) {
                        replaced.put(start, scan.at, &text);
                    }
                }
                continue;
            }
            _ => {}
        }
        scan.bump();
    }
    replaced.finish()
}

/// A form's fields, where their names say that they are credentials.
fn form(body: &[u8]) -> Option<Vec<u8>> {
    let mut replaced = Replaced::new(body);
    let mut start = 0_usize;
    for field in body.split(|byte| *byte == b'&') {
        let end = start.saturating_add(field.len());
        if let Some(at) = field.iter().position(|byte| *byte == b'=') {
            let (name, value) = field.split_at(at);
            let name = letters(name);
            let ends = ENDINGS.iter().any(|ending| name.ends_with(ending));
            if value.len() > 1
                && (CREDENTIALS.contains(&&*name) || ends && !is_no_credential(&name))
            {
                let from = start.saturating_add(at).saturating_add(1);
                replaced.put(from, end, Capture::REPLACED.as_bytes());
            }
        }
        start = end.saturating_add(1);
    }
    replaced.finish()
}

fn is_no_credential(name: &str) -> bool {
    let harmless = |other: &&str| name == *other || (other.len() > 3 && name.ends_with(*other));
    NO_CREDENTIALS.iter().any(harmless)
}

/// A text that is JSON itself, with the credentials in it replaced.
fn inner(token: &[u8], url: &dyn Fn(&str) -> String, nested: usize) -> Option<Vec<u8>> {
    let looks_like_json = matches!(token.get(1), Some(b'{' | b'['));
    if !looks_like_json || nested >= NESTED {
        return None;
    }
    let text: String = serde_json::from_slice(token).ok()?;
    let replaced = by_name(text.as_bytes(), url, nested.saturating_add(1))?;
    Some(quoted(&String::from_utf8_lossy(&replaced)))
}

/// The URL of a webhook, with what may be a token in it replaced.
fn without_token(token: &[u8], url: &dyn Fn(&str) -> String) -> Option<Vec<u8>> {
    let text: String = serde_json::from_slice(token).ok()?;
    let Some((scheme, rest)) = text.split_once("://") else {
        return (!text.is_empty()).then(|| quoted(Capture::REPLACED));
    };
    let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    // Name and password may stand before the host.
    let host = match host.rsplit_once('@') {
        Some((_, host)) => format!("{}@{host}", Capture::REPLACED),
        None => host.to_owned(),
    };
    let replaced = format!("{scheme}://{host}{}", url(path));
    (replaced != text).then(|| quoted(&replaced))
}

/// The letters of a member's name, quotes included in the token or not.
fn letters(token: &[u8]) -> String {
    let name = serde_json::from_slice::<String>(token)
        .unwrap_or_else(|_| String::from_utf8_lossy(token).into_owned());
    name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a value is more than the word that there is none.
fn says_something(value: &[u8]) -> bool {
    !matches!(
        value,
        b"null" | b"true" | b"false" | b"\"\"" | b"{}" | b"[]" | b"\"Apikey not found\"" | b""
    )
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn bump(&mut self) {
        self.at = self.at.saturating_add(1).min(self.bytes.len());
    }

    fn since(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.bump();
        }
    }

    /// Goes past a string, to its end or the body's.
    fn string(&mut self) -> &'a [u8] {
        let start = self.at;
        self.bump();
        while let Some(byte) = self.peek() {
            self.bump();
            match byte {
                b'"' => break,
                b'\\' => self.bump(),
                _ => {}
            }
        }
        self.since(start)
    }

    /// Whether what was just read is a name.
    fn is_before_colon(&self) -> bool {
        let mut ahead = Scan { bytes: self.bytes, at: self.at };
        ahead.space();
        ahead.peek() == Some(b':')
    }

    /// Goes to the value after a name; the first byte of it, if it is a name.
    fn after_colon(&mut self) -> Option<u8> {
        self.space();
        if self.peek() != Some(b':') {
            return None;
        }
        self.bump();
        self.space();
        self.peek()
    }

    /// Goes past a whole value, whatever it is.
    fn value(&mut self) -> &'a [u8] {
        let start = self.at;
        let mut depth: usize = 0;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.string();
                    if depth == 0 {
                        break;
                    }
                    continue;
                }
                b'{' | b'[' => depth = depth.saturating_add(1),
                b'}' | b']' | b',' if depth == 0 => break,
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.bump();
                        break;
                    }
                }
                _ if depth == 0 && byte.is_ascii_whitespace() => break,
                _ => {}
            }
            self.bump();
        }
        self.since(start)
    }
}
