//! Message ids: the table of texts and parts, objects, rebuilding, and what
//! holds for every text.

use std::collections::HashSet;
use std::fmt::Debug;
use std::panic::{RefUnwindSafe, UnwindSafe};

use proptest::prelude::*;
use serde_json::json;
use zaphook::jid::JidRef;
use zaphook::message_id::{Direction, MessageIdError, Parts};
use zaphook::{Jid, MessageId};

use crate::fuzz::targets::message_id_laws as laws;
use crate::jid::table::{documented, rows};
use crate::jid::{PIECES, cases, texts};

/// Texts and their parts. The text is a JSON string; an empty cell is "none".
/// `fault` is what strict parsing says; empty means that the text is
/// well-formed.
const IDS: &str = r#"
text                                                                                           | from me | chat                             | server id | id                               | participant                       | direction | fault

"true_5511999990001@c.us_3EB0C0DE00112233AABB"                                                 | true    | 5511999990001@c.us               |           | 3EB0C0DE00112233AABB             |                                   |           |
"false_5511999990001@c.us_3A00112233445566778A"                                                | false   | 5511999990001@c.us               |           | 3A00112233445566778A             |                                   |           |
"false_100000000000001@lid_3A00112233445566778A"                                               | false   | 100000000000001@lid              |           | 3A00112233445566778A             |                                   |           |
"false_5511999990001@s.whatsapp.net_3A00112233445566778A"                                      | false   | 5511999990001@s.whatsapp.net     |           | 3A00112233445566778A             |                                   |           |

# Groups and the status feed, with and without their author.
"false_120363000000000001@g.us_3EB0C0DE00112233AABB_5511999990001@c.us"                        | false   | 120363000000000001@g.us          |           | 3EB0C0DE00112233AABB             | 5511999990001@c.us                |           |
"true_120363000000000001@g.us_4CC0FFEE00112233445566778899AABB_100000000000001@lid"            | true    | 120363000000000001@g.us          |           | 4CC0FFEE00112233445566778899AABB | 100000000000001@lid               |           |
"true_120363000000000001@g.us_4CC0FFEE00112233445566778899AABB"                                | true    | 120363000000000001@g.us          |           | 4CC0FFEE00112233445566778899AABB |                                   |           |
"false_5511999990001-1610000000@g.us_3EB0C0DE00112233AABB_5511999990001:7@c.us"                | false   | 5511999990001-1610000000@g.us    |           | 3EB0C0DE00112233AABB             | 5511999990001:7@c.us              |           |
"false_status@broadcast_AC0FFEE0112233445566778899AABBCC_5511999990001@c.us"                   | false   | status@broadcast                 |           | AC0FFEE0112233445566778899AABBCC | 5511999990001@c.us                |           |
"false_120363000000000001@g.us_1234567_0@c.us"                                                 | false   | 120363000000000001@g.us          |           | 1234567                          | 0@c.us                            |           |

# Messages to oneself.
"true_5511999990001@c.us_3EB0C0DE00112233AABB_out"                                             | true    | 5511999990001@c.us               |           | 3EB0C0DE00112233AABB             |                                   | out       |
"false_5511999990001@c.us_3EB0C0DE00112233AABB_in"                                             | false   | 5511999990001@c.us               |           | 3EB0C0DE00112233AABB             |                                   | in        |
"true_120363000000000001@g.us_3EB0C0DE00112233AABB_5511999990001@c.us_out"                     | true    | 120363000000000001@g.us          |           | 3EB0C0DE00112233AABB             | 5511999990001@c.us                | out       |
"true_5511999990001@c.us_out"                                                                  | true    | 5511999990001@c.us               |           | out                              |                                   |           |
"true_5511999990001@c.us_3EB0C0DE00112233AABB_OUT"                                             | true    | 5511999990001@c.us               |           | 3EB0C0DE00112233AABB_OUT         |                                   |           |

