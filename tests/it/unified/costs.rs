//! What the view costs.

use serde_json::json;
use zaphook::unified::{Happening, Message, Unified};

use super::bodies::*;
use super::{cases, delivery};
use crate::fixtures;

/// Making the view of a text, and asking what a bot asks.
#[test]
fn a_text_costs_no_allocation() {
    let said = cases::all().into_iter().take(1).flat_map(|case| case.said);
    for said in said {
        let delivery = delivery(said.gateway(), &said.body);
        let mut text = false;
        let measured = allocation_counter::measure(|| {
            for happening in delivery.unified().happenings() {
                let Happening::Message(message) = happening else { continue };
                let sender = message.sender().map(|sender| sender.as_sent());
                let is_all = message.is_incoming()
                    && sender.is_some()
                    && message.chat().is_some()
                    && message.answer_to().is_some()
                    && message.id().is_some()
                    && message.kind().is_content();
                text = is_all && message.text() == Some("hi");
            }
        });
        assert!(text, "{}", said.by);
        assert_eq!(measured.count_total, 0, "{}", said.by);
    }
}

/// For any event, lists included.
#[test]
fn walking_through_the_happenings_costs_no_allocation() {
    let mut walked = 0;
    for (name, delivery) in super::golden::all() {
        let measured = allocation_counter::measure(|| {
            for happening in delivery.unified().happenings() {
                let _ = (happening.kind(), happening.at(), happening.message());
                let _ = happening.chat().map(|chat| chat.as_sent());
                walked += 1;
            }
        });
        // A number becomes text, and a text is rid of its escapes, in what a field
        // holds; nothing else.
        let exempt = name.contains("cloud.template-status");
        assert!(measured.count_total == 0 || exempt, "{name}: {}", measured.count_total);
    }
    assert!(walked > 700);
}

/// Escapes cost one, and only when the text is asked for; what is parsed on demand
/// is parsed once.
#[test]
fn what_costs_something_costs_it_once() {
    let body = go_message(info(json!({})), json!({"conversation": "a\nb"}));
    let delivery = delivery("evolution", &body);
    let Some(Happening::Message(message)) = delivery.unified().first() else { panic!() };
    let first = allocation_counter::measure(|| assert_eq!(message.text(), Some("a\nb")));
    let again = allocation_counter::measure(|| assert_eq!(message.text(), Some("a\nb")));
    assert!(first.count_total > 0);
    assert_eq!(again.count_total, 0);
    // A copy asks again.
    assert_eq!(message.clone().text(), Some("a\nb"));
}

#[test]
fn it_can_be_sent_and_shared_and_is_not_large() {
    fn shared<T: Send + Sync + Clone + std::fmt::Debug>() {}

    shared::<Unified<'_>>();
    shared::<Happening<'_>>();
    shared::<Message<'_>>();
    assert!(size_of::<Happening<'_>>() <= 512, "{}", size_of::<Happening<'_>>());
    assert!(size_of::<Unified<'_>>() <= 64);
}

/// Engine data and files are not read while the view is made.
#[test]
fn t62_what_nobody_asks_for_is_not_read() {
    let mut body = fixtures::json(&waha_message("NOWEB", json!({"body": "hi"})));
    body["payload"]["_data"] = json!({"message": {"conversation": "hi"}, "x": "y".repeat(300_000)});
    let delivery = delivery("wawp", &body.to_string());
    let measured = allocation_counter::measure(|| {
        let Some(Happening::Message(message)) = delivery.unified().first() else { panic!() };
        assert_eq!(message.text(), Some("hi"));
        assert!(message.is_incoming());
    });
    assert_eq!(measured.count_total, 0);
}
