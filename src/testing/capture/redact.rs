//! Credentials in a URL and in headers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Capture;
use crate::auth::Cut;

/// From here on a segment of a path may well be a token.
const LONG: usize = 16;

/// Words that end the path of a webhook and are no secret.
const PLAIN: &[&str] = &["hook", "hooks", "webhook", "webhooks", "events", "callback"];

/// Headers whose values stay: those of HTTP, of proxies, and the gateways' own
/// that prove nothing. All others may be credentials.
const HARMLESS: &[&str] = &[
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "cf-connecting-ip",
    "cf-ipcountry",
    "cf-ray",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "forwarded",
    "host",
    "keep-alive",
    "origin",
    "pragma",
    "te",
    "traceparent",
    "tracestate",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-amzn-trace-id",
    "x-cloud-trace-context",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-real-ip",
    "x-request-id",
    "x-webhook-hmac-algorithm",
    "x-webhook-request-id",
    "x-webhook-timestamp",
    "x-zavu-event",
    "x-zavu-timestamp",
    "x-zavu-tool",
];

/// Headers whose values are signatures, perhaps several with their names.
const SIGNATURES: &[&str] = &["x-enviaai-signature", "x-webhook-hmac", "x-zavu-signature"];

/// Is told what was replaced.
pub(super) type Note<'a> = &'a mut dyn FnMut(&str);

pub(super) fn uri(uri: &str, provider: &str, cut: Cut, note: Note<'_>) -> String {
    let (path, query) = match uri.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (uri, None),
    };
    let mut replaced = with_what_was_cut(path, cut, |path| self::path(path, provider, note));
    if let Some(query) = query {
        replaced.push('?');
        replaced.push_str(&with_what_was_cut(query, cut, |query| self::query(query, note)));
    }
    replaced
}

fn with_what_was_cut(text: &str, cut: Cut, replace: impl FnOnce(&str) -> String) -> String {
    let kept = cut(text);
    let rest = text.strip_prefix(kept).unwrap_or_default();
    replace(kept) + rest
}

/// A token is at the end, or before the words that say whose webhook it is.
fn path(path: &str, provider: &str, note: Note<'_>) -> String {
    let mut last = true;
    let mut segments: Vec<&str> = path
        .rsplit('/')
        .map(|segment| {
            let plain = segment == provider || PLAIN.contains(&segment);
            let is_last = !plain && !segment.is_empty() && std::mem::take(&mut last);
            if (is_last || is_long(segment)) && !plain { hidden(segment, note) } else { segment }
        })
        .collect();
    segments.reverse();
    segments.join("/")
}

/// Without what was replaced in it: replacing again must not hide more of the path.
fn is_long(segment: &str) -> bool {
    segment.len() >= LONG && segment.replace(Capture::REPLACED, "").len() >= LONG
}

fn query(query: &str, note: Note<'_>) -> String {
    let parameters: Vec<String> = query
        .split('&')
        .map(|parameter| match parameter.split_once('=') {
            Some((name, value)) => format!("{name}={}", hidden(value, note)),
            // Without a name it may be anything.
            None => hidden(parameter, note).to_owned(),
        })
        .collect();
    parameters.join("&")
}

/// What is in the place of a value; of an empty one nothing.
fn hidden<'a>(value: &'a str, note: Note<'_>) -> &'a str {
    if value.is_empty() {
        return value;
    }
    note(value);
    Capture::REPLACED
}

pub(super) fn header(name: &str, value: &str, note: Note<'_>) -> String {
    let is = |names: &[&str]| names.iter().any(|other| name.eq_ignore_ascii_case(other));
    if is(HARMLESS) {
        return value.to_owned();
    }
    if is(SIGNATURES) {
        let parts: Vec<String> = value.split(',').map(|part| self::part(part, note)).collect();
        return parts.join(",");
    }
    match value.split_once(' ') {
        Some((scheme @ ("Basic" | "Bearer" | "basic" | "bearer"), rest))
            if is(&["authorization"]) =>
        {
            // User and password, as they were before they were made one text.
            let basic = STANDARD.decode(rest).ok().and_then(|both| String::from_utf8(both).ok());
            if let Some((_, password)) = basic.as_deref().and_then(|both| both.split_once(':')) {
                note(password);
            }
            format!("{scheme} {}", hidden(rest, note))
        }
        _ => hidden(value, note).to_owned(),
    }
}

/// A part of a signature: its time stays, and what it says it is.
fn part(part: &str, note: Note<'_>) -> String {
    let bare = part.trim_start();
    let space = part.strip_suffix(bare).unwrap_or_default();
    match bare.split_once('=') {
        Some(("t", time)) if is_time(time) => part.to_owned(),
        Some((name @ ("t" | "v0" | "v1" | "v2" | "v3" | "sha256" | "sha512"), value)) => {
            format!("{space}{name}={}", hidden(value, note))
        }
        _ => format!("{space}{}", hidden(bare, note)),
    }
}

fn is_time(text: &str) -> bool {
    text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte))
}