# Channels.
"false_120363000000000002@newsletter_100_3EB0C0DE00112233AABB"                                 | false   | 120363000000000002@newsletter    | 100       | 3EB0C0DE00112233AABB             |                                   |           |
"false_120363000000000002@newsletter_3EB0C0DE00112233AABB"                                     | false   | 120363000000000002@newsletter    |           | 3EB0C0DE00112233AABB             |                                   |           |
"false_120363000000000002@newsletter_123"                                                      | false   | 120363000000000002@newsletter    | 123       |                                  |                                   |           |
"true_120363000000000002@newsletter_123_out"                                                   | true    | 120363000000000002@newsletter    | 123       |                                  |                                   | out       |
"false_120363000000000002@newsletter_100_3EB0C0DE00112233AABB_5511999990001@c.us"              | false   | 120363000000000002@newsletter    | 100       | 3EB0C0DE00112233AABB             | 5511999990001@c.us                |           |
"false_120363000000000002@newsletter_100_"                                                     | false   | 120363000000000002@newsletter    | 100       |                                  |                                   |           | the id is missing at byte 40
"false_120363000000000001@g.us_100_3EB0C0DE00112233AABB"                                       | false   | 120363000000000001@g.us          |           | 100_3EB0C0DE00112233AABB         |                                   |           |

# Bare ids of every kind.
"3EB0C0DE00112233AABB"                                                                         |         |                                  |           | 3EB0C0DE00112233AABB             |                                   |           |
"BAE5C0DE00112233"                                                                             |         |                                  |           | BAE5C0DE00112233                 |                                   |           |
"3EB0C0DE00112233445566778899AABBCCDDEEFF"                                                     |         |                                  |           | 3EB0C0DE00112233445566778899AABBCCDDEEFF |                           |           |
"wamid.HBgNNTUxMTk5OTk5MDAwMRUCABEYEjNFQjBDMERF/+A=="                                          |         |                                  |           | wamid.HBgNNTUxMTk5OTk5MDAwMRUCABEYEjNFQjBDMERF/+A== |                |           |
"6f1f2d3c-8b5a-4b0e-9c1d-2a3b4c5d6e7f"                                                         |         |                                  |           | 6f1f2d3c-8b5a-4b0e-9c1d-2a3b4c5d6e7f |                               |           |
"msg_abc123"                                                                                   |         |                                  |           | msg_abc123                       |                                   |           |
"msg_abc123_out"                                                                               |         |                                  |           | msg_abc123_out                   |                                   |           |
"1234567"                                                                                      |         |                                  |           | 1234567                          |                                   |           |
"true"                                                                                         |         |                                  |           | true                             |                                   |           |
"TRUE_3EB0C0DE00112233AABB"                                                                    |         |                                  |           | TRUE_3EB0C0DE00112233AABB        |                                   |           |

