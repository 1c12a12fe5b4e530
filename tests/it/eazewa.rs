//! eazeWA: every event, every field, every quirk.

mod events;
mod fields;
mod keys;
mod large;
mod proof;
mod quirks;
mod trust;

use serde_json::Value;
use zaphook::auth::{AccountTokens, TokenPlace};
use zaphook::eazewa::{Envelope, Event, Message};
use zaphook::{Delivery, EazeWa, Gateway, Receiver, Token, testing};

use crate::fixtures;
use crate::gateways::{self, Report, Subject};

pub const SUBJECT: Subject = Subject {
    name: EazeWa::NAME,
    message: "eazewa/message.plain.json",
    text: &["data", "message", "body"],
    members: ["event", "data"],
    receive: |body| gateways::receive(&receiver(), &testing::eazewa(TOKEN, body)),
    parse: gateways::parse::<EazeWa>,
    shown: |body| gateways::shown(&receiver(), &testing::eazewa(TOKEN, body)),
    debug: gateways::debug::<EazeWa>,
    event_size: size_of::<Event>(),
    names: Event::NAMES,
};

pub const TOKEN: &str = "whs_9f2c51b7-5a0e-4d8e";

/// Of whatever instance, so that odd bodies get further than their proof.
pub fn receiver() -> Receiver<EazeWa> {
    Receiver::new(EazeWa::any_instance(TokenPlace::path(), Token::new(TOKEN).unwrap()))
}

fn tokens(accounts: &[(&str, &[&str])]) -> AccountTokens {
    let of = |token: &&str| Token::new(token).unwrap();
    let tokens = accounts
        .iter()
        .map(|(account, tokens)| (*account, zaphook::Tokens::new(tokens.iter().map(of)).unwrap()));
    AccountTokens::new(tokens).unwrap()
}

#[track_caller]
fn receive(body: &str) -> Report {
    (SUBJECT.receive)(body.as_bytes()).unwrap()
}

#[track_caller]
fn text(fixture: &str) -> String {
    fixtures::text(&format!("eazewa/{fixture}.json"))
}

#[track_caller]
fn envelope(fixture: &str) -> Envelope {
    Delivery::<EazeWa>::parse_trusted(text(fixture)).unwrap().into_envelope()
}

#[track_caller]
fn event(fixture: &str) -> Event {
    envelope(fixture).event
}

#[track_caller]
fn message(fixture: &str) -> Message {
    match event(fixture) {
        Event::Message(new) | Event::MessageCreate(new) => new.message,
        other => panic!("{other:?}"),
    }
}

/// The body with the value at a JSON pointer replaced, or taken out.
fn at(body: &str, pointer: &str, value: Option<Value>) -> String {
    let mut json = fixtures::json(body);
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    let members = json.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => members.insert(last.to_owned(), value),
        None => members.remove(last),
    };
    json.to_string()
}

/// A JSON pointer as the crate writes a path.
fn path(pointer: &str) -> String {
    let mut path = String::new();
    for step in pointer.split('/').skip(1) {
        if step.parse::<usize>().is_ok() {
            path += &format!("[{step}]");
        } else if path.is_empty() {
            path += step;
        } else {
            path += &format!(".{step}");
        }
    }
    path
}
