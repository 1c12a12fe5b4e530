//! The page on who tells what, held against the events and the fixtures.

use std::collections::BTreeSet;

use zaphook::event::EventSet;
use zaphook::evolution::go;
use zaphook::unified::events::{
    COLUMNS, EAZEWA, ENVIAAI, EVOLUTION, EVOLUTION_GO, FACTS, Row, WAWP, ZAVU,
};
use zaphook::unified::{
    Album, ConnectionState, GroupChange, Happening, Message, ReactionChange, Scope, Selected,
    Status,
};
use zaphook::{AnyDelivery, Recognition, eazewa, enviaai, evolution, wawp, zavu};

use super::{cases, delivery, golden};

/// Every gateway's rows, and the names of its events.
fn lists() -> [(&'static str, &'static [Row], &'static [&'static str]); 6] {
    [
        ("enviaai", ENVIAAI, enviaai::Event::NAMES),
        ("eazewa", EAZEWA, eazewa::Event::NAMES),
        ("evolution", EVOLUTION, evolution::Event::NAMES),
        ("evolution/go", EVOLUTION_GO, go::Event::NAMES),
        ("wawp", WAWP, wawp::Event::NAMES),
        ("zavu", ZAVU, zavu::Event::NAMES),
    ]
}

/// An event that is added without a row fails here.
#[test]
fn every_event_has_a_row() {
    for (gateway, rows, names) in lists() {
        let rows: Vec<&str> = rows.iter().map(|row| row.event).collect();
        assert_eq!(rows, names, "{gateway}");
    }
}

/// The name in the list of the event that a delivery has, and whose list it is.
fn listed(delivery: &AnyDelivery) -> (&'static str, String) {
    match delivery {
        AnyDelivery::EnviaAi(delivery) => ("enviaai", delivery.event().name().to_owned()),
        AnyDelivery::EazeWa(delivery) => ("eazewa", delivery.event().name().to_owned()),
        AnyDelivery::Evolution(delivery) => match delivery.event() {
            evolution::Event::Go(go) => {
                let event: &go::Event = zaphook::event::Envelope::event(&**go);
                ("evolution/go", EventSet::name(event).to_owned())
            }
            event => ("evolution", event.name().to_owned()),
        },
        AnyDelivery::Wawp(delivery) => ("wawp", delivery.event().name().to_owned()),
        AnyDelivery::Zavu(delivery) => ("zavu", delivery.event().name().to_owned()),
        _ => unreachable!(),
    }
}

/// What an event becomes is what its row says, and every row that says something is
/// seen to hold.
#[test]
fn every_fixture_becomes_what_its_row_says() {
    let mut seen = BTreeSet::new();
    for (name, delivery) in golden::all() {
        let (gateway, event) = listed(&delivery);
        let (_, rows, _) = lists().into_iter().find(|(list, ..)| *list == gateway).unwrap();
        let Some(row) = rows.iter().find(|row| row.event == event) else {
            assert_ne!(delivery.recognition(), Recognition::Known, "{name}");
            continue;
        };
        for happening in delivery.unified().happenings() {
            let kind = happening.kind();
            let unreadable = delivery.recognition() != Recognition::Known && kind == "other";
            assert!(unreadable || row.happenings.contains(&kind), "{name}: {kind}");
            seen.insert((gateway, event.clone(), kind));
        }
    }
    for (gateway, rows, _) in lists() {
        for row in rows.iter().filter(|row| row.event != "go") {
            assert!(!row.happenings.is_empty(), "{}", row.event);
            let shown = row
                .happenings
                .iter()
                .filter(|kind| seen.contains(&(gateway, row.event.to_owned(), **kind)))
                .count();
            assert!(
                shown > 0,
                "{gateway}: no fixture of {} becomes {:?}",
                row.event,
                row.happenings
            );
            for kind in row.happenings {
                assert!(Happening::KINDS.contains(kind), "{kind}");
            }
        }
    }
}

/// Whether a happening tells a fact of the matrix.
fn tells(fact: &str, happening: &Happening<'_>) -> bool {
    let (kind, what) = match fact.split_once(": ") {
        Some((kind, what)) => (kind, what),
        None => return happening.kind() == fact,
    };
    if happening.kind() != kind {
        return false;
    }
    match happening {
        Happening::Message(message) => of_message(what, message),
        Happening::Edit(edit) => match what {
            "what it said before" => edit.previous.is_some(),
            "that it cannot be read" => edit.unreadable,
            _ => panic!("{fact}"),
        },
        Happening::Delete(delete) => delete.scope == Scope::ForMe,
        Happening::Receipt(receipt) => match what {
            "sent" => receipt.status == Status::Sent,
            "delivered" => receipt.status == Status::Delivered,
            "read" => receipt.status == Status::Read,
            "played" => receipt.status == Status::Played,
            "failed" => receipt.status == Status::Failed,
            "why it failed" => receipt.error.is_some(),
            "who, in a group" => {
                let group = receipt
                    .chat
                    .is_some_and(|chat| chat.kind() == zaphook::unified::AddressKind::Group);
                group && receipt.by.is_some()
            }
            "when" => receipt.at.is_some(),
            _ => panic!("{fact}"),
        },
        Happening::PollVote(vote) => match (what, &vote.selected) {
            ("what is chosen", Selected::Options(_)) => true,
            ("that it cannot be read", Selected::Unreadable) => true,
            ("what is chosen" | "that it cannot be read", _) => false,
            _ => panic!("{fact}"),
        },
        Happening::Group(group) => group.change.members().is_some_and(|mut all| {
            all.next().is_some() && !matches!(group.change, GroupChange::Created)
        }),
        Happening::Connection(connection) => match what {
            "open" => connection.state == ConnectionState::Open,
            "logged out" => connection.logged_out,
            _ => panic!("{fact}"),
        },
        Happening::Pairing(pairing) => match what {
            "text of the QR code" => pairing.qr.is_some(),
            "image of the QR code" => pairing.qr_image.is_some(),
            _ => panic!("{fact}"),
        },
        Happening::Reaction(reaction) => matches!(reaction.change, ReactionChange::Set(_)),
        _ => panic!("{fact}"),
    }
}