# Separators inside the parts.
"false_5511999990001_1:12@s.whatsapp.net_3EB0C0DE00112233AABB"                                 | false   | 5511999990001_1:12@s.whatsapp.net |          | 3EB0C0DE00112233AABB             |                                   |           |
"false_120363000000000001@g.us_3EB0C0DE00112233AABB_5511999990001_1:12@s.whatsapp.net"         | false   | 120363000000000001@g.us          |           | 3EB0C0DE00112233AABB             | 5511999990001_1:12@s.whatsapp.net |           |
"false_120363000000000001@g.us_3EB0C0DE00112233AABB_5511999990001_1@s.whatsapp.net_out"        | false   | 120363000000000001@g.us          |           | 3EB0C0DE00112233AABB             | 5511999990001_1@s.whatsapp.net    | out       |
"false_120363000000000001@g.us_msg_abc123_5511999990001_255:3@s.whatsapp.net"                  | false   | 120363000000000001@g.us          |           | msg_abc123                       | 5511999990001_255:3@s.whatsapp.net |          |
"false_120363000000000001@g.us_msg_abc123_5511999990001@c.us"                                  | false   | 120363000000000001@g.us          |           | msg_abc123                       | 5511999990001@c.us                |           |
"false_120363000000000001@g.us_msg_123_0@c.us"                                                 | false   | 120363000000000001@g.us          |           | msg_123                          | 0@c.us                            |           |
"false_120363000000000001@g.us_msg_12345_5511999990001@c.us"                                   | false   | 120363000000000001@g.us          |           | msg_12345                        | 5511999990001@c.us                |           |
"false_120363000000000001@g.us__1234567_0@c.us"                                                | false   | 120363000000000001@g.us          |           | _1234567                         | 0@c.us                            |           |
"true_5511999990001@c.us__out"                                                                 | true    | 5511999990001@c.us               |           | _out                             |                                   |           |
"true_5511999990001@c.us__in"                                                                  | true    | 5511999990001@c.us               |           | _in                              |                                   |           |
"false_5511999990001@c.us__3EB0_"                                                              | false   | 5511999990001@c.us               |           | _3EB0_                           |                                   |           |
"true_true_status@broadcast_3EB0C0DE00112233AABB"                                              | true    | true_status@broadcast            |           | 3EB0C0DE00112233AABB             |                                   |           |
"false_120363000000000001@g.us_false_5511999990001@c.us"                                       | false   | 120363000000000001@g.us          |           | false                            | 5511999990001@c.us                |           |

# No message id.
""                                                                                             |         |                                  |           |                                  |                                   |           | the id is missing at byte 0
"true_"                                                                                        |         |                                  |           | true_                            |                                   |           | chat: the user is missing at byte 5
"true_3EB0C0DE00112233AABB"                                                                    |         |                                  |           | true_3EB0C0DE00112233AABB        |                                   |           | chat: expected '@' at byte 25, found the end
"true_me_3EB0C0DE00112233AABB"                                                                 |         |                                  |           | true_me_3EB0C0DE00112233AABB     |                                   |           | chat: expected '@' at byte 28, found the end
"true_g.us"                                                                                    |         |                                  |           | true_g.us                        |                                   |           | the id is missing at byte 9
"true_5511999990001@c.us"                                                                      | true    | 5511999990001@c.us               |           |                                  |                                   |           | the id is missing at byte 23
"true_5511999990001@c.us_"                                                                     | true    | 5511999990001@c.us               |           |                                  |                                   |           | the id is missing at byte 24
"true_5511999990001:x@c.us_3EB0C0DE00112233AABB"                                               | true    | 5511999990001:x@c.us             |           | 3EB0C0DE00112233AABB             |                                   |           | chat: unexpected character 'x' at byte 19 in the device
"true_120363000000000001@g.us_3EB0C0DE00112233AABB_5511999990001:x@c.us"                       | true    | 120363000000000001@g.us          |           | 3EB0C0DE00112233AABB             | 5511999990001:x@c.us              |           | participant: unexpected character 'x' at byte 64 in the device
"true_120363000000000001@g.us_3EB0C0DE00112233AABB_@"                                          | true    | 120363000000000001@g.us          |           | 3EB0C0DE00112233AABB             | @                                 |           | participant: the server is missing at byte 51
"true_120363000000000001@g.us__5511999990001@c.us"                                             | true    | 120363000000000001@g.us          |           | _5511999990001@c.us              |                                   |           | unexpected character '@' at byte 43 in the id
"true_120363000000000001@g.us_5511999990001@c.us"                                              | true    | 120363000000000001@g.us          |           | 5511999990001@c.us               |                                   |           | unexpected character '@' at byte 42 in the id
"true_120363000000000001@g.us_5511999990001@c.us_3EB0C0DE00112233AABB"                         | true    | 120363000000000001@g.us          |           | 5511999990001@c.us_3EB0C0DE00112233AABB |                            |           | unexpected character '@' at byte 42 in the id
"5511999990001@c.us"                                                                           |         |                                  |           | 5511999990001@c.us               |                                   |           | unexpected character '@' at byte 13 in the id
"3EB0C0DE 00112233AABB"                                                                        |         |                                  |           | 3EB0C0DE 00112233AABB            |                                   |           | unexpected character ' ' at byte 8 in the id
"3EB0C0DE00112233AABB\n"                                                                       |         |                                  |           | "3EB0C0DE00112233AABB\n"         |                                   |           | unexpected character '\n' at byte 20 in the id
"#;

