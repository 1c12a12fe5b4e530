//! What stands in a URL and in headers that may prove something.

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

pub(super) fn uri(uri: &str, provider: &str, cut: Cut) -> String {
    let (path, query) = match uri.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (uri, None),
    };
    let mut replaced = with_what_was_cut(path, cut, |path| self::path(path, provider));
    if let Some(query) = query {
        replaced.push('?');
        replaced.push_str(&with_what_was_cut(query, cut, self::query));
    }
    replaced
}

fn with_what_was_cut(text: &str, cut: Cut, replace: impl FnOnce(&str) -> String) -> String {
    let kept = cut(text);
    let rest = text.strip_prefix(kept).unwrap_or_default();
    replace(kept) + rest
}

fn path(path: &str, provider: &str) -> String {
    let mut last = true;
    let mut segments: Vec<&str> = path
        .rsplit('/')
        .map(|segment| {
            let is_last = !segment.is_empty() && std::mem::take(&mut last);
            let plain = segment == provider || PLAIN.contains(&segment);
            if (is_last || segment.len() >= LONG) && !plain { Capture::REPLACED } else { segment }
        })
        .collect();
    segments.reverse();
    segments.join("/")
}

fn query(query: &str) -> String {
    let parameters: Vec<String> = query
        .split('&')
        .map(|parameter| match parameter.split_once('=') {
            Some((name, value)) => format!("{name}={}", unless_empty(value)),
            // Without a name it may be anything.
            None => unless_empty(parameter).to_owned(),
        })
        .collect();
    parameters.join("&")
}

fn unless_empty(value: &str) -> &str {
    if value.is_empty() { value } else { Capture::REPLACED }
}

pub(super) fn header(name: &str, value: &str) -> String {
    let is = |names: &[&str]| names.iter().any(|other| name.eq_ignore_ascii_case(other));
    if is(HARMLESS) {
        return value.to_owned();
    }
    if is(SIGNATURES) {
        let parts: Vec<String> = value.split(',').map(part).collect();
        return parts.join(",");
    }
    match value.split_once(' ') {
        Some((scheme @ ("Basic" | "Bearer" | "basic" | "bearer"), rest))
            if is(&["authorization"]) =>
        {
            format!("{scheme} {}", unless_empty(rest))
        }
        _ => unless_empty(value).to_owned(),
    }
}

/// A part of a signature: its time stays, and what it says it is.
fn part(part: &str) -> String {
    let bare = part.trim_start();
    let space = part.strip_suffix(bare).unwrap_or_default();
    match bare.split_once('=') {
        Some(("t", time)) if is_time(time) => part.to_owned(),
        Some((name @ ("t" | "v0" | "v1" | "v2" | "v3" | "sha256" | "sha512"), value)) => {
            format!("{space}{name}={}", unless_empty(value))
        }
        _ => format!("{space}{}", unless_empty(bare)),
    }
}

fn is_time(text: &str) -> bool {
    text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte))
}