fn of_message(what: &str, message: &Message<'_>) -> bool {
    let media = message.media();
    let reply = message.reply_to();
    match what {
        "id" => message.id().is_some(),
        "written at" => message.at().is_some(),
        "chat" => message.chat().is_some(),
        "the chat's LID" => message.chat().is_some_and(|chat| chat.lid().is_some()),
        "sender's name" => message.sender_name().is_some(),
        "from the account itself" => message.is_from_me(),
        "written by device or API" => message.written_by().is_some(),
        "text or caption" => message.text().is_some(),
        "media type" => media.is_some_and(|media| media.mimetype.is_some()),
        "media size" => media.is_some_and(|media| media.size.is_some()),
        "file name" => media.is_some_and(|media| media.file_name.is_some()),
        "duration" => media.is_some_and(|media| media.duration.is_some()),
        "whether a voice note" => media.is_some_and(|media| media.voice_note == Some(true)),
        "file inside" => media.is_some_and(|media| media.inline.is_some()),
        "address of the file" => media.is_some_and(|media| media.url.is_some()),
        "id of the file" => media.is_some_and(|media| media.id.is_some()),
        "thumbnail" => media.is_some_and(|media| media.thumbnail.is_some()),
        "place" => message.location().is_some(),
        "whether the place moves" => message.location().is_some_and(|place| place.live.is_some()),
        "contact cards" => message.contacts().next().is_some(),
        "choice" => message.choice().is_some(),
        "id of the choice" => message.choice().is_some_and(|choice| choice.id.is_some()),
        "poll" => message.poll().is_some_and(|mut poll| poll.options.next().is_some()),
        "reply, its id" => reply.is_some_and(|reply| reply.id.is_some()),
        "reply, its author" => reply.is_some_and(|reply| reply.author.is_some()),
        "reply, its text" => reply.is_some_and(|reply| reply.text().is_some()),
        "reply to another chat" => reply.is_some_and(|reply| reply.chat.is_some()),
        "mentions" => message.mentions().next().is_some(),
        "mentioned groups" => message.mentioned_groups().next().is_some(),
        "forwarded" => message.forwarded().is_some(),
        "how often forwarded" => message.forward_count().is_some(),
        "to be seen once" => message.view_once() == Some(true),
        "disappears" => message.disappears() == Some(true),
        "disappears after" => message.disappears_after().is_some(),
        "album" => matches!(message.album(), Some(Album::Header { .. } | Album::Item { .. })),
        "replaces another" => message.replaces().is_some(),
        "advertisement" => message.ad().is_some(),
        "transcript" => message.transcript().is_some(),
        "test of the gateway's" => message.is_test(),
        "history" => message.is_history(),
        _ => panic!("{what}"),
    }
}

/// The columns that a delivery may be of. Which engine, channel or generation of a
/// gateway it is, not every body tells.
fn columns(name: &str, delivery: &AnyDelivery) -> &'static [usize] {
    match delivery.gateway() {
        "enviaai" => &[0],
        "eazewa" => &[1],
        "evolution" if name.starts_with("evolution/go") => &[4],
        "evolution" => &[2, 3],
        "wawp" => &[5, 6, 7, 8],
        _ => &[9],
    }
}

/// What a gateway never tells no fixture tells. The other way round, what it tells
/// some fixture shows, or a conformance case does.
#[test]
fn no_fixture_tells_what_its_gateway_never_tells() {
    let mut all = golden::all();
    for said in cases::all().into_iter().flat_map(|case| case.said) {
        let folder = if said.by.starts_with("VG") { "evolution/go/" } else { "" };
        let name = format!("{folder}{}", said.by);
        all.push((name, delivery(said.gateway(), &said.body)));
    }
    let mut shown = BTreeSet::new();
    for (name, delivery) in &all {
        let columns = columns(name, delivery);
        let unified = delivery.unified();
        let happenings: Vec<_> = unified.happenings().collect();
        for fact in FACTS {
            if happenings.iter().any(|one| tells(fact.fact, one)) {
                assert!(
                    columns.iter().any(|column| fact.told[*column] != "–"),
                    "{name} tells {}",
                    fact.fact
                );
                shown.insert((fact.fact, columns));
            }
        }
    }
    let groups: [&'static [usize]; 6] = [&[0], &[1], &[2, 3], &[4], &[5, 6, 7, 8], &[9]];
    let mut missing = Vec::new();
    for fact in FACTS {
        for group in groups {
            let says = group.iter().any(|column| fact.told[*column] == "●");
            if says && !shown.contains(&(fact.fact, group)) {
                missing.push((fact.fact, COLUMNS[group[0]]));
            }
        }
    }
    assert!(missing.is_empty(), "no fixture shows {missing:#?}");
}
