//! The same accessors on the messages of every gateway, with the same meaning: the
//! table of the README. What they say is what the one vocabulary says.

use std::collections::BTreeMap;

use zaphook::jid::JidRef;
use zaphook::unified::Happening;
use zaphook::{AnyDelivery, Jid, eazewa, enviaai, evolution, wawp, zavu};

use super::golden;

/// An address as text, whatever an accessor returns.
trait Written {
    fn written(self) -> String;
}

impl Written for &Jid {
    fn written(self) -> String {
        self.as_str().to_owned()
    }
}

impl Written for JidRef<'_> {
    fn written(self) -> String {
        self.as_str().to_owned()
    }
}

impl Written for &str {
    fn written(self) -> String {
        self.to_owned()
    }
}

/// What the accessors say of one message.
#[derive(Debug, PartialEq)]
struct Said {
    text: Option<String>,
    sender: Option<String>,
    sender_phone: Option<String>,
    chat: Option<String>,
    is_from_me: bool,
}

/// The calls are the same for every type.
macro_rules! said {
    ($message:expr) => {{
        let message = $message;
        Said {
            text: message.text().map(|text| text.to_string()),
            sender: message.sender().map(Written::written),
            sender_phone: message.sender_phone().map(|phone| phone.to_string()),
            chat: message.chat().map(Written::written),
            is_from_me: message.is_from_me(),
        }
    }};
}

/// The type of the message, what its accessors say, and the id that the event gives.
fn said(delivery: &AnyDelivery) -> Option<(&'static str, Said, Option<String>)> {
    Some(match delivery {
        AnyDelivery::EazeWa(delivery) => match delivery.event() {
            event @ (eazewa::Event::Message(new) | eazewa::Event::MessageCreate(new)) => {
                ("eazewa", said!(&new.message), event.message_id().map(|id| id.to_string()))
            }
            _ => return None,
        },
        AnyDelivery::EnviaAi(delivery) => match delivery.event() {
            event @ enviaai::Event::MessageReceived(message) => {
                ("enviaai", said!(message), event.message_id().map(str::to_owned))
            }
            _ => return None,
        },
        AnyDelivery::Evolution(delivery) => match delivery.event() {
            evolution::Event::Go(go) => match &go.event {
                evolution::go::Event::Message(message) => {
                    ("evolution::go", said!(message), go.message_id().map(str::to_owned))
                }
                _ => return None,
            },
            event @ evolution::Event::MessagesUpsert(messages) => match &**messages {
                [message] => ("evolution", said!(message), event.message_id().map(str::to_owned)),
                _ => return None,
            },
            event @ evolution::Event::SendMessage(message) => {
                ("evolution", said!(message), event.message_id().map(str::to_owned))
            }
            _ => return None,
        },
        AnyDelivery::Wawp(delivery) => match delivery.event() {
            event @ (wawp::Event::Message(message) | wawp::Event::MessageAny(message)) => {
                ("wawp", said!(message), event.message_id().map(str::to_owned))
            }
            _ => return None,
        },
        AnyDelivery::Zavu(delivery) => match delivery.event() {
            event @ zavu::Event::MessageInbound(message) => {
                ("zavu", said!(message), event.message_id().map(str::to_owned))
            }
            _ => return None,
        },
        _ => return None,
    })
}

#[test]
fn every_gateway_has_the_accessors_and_means_the_same_by_them() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, delivery) in golden::all() {
        let Some((of, typed, id)) = said(&delivery) else { continue };
        let unified = delivery.unified();
        // Of some messages the one vocabulary makes a deletion, an edit, a vote.
        let Some(Happening::Message(message)) = unified.first() else { continue };
        *seen.entry(of).or_default() += 1;
        assert!(id.is_some_and(|id| !id.is_empty()), "{name}");

        let own = |text: String| Some(text).filter(|text| !text.is_empty());
        assert_eq!(typed.is_from_me, message.is_from_me(), "{name}");
        assert_eq!(typed.text, message.text().map(str::to_owned).and_then(own), "{name}");
        let sender = message.sender();
        assert_eq!(typed.sender, sender.map(|who| who.as_sent().to_owned()), "{name}");
        let phone = sender.and_then(|who| who.phone()).map(|phone| phone.into_owned());
        assert_eq!(typed.sender_phone, phone, "{name}");
        // EnviaAI's chats have ids of its own.
        if of != "enviaai" {
            let chat = message.chat().map(|chat| chat.as_sent().to_owned());
            assert_eq!(typed.chat, chat, "{name}");
        }
        assert!(!typed.is_from_me || typed.sender.is_none(), "{name}");
    }
    let types: Vec<&str> = seen.keys().copied().collect();
    assert_eq!(types, ["eazewa", "enviaai", "evolution", "evolution::go", "wawp", "zavu"]);
    assert!(seen.values().all(|count| *count >= 3), "{seen:?}");

    // The README lists them.
    let readme = include_str!("../../../README.md");
    for accessor in ["text", "sender", "sender_phone", "chat", "is_from_me"] {
        assert!(readme.contains(&format!("| `message.{accessor}()` |")), "{accessor}");
    }
    for of in types {
        assert!(readme.contains(&format!("\n| `{of}` | ")), "{of}");
    }
}