/// Asserts one answer of one row.
#[track_caller]
fn answers<T: PartialEq + Debug>(row: &str, what: &str, found: T, expected: T) {
    assert_eq!(found, expected, "{what} of {row}");
}

fn truth(cell: Option<&str>) -> Option<bool> {
    cell.map(|cell| cell.parse().unwrap())
}

#[test]
fn every_text_answers_its_row() {
    for row in rows(IDS) {
        let name = row.cell("text").unwrap();
        let text = row.text("text");
        let id = MessageId::from_wire(&*text);
        let bare = match row.cell("id") {
            Some(cell) if cell.starts_with('"') => Some(row.text("id")),
            cell => cell.map(str::to_owned),
        };
        answers(name, "from me", id.from_me(), truth(row.cell("from me")));
        answers(name, "chat", id.chat().map(JidRef::as_str), row.cell("chat"));
        answers(name, "server id", id.server_id(), row.cell("server id"));
        answers(name, "id", id.id().map(str::to_owned), bare);
        let participant = id.participant().map(JidRef::as_str);
        answers(name, "participant", participant, row.cell("participant"));
        answers(name, "direction", id.direction().map(Direction::as_str), row.cell("direction"));
        answers(name, "bareness", id.is_bare(), row.cell("from me").is_none());

        let parts = id.parts();
        answers(name, "from me", parts.from_me, id.from_me());
        answers(name, "chat", parts.chat, id.chat());
        answers(name, "server id", parts.server_id, id.server_id());
        answers(name, "id", parts.id, id.id());
        answers(name, "participant", parts.participant, id.participant());
        answers(name, "direction", parts.direction, id.direction());

        let fault = row.cell("fault").map(str::to_owned);
        let faults = [
            text.parse::<MessageId>().err(),
            MessageId::try_from(&*text).err(),
            MessageId::try_from(text.clone()).err(),
        ];
        for found in faults {
            answers(name, "fault", found.map(|fault| fault.to_string()), fault.clone());
        }
        answers(name, "form", id.is_well_formed(), fault.is_none());
        laws::holds(&text);
    }
}

#[test]
fn the_documented_tables_are_true() {
    let tables = documented(include_str!("../../src/message_id/mod.rs"));
    let [examples, odd] = &tables[..] else { panic!("{} tables", tables.len()) };
    assert!(examples.len() >= 9, "{}", examples.len());
    for row in examples {
        let text = row.cell("text").unwrap();
        let id = MessageId::from_wire(text);
        answers(text, "form", id.is_well_formed(), true);
        answers(text, "from me", id.from_me(), truth(row.cell("from me")));
        answers(text, "chat", id.chat().map(JidRef::as_str), row.cell("chat"));
        answers(text, "server id", id.server_id(), row.cell("server id"));
        answers(text, "id", id.id(), row.cell("id"));
        let participant = id.participant().map(JidRef::as_str);
        answers(text, "participant", participant, row.cell("participant"));
        answers(text, "direction", id.direction().map(Direction::as_str), row.cell("direction"));
    }
    for row in odd {
        let text = row.cell("text").unwrap();
        let id = MessageId::from_wire(text);
        let fault = text.parse::<MessageId>().unwrap_err().to_string();
        answers(text, "fault", Some(&*fault), row.cell("strict parsing says"));
        answers(text, "from me", id.from_me(), truth(row.cell("from me")));
        answers(text, "chat", id.chat().map(JidRef::as_str), row.cell("chat"));
        answers(text, "id", id.id(), row.cell("id"));
        let participant = id.participant().map(JidRef::as_str);
        answers(text, "participant", participant, row.cell("participant"));
    }
}

