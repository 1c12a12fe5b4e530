//! The same happening, told by every generation and engine: the methods give
//! the same answers, and nobody has to ask which it was.

use std::collections::BTreeMap;
use std::fmt::Display;

use zaphook::wawp::{Envelope, Event};

use super::envelope;

const ANA: &str = "5511999990001@c.us";
const PHONE: &str = "5511999990001";
const GROUP: &str = "120363000000000001@g.us";
const RECEIVED: &str = "3A00112233445566778A";
const SENT: &str = "3EB0C0DE00112233AABB";
const AT: &str = "2026-02-10 14:23:44 UTC";

/// The fixtures that tell the same happening, and the answers that all of them
/// give. A dash: the answer is `None`.
type Row = (&'static [&'static str], &'static [(&'static str, &'static str)]);

const HAPPENINGS: &[Row] = &[
    (
        &["message.webjs", "message.noweb", "message.gows", "message.wpp", "message.wawp"],
        &[
            ("chat", ANA),
            ("sender", ANA),
            ("phone", PHONE),
            ("from me", "false"),
            ("message", RECEIVED),
            ("text", "Oi"),
            ("happened", AT),
        ],
    ),
    (
        &["message.any", "message.any.noweb", "message.any.gows"],
        &[
            ("chat", ANA),
            ("sender", "-"),
            ("phone", "-"),
            ("from me", "true"),
            ("message", SENT),
            ("text", "Oi"),
        ],
    ),
    (
        &["message.webjs_group", "message.noweb_group", "message.gows_group"],
        &[
            ("chat", GROUP),
            ("sender", ANA),
            ("phone", PHONE),
            ("from me", "false"),
            ("message", RECEIVED),
            ("mentions", "5511999990002"),
        ],
    ),
    (
        &["message.any.webjs_group", "message.any.noweb_group", "message.any.gows_group"],
        &[("chat", GROUP), ("sender", "-"), ("from me", "true"), ("message", SENT)],
    ),
    // The number behind a LID; WEBJS does not have it.
    (
        &["message.noweb_hidden", "message.gows_hidden"],
        &[
            ("chat", "100000000000001@lid"),
            ("sender", "100000000000001@lid"),
            ("phone", PHONE),
            ("from me", "false"),
        ],
    ),
    (
        &["message.webjs_hidden"],
        &[("chat", "100000000000001@lid"), ("sender", "100000000000001@lid"), ("phone", "-")],
    ),
    (
        &["message.noweb_group_hidden", "message.gows_group_hidden"],
        &[("chat", GROUP), ("sender", "100000000000001@lid"), ("phone", PHONE)],
    ),
    (
        &["message.location_webjs", "message.location_noweb", "message.location_gows"],
        &[("chat", ANA), ("place", "-23.5505 -46.6333")],
    ),
    (
        &["message.reaction", "message.reaction.noweb", "message.reaction.gows"],
        &[
            ("chat", ANA),
            ("phone", PHONE),
            ("from me", "false"),
            ("emoji", "👍"),
            ("message", SENT),
        ],
    ),
    (
        &[
            "message.reaction.webjs_group",
            "message.reaction.noweb_group",
            "message.reaction.gows_group",
        ],
        &[
            ("chat", GROUP),
            ("sender", ANA),
            ("phone", PHONE),
            ("from me", "false"),
            ("message", SENT),
            ("happened", AT),
        ],
    ),
    (
        &["message.reaction.removed", "message.reaction.removed_null"],
        &[("chat", ANA), ("sender", ANA), ("emoji", "-")],
    ),
    (
        &["message.ack", "message.ack.noweb", "message.ack.gows", "message.ack.wawp"],
        &[
            ("chat", ANA),
            ("reader", ANA),
            ("from me", "true"),
            ("receipt", "Read"),
            ("message", SENT),
        ],
    ),
    (
        &["message.ack.group", "message.ack.group.noweb", "message.ack.group.gows"],
        &[
            ("chat", GROUP),
            ("reader", ANA),
            ("from me", "true"),
            ("receipt", "Read"),
            ("message", SENT),
        ],
    ),
    (
        &["message.edited", "message.edited.noweb", "message.edited.gows", "message.edited.wawp"],
        &[
            ("chat", ANA),
            ("sender", ANA),
            ("phone", PHONE),
            ("from me", "false"),
            ("text", "Oi! Tudo bem?"),
            ("message", RECEIVED),
        ],
    ),
    (&["message.edited", "message.edited.wawp"], &[("text before", "Oi")]),
    (
        &[
            "message.revoked",
            "message.revoked.noweb",
            "message.revoked.gows",
            "message.revoked.wawp",
        ],
        &[
            ("chat", ANA),
            ("sender", ANA),
            ("phone", PHONE),
            ("from me", "false"),
            ("message", RECEIVED),
        ],
    ),
    (
        &["group.v2.join", "group.v2.join.webjs", "group.v2.join.gows"],
        &[("chat", GROUP), ("happened", AT), ("members", "5511999990001 5511999990002")],
    ),
    (&["group.v2.join", "group.v2.join.webjs"], &[("invite", "AbCdEf0123456789")]),
    (
        &["group.v2.join", "group.v2.join.wawp"],
        &[("chat", GROUP), ("member ids", "5511999990001@c.us 100000000000002@lid")],
    ),
    (
        &["group.v2.leave", "group.v2.leave.webjs", "group.v2.leave.gows"],
        &[("chat", GROUP), ("happened", AT)],
    ),
    (&["group.v2.leave", "group.v2.leave.wawp"], &[("chat", GROUP)]),
    (
        &["group.v2.update", "group.v2.update.noweb", "group.v2.update.gows"],
        &[
            ("chat", GROUP),
            ("subject", "Clientes de sábado"),
            ("description", "Reservas e cardápio"),
            ("only admins", "true"),
            ("happened", AT),
        ],
    ),
    (
        &["group.v2.update", "group.v2.update.wawp"],
        &[
            ("chat", GROUP),
            ("subject", "Clientes de sábado"),
            ("description", "Reservas e cardápio"),
        ],
    ),
    (
        &[
            "group.v2.participants",
            "group.v2.participants.webjs",
            "group.v2.participants.gows",
            "group.v2.participants.wawp",
        ],
        &[("chat", GROUP), ("change", "promote"), ("members", PHONE)],
    ),
    (
        &["group.v2.participants", "group.v2.participants.webjs", "group.v2.participants.gows"],
        &[("happened", AT)],
    ),
    (&["group.join", "group.join.noweb", "group.leave"], &[("chat", GROUP)]),
    (
        &[
            "presence.update",
            "presence.update.webjs",
            "presence.update.noweb_raw",
            "presence.update.wawp",
        ],
        &[("chat", ANA), ("people", "5511999990001@c.us typing")],
    ),
    (
        &["poll.vote", "poll.vote.gows", "poll.vote.webjs"],
        &[
            ("chat", ANA),
            ("sender", ANA),
            ("phone", PHONE),
            ("from me", "false"),
            ("message", SENT),
            ("choice", "Sábado Domingo"),
            ("happened", AT),
        ],
    ),
    (&["poll.vote.failed", "poll.vote.failed.gows"], &[("happened", AT), ("from me", "false")]),
    (
        &["poll.vote.failed", "poll.vote.failed.gows", "poll.vote.failed.wawp"],
        &[("chat", ANA), ("sender", ANA), ("phone", PHONE), ("message", SENT)],
    ),
    (&["chat.archive", "chat.archive.wawp"], &[("chat", ANA), ("archived", "true")]),
    (
        &["call.received", "call.received.webjs", "call.received.gows", "call.received.wawp"],
        &[("call", "1A2B3C4D5E6F"), ("caller", ANA), ("video", "true")],
    ),
    (&["call.accepted", "call.accepted.noweb", "call.accepted.wawp"], &[("call", "1A2B3C4D5E6F")]),
    (
        &["call.rejected", "call.rejected.webjs", "call.rejected.noweb", "call.rejected.wawp"],
        &[("call", "1A2B3C4D5E6F")],
    ),
    (
        &["label.upsert", "label.upsert.wawp"],
        &[("label", "6"), ("label name", "VIP"), ("colour", "#DFE5E7")],
    ),
    (
        &["label.chat.added", "label.chat.added.gows", "label.chat.added.wawp"],
        &[("chat", ANA), ("label", "6")],
    ),
    (
        &["label.chat.deleted", "label.chat.deleted.gows", "label.chat.deleted.wawp"],
        &[("chat", ANA), ("label", "6")],
    ),
    (
        &["event.response", "event.response.failed"],
        &[("chat", GROUP), ("sender", ANA), ("message", SENT)],
    ),
    (
        &["session.status.wawp", "session.status.bare_working"],
        &[("session", "4B7D9C21E0AA"), ("state", "WORKING")],
    ),
    (&["session.status", "session.status.wawp"], &[("state", "WORKING")]),
];

