//! Reading a message id.
//!
//! The separator `_` may occur inside any part, so a text is not simply split
//! at it: the beginning is read from the left, up to the end of the chat, and
//! the end from the right.

use super::error::{MessageIdError, Reason};
use super::parts::{Direction, Parts};
use crate::jid::{JidRef, Server};

/// Reads any text; from a malformed one it takes what it can.
pub(super) fn read(text: &str) -> (Parts<'_>, Result<(), MessageIdError>) {
    let (from_me, rest) = match (text.strip_prefix("true_"), text.strip_prefix("false_")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return (whole(text), check_id(text, 0)),
    };
    let start = text.len().saturating_sub(rest.len());
    let Some((chat, tail)) = split_chat(rest) else {
        let fault = check_jid(rest, Reason::Chat, start);
        return (whole(text), fault.and(check_id("", text.len())));
    };
    let chat_fault = check_jid(chat, Reason::Chat, start);
    let chat = JidRef::from_wire(chat);
    let parts = Parts { from_me: Some(from_me), chat: Some(chat), ..Parts::default() };
    let Some(tail) = tail else {
        return (parts, chat_fault.and(check_id("", text.len())));
    };

    let start = text.len().saturating_sub(tail.len());
    let (tail, direction) = split_direction(tail);
    let (tail, participant) = split_participant(tail);
    let participant_fault = match participant {
        Some(participant) => {
            let start = start.saturating_add(tail.len()).saturating_add(1);
            check_jid(participant, Reason::Participant, start)
        }
        None => Ok(()),
    };
    let (server_id, id) = split_server_id(tail, chat);
    let id_fault = match id {
        Some(id) => {
            let behind = tail.len().saturating_sub(id.len());
            check_id(id, start.saturating_add(behind))
        }
        None => Ok(()),
    };

    let id = id.filter(|id| !id.is_empty());
    let participant = participant.map(JidRef::from_wire);
    let parts = Parts { server_id, id, participant, direction, ..parts };
    (parts, chat_fault.and(id_fault).and(participant_fault))
}

fn whole(text: &str) -> Parts<'_> {
    if text.is_empty() { Parts::default() } else { Parts::bare(text) }
}

/// Splits after the chat: at the first `_` after the first `@`. A user may
/// contain a `_`, a server does not.
fn split_chat(text: &str) -> Option<(&str, Option<&str>)> {
    let (user, behind) = text.split_once('@')?;
    match behind.split_once('_') {
        Some((server, tail)) => {
            let end = user.len().saturating_add(1).saturating_add(server.len());
            Some((text.get(..end)?, Some(tail)))
        }
        None => Some((text, None)),
    }
}

/// Splits the direction off the end. The id comes first, so a direction has
/// something before it.
fn split_direction(tail: &str) -> (&str, Option<Direction>) {
    match tail.rsplit_once('_') {
        Some((before, "in")) if !before.is_empty() => (before, Some(Direction::In)),
        Some((before, "out")) if !before.is_empty() => (before, Some(Direction::Out)),
        _ => (tail, None),
    }
}

/// Splits the participant off the end: the last piece, when it has an `@`.
fn split_participant(tail: &str) -> (&str, Option<&str>) {
    let Some((before, last)) = tail.rsplit_once('_') else { return (tail, None) };
    if before.is_empty() || !last.contains('@') {
        return (tail, None);
    }
    // A user may end in `_` and an agent. No number that short is a person's,
    // so the piece before is the user, as long as an id is left.
    if let Some((id, user)) = before.rsplit_once('_')
        && is_agent(last)
        && user.len() >= 5
        && is_digits(user)
        && !id.is_empty()
    {
        let start = id.len().saturating_add(1);
        return (id, tail.get(start..));
    }
    (before, Some(last))
}

/// Whether a piece starts with an agent in the place of a user.
fn is_agent(piece: &str) -> bool {
    let agent = piece.split(['@', ':']).next().unwrap_or_default();
    agent.len() <= 3 && is_digits(agent)
}

/// Splits the server id off the front, where the chat is a channel.
fn split_server_id<'a>(tail: &'a str, chat: JidRef<'_>) -> (Option<&'a str>, Option<&'a str>) {
    if chat.server() != Some(Server::Newsletter) {
        return (None, Some(tail));
    }
    match tail.split_once('_') {
        Some((server_id, id)) if is_digits(server_id) => (Some(server_id), Some(id)),
        None if is_digits(tail) => (Some(tail), None),
        _ => (None, Some(tail)),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Checks an id that starts at this byte.
fn check_id(id: &str, start: usize) -> Result<(), MessageIdError> {
    if id.is_empty() {
        return Err(MessageIdError::new(Reason::Missing("the id"), start));
    }
    let is_odd = |c: char| c == '@' || c.is_whitespace() || c.is_control();
    match id.char_indices().find(|(_, c)| is_odd(*c)) {
        Some((offset, odd)) => {
            let at = start.saturating_add(offset);
            Err(MessageIdError::new(Reason::Unexpected(odd), at))
        }
        None => Ok(()),
    }
}

/// Checks a chat or participant that starts at this byte.
fn check_jid(
    text: &str,
    wrap: fn(crate::jid::JidError) -> Reason,
    start: usize,
) -> Result<(), MessageIdError> {
    match JidRef::parse(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(MessageIdError::jid(wrap, error, start)),
    }
}