/// Objects, the text they give, and nothing where they give none.
const OBJECTS: &str = r#"
object                                                                                                                                                     | text

# The text stands in it: before July 2026, and since.
{"fromMe":true,"remote":"5511999990001@c.us","id":"3EB0C0DE00112233AABB","_serialized":"true_5511999990001@c.us_3EB0C0DE00112233AABB"}                    | "true_5511999990001@c.us_3EB0C0DE00112233AABB"
{"fromMe":true,"remote":"5511999990001@c.us","id":"3EB0C0DE00112233AABB","$1":"true_5511999990001@c.us_3EB0C0DE00112233AABB"}                             | "true_5511999990001@c.us_3EB0C0DE00112233AABB"
{"$1":"true_1@lid_A","_serialized":"true_1@lid_B","fromMe":false,"remote":"2@lid","id":"C"}                                                               | "true_1@lid_B"
{"$1":"true_1@lid_A","_serialized":""}                                                                                                                    | "true_1@lid_A"
{"_serialized":"anything at all","key":{"n":[12345678901234567890,1.50]}}                                                                                 | "anything at all"

# It does not: from the parts.
{"fromMe":false,"remote":"5511999990001@c.us","id":"3A00112233445566778A"}                                                                                | "false_5511999990001@c.us_3A00112233445566778A"
{"fromMe":false,"remote":"5511999990001@c.us","id":"3A00112233445566778A","participant":null,"self":null,"_serialized":null}                              | "false_5511999990001@c.us_3A00112233445566778A"
{"fromMe":false,"remote":"5511999990001@c.us","id":"3A00112233445566778A","participant":""}                                                               | "false_5511999990001@c.us_3A00112233445566778A"
{"fromMe":"true","remote":"1@lid","id":"A"}                                                                                                               | "true_1@lid_A"
{"fromMe":0,"remote":"1@lid","id":42}                                                                                                                     | "false_1@lid_42"
{"fromMe":true,"remote":"5511999990001@c.us","id":"3EB0C0DE00112233AABB","self":"out"}                                                                    | "true_5511999990001@c.us_3EB0C0DE00112233AABB_out"
{"fromMe":false,"remote":"120363000000000001@g.us","id":"3EB0C0DE00112233AABB","participant":"5511999990001@c.us"}                                        | "false_120363000000000001@g.us_3EB0C0DE00112233AABB_5511999990001@c.us"
{"fromMe":false,"remote":{"server":"g.us","user":"120363000000000001"},"id":"A","participant":{"server":"lid","user":"1","_serialized":"1@lid"}}          | "false_120363000000000001@g.us_A_1@lid"
{"fromMe":false,"remote":{"$1":"1@g.us"},"id":"A","participant":{"$1":"1:7@c.us"},"self":"in"}                                                            | "false_1@g.us_A_1:7@c.us_in"
{"fromMe":false,"remote":"1@g.us","id":"A","participant":{"odd":1},"self":7}                                                                              | "false_1@g.us_A"

# Without sender or chat it is bare.
{"id":"3EB0C0DE00112233AABB"}                                                                                                                             | "3EB0C0DE00112233AABB"
{"fromMe":true,"id":"A"}                                                                                                                                  | "A"
{"remote":"1@lid","id":"A"}                                                                                                                               | "A"
{"fromMe":true,"remote":{},"id":"A"}                                                                                                                      | "A"
{"fromMe":"maybe","remote":"1@lid","id":"A"}                                                                                                              | "A"
{"_serialized":""}                                                                                                                                        | ""

