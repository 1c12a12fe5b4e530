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
