//! What is known at run time only offers all that is offered otherwise.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The public methods of a type in one room of the source.
fn methods(room: &str, of: &str) -> BTreeSet<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room);
    let source = fs::read_to_string(source).unwrap();
    let mut inside = false;
    let mut found = BTreeSet::new();
    for line in source.lines() {
        let code = line.trim_start();
        if code.starts_with("impl") {
            let target = code.trim_end_matches([' ', '{']).rsplit([' ', '>']).next().unwrap();
            let whole = code.split_once("> ").map_or(code, |(_, rest)| rest);
            inside = !code.contains(" for ") && (target == of || whole.starts_with(of));
        }
        let name = code.strip_prefix("pub async fn ").or_else(|| code.strip_prefix("pub fn "));
        if let (true, Some(name)) = (inside, name) {
            let end = name.find(['(', '<']).unwrap();
            found.insert(name[..end].to_owned());
        }
        // The methods that a macro takes from a list.
        if of == "AnyDelivery" && code.ends_with(',') && code.contains(" -> ") {
            let (name, _) = code.split_once(" -> ").unwrap();
            if name.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase()) {
                found.insert(name.to_owned());
            }
        }
    }
    found.retain(|name| name != "$name");
    assert!(found.len() > 4, "{of}: {found:?}");
    found
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_two_kinds_have_the_same_methods() {
    // Typed events are reached by matching; which gateway it is, typed code
    // knows.
    let typed = methods("delivery/mod.rs", "Delivery<G>");
    let any = methods("any/delivery.rs", "AnyDelivery");
    let by_matching = set(&["event", "into_event", "envelope", "into_envelope"]);
    assert_eq!(&typed - &any, by_matching);
    assert_eq!(&any - &typed, set(&["gateway"]));

    let typed = methods("receiver.rs", "Receiver<G>");
    // Those of the room above.
    let typed = &typed | &set(&["with_store", "door"]);
    assert!(typed.len() <= 10, "{typed:?}");
    let any = methods("any/receiver.rs", "AnyReceiver");
    assert_eq!(&any - &typed, set(&["gateway"]));
    assert_eq!(&typed - &any, set(&[]));

    let typed = &methods("tenants.rs", "Tenants<G>") | &set(&["with_store", "door"]);
    let any = methods("any/tenants.rs", "AnyTenants");
    assert_eq!(&any - &typed, set(&["gateway"]));
    assert_eq!(&typed - &any, set(&["new"]));
}

/// The names of events are typed at every gateway, and what is not named is skipped.
#[test]
fn only_takes_typed_names_at_every_gateway() {
    use zaphook::{EazeWa, EnviaAi, Evolution, Gateway, Receiver, Recognition, Wawp, Zavu};
    use zaphook::{eazewa, enviaai, evolution, wawp, zavu};

    fn recognised<G: Gateway>(receiver: &Receiver<G>, fixture: &str) -> Recognition {
        let headers: [(&str, &str); 0] = [];
        let request = zaphook::Request::new(&headers, crate::fixtures::text(fixture));
        receiver.receive(&request).unwrap().recognition()
    }

    macro_rules! check {
        ($($Gateway:ident::$module:ident $Name:ident $known:literal $skipped:literal;)+) => {$(
            let receiver = Receiver::new($Gateway::unauthenticated());
            let receiver = receiver.only([$module::EventName::$Name]);
            assert_eq!(recognised(&receiver, $known), Recognition::Known, $known);
            assert_eq!(recognised(&receiver, $skipped), Recognition::Skipped, $skipped);
            let tenants = zaphook::Tenants::<$Gateway>::new();
            let _ = tenants.only([$module::EventName::$Name]);
        )+};
    }

    check! {
        EazeWa::eazewa Message "eazewa/message.json" "eazewa/qr.json";
        EnviaAi::enviaai MessageReceived "enviaai/message.received.plain.json" "enviaai/message.sent.json";
        Evolution::evolution MessagesUpsert "evolution/messages.upsert.json" "evolution/messages.update.json";
        Wawp::wawp Message "wawp/message.json" "wawp/session.status.json";
        Zavu::zavu MessageInbound "zavu/message.inbound.json" "zavu/message.read.json";
    }
}