# An id that would read as other parts once it is joined, which its sender
# chose: no two of these are one.
{"fromMe":false,"remote":"1-2@g.us","id":"A","participant":"5@c.us"}                                                                                       | "false_1-2@g.us_A_5@c.us"
{"fromMe":false,"remote":"1-2@g.us","id":"A_5@c.us"}                                                                                                       | "false_1-2@g.us_A%5F5%40c.us"
{"fromMe":false,"remote":"1-2@g.us_A","id":"5@c.us"}                                                                                                       | "5@c.us"
{"fromMe":false,"remote":"5511999990002@c.us","id":"X_5511999990001@c.us"}                                                                                 | "false_5511999990002@c.us_X%5F5511999990001%40c.us"
{"fromMe":true,"remote":"1@lid","id":"A_out"}                                                                                                              | "true_1@lid_A%5Fout"
{"fromMe":false,"remote":"1@lid","id":"A%5F5"}                                                                                                             | "false_1@lid_A%255F5"
{"fromMe":false,"remote":"1@lid","id":"A_B"}                                                                                                               | "false_1@lid_A_B"
{"fromMe":false,"remote":"1@newsletter","id":"100_3EB0"}                                                                                                   | "false_1@newsletter_100_3EB0"
{"fromMe":false,"remote":"1@newsletter","id":"100"}                                                                                                        | "false_1@newsletter_100"
{"id":"true_1@lid_A"}                                                                                                                                      | "true%5F1%40lid%5FA"

# Nothing to be had.
{"fromMe":true,"remote":"1@lid"}                                                                                                                          |
{"fromMe":true,"remote":"1@lid","id":""}                                                                                                                  |
{"fromMe":true,"remote":"1@lid","id":{}}                                                                                                                  |
{}                                                                                                                                                        |
[]                                                                                                                                                        |
null                                                                                                                                                      |
true                                                                                                                                                      |
1.5                                                                                                                                                       |
"#;

#[test]
fn objects_are_read_and_written_back() {
    for row in rows(OBJECTS) {
        let json = row.cell("object").unwrap();
        let Some(_) = row.cell("text") else {
            let error = serde_json::from_str::<MessageId>(json).unwrap_err().to_string();
            assert!(error.contains("expected a message id as text or object"), "{json}: {error}");
            continue;
        };
        let text = row.text("text");
        let id: MessageId = serde_json::from_str(json).unwrap_or_else(|e| panic!("{json}: {e}"));
        answers(json, "text", id.as_str(), &*text);
        answers(json, "written", serde_json::to_string(&id).unwrap(), json.to_owned());
        let plain = MessageId::from_wire(&*text);
        answers(json, "parts", id.parts(), plain.parts());
        assert_eq!(id, plain, "{json}");
        assert_eq!(HashSet::from([id.clone(), plain]).len(), 1, "{json}");

        let mut source = serde_json::Deserializer::from_str(json);
        let tracked: MessageId = serde_path_to_error::deserialize(&mut source).unwrap();
        answers(json, "with a path", serde_json::to_string(&tracked).unwrap(), json.to_owned());
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        let from_value: MessageId = serde_json::from_value(value.clone()).unwrap();
        answers(json, "from a value", from_value.as_str(), &*text);
        answers(json, "to a value", serde_json::to_value(&from_value).unwrap(), value);
    }
}