fn or_dash(value: Option<impl Display>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn joined<T: Display>(values: impl IntoIterator<Item = T>) -> String {
    values.into_iter().map(|value| value.to_string()).collect::<Vec<_>>().join(" ")
}

macro_rules! who {
    ($answers:ident, $payload:ident) => {
        $answers.insert("sender", or_dash($payload.sender().map(|jid| jid.to_jid())));
        $answers.insert("phone", or_dash($payload.sender_phone()));
        $answers.insert("from me", $payload.is_from_me().to_string());
    };
}

/// All that an event answers.
fn answers(envelope: &Envelope) -> BTreeMap<&'static str, String> {
    let event = &envelope.event;
    let engine = envelope.engine.clone();
    let mut answers = BTreeMap::from([
        ("chat", or_dash(event.chat().map(|jid| jid.to_jid()))),
        ("message", or_dash(event.message_id())),
        ("happened", or_dash(envelope.happened_at())),
        ("session", or_dash(envelope.session_name())),
    ]);
    match event {
        Event::Message(message) | Event::MessageAny(message) => {
            who!(answers, message);
            answers.insert("text", or_dash(message.body.as_ref()));
            let mentioned = message.mentioned();
            answers.insert("mentions", joined(mentioned.iter().filter_map(|jid| jid.phone())));
            if let Some(place) = &message.location {
                let degrees = [place.latitude, place.longitude].into_iter().flatten();
                answers.insert("place", joined(degrees));
            }
        }
        Event::MessageReaction(reaction) => {
            who!(answers, reaction);
            answers.insert("emoji", or_dash(reaction.emoji()));
        }
        Event::MessageAck(ack) | Event::MessageAckGroup(ack) => {
            answers.insert("reader", or_dash(ack.reader().map(|jid| jid.to_jid())));
            answers.insert("from me", ack.is_from_me().to_string());
            answers.insert("receipt", or_dash(ack.receipt().map(|ack| format!("{ack:?}"))));
        }
        Event::MessageEdited(edited) => {
            who!(answers, edited);
            answers.insert("text", or_dash(edited.new_text()));
            answers.insert("text before", or_dash(edited.previous_text()));
        }
        Event::MessageRevoked(revoked) => {
            who!(answers, revoked);
        }
        Event::GroupV2Join(join) => {
            let members = join.members();
            answers.insert("members", joined(members.iter().filter_map(|member| member.phone())));
            answers.insert("member ids", joined(members.iter().map(|member| &member.id)));
            let code = join.group.as_ref().and_then(|group| group.invite_code());
            answers.insert("invite", or_dash(code));
        }
        Event::GroupV2Update(update) => {
            answers.insert("subject", or_dash(update.new_subject()));
            answers.insert("description", or_dash(update.new_description()));
            let only = engine.and_then(|engine| update.only_admins_send(&engine));
            answers.insert("only admins", or_dash(only));
        }
        Event::GroupV2Participants(change) => {
            answers.insert("change", or_dash(change.change()));
            let members = change.participants.iter().flatten();
            answers.insert("members", joined(members.filter_map(|member| member.phone())));
        }
        Event::PresenceUpdate(update) => {
            let people = update.people();
            let people = people.iter().map(|person| {
                let who = or_dash(person.participant.as_ref());
                format!("{who} {}", or_dash(person.last_known_presence.as_ref()))
            });
            answers.insert("people", joined(people));
        }
        Event::PollVote(vote) => {
            who!(answers, vote);
            answers.insert("choice", joined(vote.vote.selected_options.iter().flatten()));
        }
        Event::PollVoteFailed(vote) => {
            who!(answers, vote);
        }
        Event::ChatArchive(archive) => {
            answers.insert("archived", or_dash(archive.archived));
        }
        Event::CallReceived(call) | Event::CallAccepted(call) | Event::CallRejected(call) => {
            answers.insert("call", or_dash(call.id.as_deref()));
            answers.insert("caller", or_dash(call.from.as_ref()));
            answers.insert("video", or_dash(call.is_video));
        }
        Event::LabelUpsert(label) => {
            answers.insert("label", or_dash(label.label_id()));
            answers.insert("label name", or_dash(label.label_name()));
            answers.insert("colour", or_dash(label.hex().map(str::to_ascii_uppercase)));
        }
        Event::LabelChatAdded(label) | Event::LabelChatDeleted(label) => {
            answers.insert("label", label.label_id.to_string());
        }
        Event::EventResponse(response) | Event::EventResponseFailed(response) => {
            who!(answers, response);
        }
        Event::SessionStatus(status) => {
            answers.insert("state", status.status.to_string());
        }
        Event::GroupV2Leave(_) | Event::GroupJoin(_) | Event::GroupLeave(_) => {}
        other => panic!("{} has no answers here", other.name()),
    }
    answers
}

#[test]
fn one_happening_gives_the_same_answers_from_every_generation_and_engine() {
    for (fixtures, expected) in HAPPENINGS {
        for fixture in *fixtures {
            let answers = answers(&envelope(fixture));
            for (question, answer) in *expected {
                let found =
                    answers.get(question).unwrap_or_else(|| panic!("{fixture}: {question}"));
                assert_eq!(found, answer, "{fixture}: {question}");
            }
        }
    }
}

/// Every event with more than one shape is in the table with all of them.
#[test]
fn the_table_has_every_generation_and_engine() {
    for (fixture, _) in crate::fixtures::all("wawp") {
        let told = [".wawp", ".noweb", ".gows", ".webjs"];
        if told.iter().any(|shape| fixture.ends_with(shape)) {
            // What a state or a presence without a word says is not the same.
            let alone = ["presence.update.gows"];
            let listed = HAPPENINGS.iter().any(|(fixtures, _)| fixtures.contains(&&*fixture));
            assert!(listed || alone.contains(&&*fixture), "{fixture}");
        }
    }
}