#[test]
fn equality_is_by_text() {
    let text = "true_5511999990001@c.us_3EB0C0DE00112233AABB";
    let id = MessageId::from_wire(text);
    assert_eq!(id, text);
    assert_eq!(id, *text);
    assert_eq!(String::from(id.clone()), text);
    assert_eq!(format!("{id:?}"), format!("MessageId({text:?})"));
    assert!(HashSet::from([id.clone()]).contains(text));
    assert_ne!(id, MessageId::from_wire("3EB0C0DE00112233AABB"));
    assert!(MessageId::from_wire("a") < MessageId::from_wire("b"));
    let escaped: MessageId = serde_json::from_str(r#""true_5511999990001\u0040c.us_A""#).unwrap();
    assert_eq!(escaped, "true_5511999990001@c.us_A");
    let value: MessageId = serde_json::from_value(json!(text)).unwrap();
    assert_eq!(value, id);
}

#[test]
fn parts_that_would_read_otherwise_are_refused() {
    let chat = JidRef::from_wire("5511999990001@c.us");
    let group = JidRef::from_wire("120363000000000001@g.us");
    let channel = JidRef::from_wire("120363000000000002@newsletter");
    let new = |chat, id| Parts::new(true, chat, id);
    let without = |part: fn(&mut Parts<'_>)| {
        let mut parts = new(chat, "3EB0");
        part(&mut parts);
        parts
    };
    let ambiguous = "the parts would be read as others once joined";
    let missing = "the id is missing at byte";
    for (parts, expected) in [
        (new(chat, "3EB0"), None),
        (new(chat, "a_b"), None),
        (new(chat, "3EB0").with_direction(Direction::In), None),
        (new(group, "3EB0").with_participant(chat), None),
        (new(channel, "3EB0").with_server_id("100"), None),
        (Parts::by_server_id(true, channel, "100"), None),
        (Parts::bare("msg_abc123"), None),
        (new(chat, "3EB0_out"), Some(ambiguous)),
        (new(chat, "a_b@c.us"), Some(ambiguous)),
        (new(channel, "100"), Some(ambiguous)),
        (new(channel, "100_3EB0"), Some(ambiguous)),
        (new(channel, "3EB0").with_server_id("1x"), Some(ambiguous)),
        (new(chat, "3EB0").with_server_id("100"), Some(ambiguous)),
        (new(group, "a_12345").with_participant(JidRef::from_wire("1@c.us")), Some(ambiguous)),
        (new(group, "3EB0").with_participant(JidRef::from_wire("g.us")), Some(ambiguous)),
        (new(JidRef::from_wire("1@a_b"), "3EB0"), Some(ambiguous)),
        (without(|parts| parts.from_me = None), Some("unexpected character '@'")),
        (without(|parts| parts.chat = None), Some("chat: expected '@' at byte 9")),
        (Parts::bare("true_1@c.us_3EB0"), Some(ambiguous)),
        (Parts::bare(""), Some(missing)),
        (Parts::default(), Some(missing)),
        (new(chat, ""), Some(missing)),
        (new(chat, "a@b"), Some("unexpected character '@'")),
        (new(chat, "a b"), Some("unexpected character ' '")),
        (new(JidRef::from_wire("me"), "3EB0"), Some("chat: expected '@'")),
        (new(JidRef::from_wire("5511:x@c.us"), "3EB0"), Some("chat: unexpected character 'x'")),
    ] {
        match (parts.to_message_id(), expected) {
            (Ok(_), None) => assert!(laws::joins(parts)),
            (Err(error), Some(expected)) => {
                assert!(error.to_string().starts_with(expected), "{parts:?}: {error}");
            }
            (found, _) => panic!("{parts:?}: {found:?}"),
        }
    }
}

#[test]
fn types_are_small_and_cross_threads() {
    fn crosses<T: Send + Sync + UnwindSafe + RefUnwindSafe + 'static>(most: usize) {
        assert!(size_of::<T>() <= most, "{}", size_of::<T>());
    }
    crosses::<MessageId>(24);
    crosses::<Option<MessageId>>(24);
    crosses::<MessageIdError>(64);
    crosses::<Direction>(1);
    crosses::<Parts<'static>>(72);
}

#[test]
fn an_error_shows_one_character_of_the_text_at_most() {
    for text in [
        "true_secret",
        "true_secret:secret@c.us_A",
        "true_secret@c.us_secret@secret_secret",
        "true_secret@c.us_secret_secret@",
        "secret secret",
    ] {
        let error = text.parse::<MessageId>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
}

#[test]
fn accessors_allocate_nothing() {
    let ids: Vec<MessageId> =
        rows(IDS).iter().map(|row| MessageId::from_wire(row.text("text"))).collect();
    let mut answers = 0;
    let count = allocation_counter::measure(|| {
        for id in &ids {
            let texts = [id.id(), id.server_id()];
            let jids = [id.chat(), id.participant()];
            answers += texts.iter().flatten().map(|text| text.len()).sum::<usize>();
            answers += jids.iter().flatten().filter(|jid| jid.is_person()).count();
            answers += usize::from(id.from_me() == Some(true)) + usize::from(id.is_bare());
            answers += usize::from(id.direction().is_some()) + usize::from(id.is_well_formed());
            answers += usize::from(id.parts() == Parts::default());
        }
    });
    assert!(answers > 500, "{answers}");
    assert_eq!(count.count_total, 0);

    let json = r#""3EB0C0DE00112233AABB""#;
    let count = allocation_counter::measure(|| {
        let _: MessageId = serde_json::from_str(json).unwrap();
    });
    assert_eq!((count.count_total, count.bytes_total), (1, 20));
}

#[test]
fn long_texts_are_read_in_whole() {
    let long = "_1".repeat(64 * 1024);
    for text in [
        format!("true_{long}@c.us_{long}"),
        format!("true_1@g.us_{long}_{long}@c.us"),
        format!("true_1@newsletter_{long}{long}"),
        format!("true_{long}"),
        "true_@".repeat(64 * 1024),
        "_@".repeat(64 * 1024),
        long.clone(),
    ] {
        laws::holds(&text);
    }
}

/// Texts that are nearly message ids.
fn ids() -> impl Strategy<Value = String> {
    let from_me = prop::sample::select(&["true_", "false_", "", "true"][..]);
    let chat = prop::sample::select(
        &["5511999990001@c.us", "1@g.us", "1@newsletter", "1_1:2@c.us", "me", "@g.us", ""][..],
    );
    let piece = prop::sample::select(
        &["3EB0", "100", "12345", "5511999990001@c.us", "1:2@c.us", "out", "in", "", "_", "@"][..],
    );
    (from_me, chat, prop::collection::vec(piece, 0..6)).prop_map(|(from_me, chat, pieces)| {
        let mut text = [from_me, chat].concat();
        for piece in pieces {
            text.push('_');
            text.push_str(piece);
        }
        text
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn laws_hold_for_any_text(near in ids(), any in texts()) {
        laws::holds(&near);
        laws::holds(&any);
    }

    #[test]
    fn joined_parts_are_read_as_they_were(
        from_me in any::<Option<bool>>(),
        chat in prop::option::of(prop::sample::select(PIECES)),
        server_id in prop::option::weighted(0.2, "[0-9]{1,4}"),
        id in prop::option::weighted(0.9, "[A-F0-9_]{0,12}|in|out"),
        participant in prop::option::of(prop::sample::select(PIECES)),
        out in any::<Option<bool>>(),
    ) {
        let jid = |server: Option<&str>| server.map(|server| format!("5511999990001{server}"));
        let (chat, participant) = (jid(chat), jid(participant));
        let mut parts = Parts::default();
        parts.from_me = from_me;
        parts.chat = chat.as_deref().map(JidRef::from_wire);
        parts.server_id = server_id.as_deref();
        parts.id = id.as_deref();
        parts.participant = participant.as_deref().map(JidRef::from_wire);
        parts.direction = out.map(|out| if out { Direction::Out } else { Direction::In });
        laws::joins(parts);
    }
}

#[test]
fn ordinary_parts_always_join() {
    let jids = ["5511999990001@c.us", "1@lid", "120363000000000001@g.us", "status@broadcast"];
    let mut joined = 0;
    for chat in jids {
        for participant in jids {
            for id in ["3EB0C0DE00112233AABB", "1234567", "a-b", "A_B"] {
                let (chat, participant) = (Jid::from_wire(chat), Jid::from_wire(participant));
                let parts = Parts::new(false, &chat, id);
                assert!(laws::joins(parts), "{parts:?}");
                assert!(laws::joins(parts.with_participant(&participant)), "{parts:?}");
                assert!(laws::joins(parts.with_direction(Direction::Out)), "{parts:?}");
                joined += 1;
            }
        }
    }
    assert_eq!(joined, 64);
}
