//! JIDs: the table of inputs and answers, comparisons, forms, and what holds
//! for every text.

use std::collections::{HashMap, HashSet};
use std::fmt::Debug;
use std::panic::{RefUnwindSafe, UnwindSafe};

use proptest::prelude::*;
use serde_json::json;
use zaphook::Jid;
use zaphook::jid::{Family, JidError, JidRef, Kind, Server, same_line};

pub(crate) mod table;

use crate::fuzz::targets::jid_laws as laws;
use crate::thorough;
use table::{Row, rows};

/// Inputs and their parts. The text is a JSON string; an empty cell is
/// "none". `fault` is what strict parsing says; empty means that the text is
/// well-formed.
const INPUTS: &str = r#"
text                                      | user                     | agent | suffix | device | integrator | server           | kind           | phone         | hosted | fault

# People by phone number.
"5511999990001@s.whatsapp.net"            | 5511999990001            |       |        |        |            | s.whatsapp.net   | Person         | 5511999990001 |        |
"5511999990001@c.us"                      | 5511999990001            |       |        |        |            | c.us             | Person         | 5511999990001 |        |
"5511999990001:12@s.whatsapp.net"         | 5511999990001            |       |        | 12     |            | s.whatsapp.net   | Person         | 5511999990001 |        |
"5511999990001:7@c.us"                    | 5511999990001            |       |        | 7      |            | c.us             | Person         | 5511999990001 |        |
"5511999990001:0@s.whatsapp.net"          | 5511999990001            |       |        | 0      |            | s.whatsapp.net   | Person         | 5511999990001 |        |
"5511999990001:65535@s.whatsapp.net"      | 5511999990001            |       |        | 65535  |            | s.whatsapp.net   | Person         | 5511999990001 |        |
"5511999990001:00012@s.whatsapp.net"      | 5511999990001            |       |        | 12     |            | s.whatsapp.net   | Person         | 5511999990001 |        |
"5511999990001:99@s.whatsapp.net"         | 5511999990001            |       |        | 99     |            | s.whatsapp.net   | Person         | 5511999990001 | yes    |
"5511999990001:99@hosted"                 | 5511999990001            |       |        | 99     |            | hosted           | Person         | 5511999990001 | yes    |
"5511999990001@hosted"                    | 5511999990001            |       |        |        |            | hosted           | Person         | 5511999990001 | yes    |
"5511999990001:15@hosted"                 | 5511999990001            |       |        | 15     |            | hosted           | Person         | 5511999990001 | yes    |
"+5511999990001@s.whatsapp.net"           | +5511999990001           |       |        |        |            | s.whatsapp.net   | Person         | 5511999990001 |        |
"++5511999990001@s.whatsapp.net"          | ++5511999990001          |       |        |        |            | s.whatsapp.net   | Person         |               |        |
"12345@c.us"                              | 12345                    |       |        |        |            | c.us             | Person         | 12345         |        |
"1234@c.us"                               | 1234                     |       |        |        |            | c.us             | Person         |               |        |
"123456789012345@c.us"                    | 123456789012345          |       |        |        |            | c.us             | Person         | 123456789012345 |      |
"1234567890123456@c.us"                   | 1234567890123456         |       |        |        |            | c.us             | Person         |               |        |
"٥٥١١٩٩٩٩٩٠٠٠١@s.whatsapp.net"            | ٥٥١١٩٩٩٩٩٠٠٠١            |       |        |        |            | s.whatsapp.net   | Person         |               |        |
"5511999990001٣@s.whatsapp.net"           | 5511999990001٣           |       |        |        |            | s.whatsapp.net   | Person         |               |        |

# People by LID: never a phone number, and a dot of their own.
"100000000000001@lid"                     | 100000000000001          |       |        |        |            | lid              | Lid   |               |        |
"100000000000001:33@lid"                  | 100000000000001          |       |        | 33     |            | lid              | Lid   |               |        |
"100000000000001:99@lid"                  | 100000000000001          |       |        | 99     |            | lid              | Lid   |               | yes    |
"100000000000001:99@hosted.lid"           | 100000000000001          |       |        | 99     |            | hosted.lid       | Lid   |               | yes    |
"100000000000001@hosted.lid"              | 100000000000001          |       |        |        |            | hosted.lid       | Lid   |               | yes    |
"100000000000001.1:75@lid"                | 100000000000001.1        |       |        | 75     |            | lid              | Lid   |               |        |
"100000000000001.1@lid"                   | 100000000000001.1        |       |        |        |            | lid              | Lid   |               |        |
"100000000000001.1:99@hosted.lid"         | 100000000000001.1        |       |        | 99     |            | hosted.lid       | Lid   |               | yes    |
"100000000000001_1:75@lid"                | 100000000000001          | 1     |        | 75     |            | lid              | Lid   |               |        |
"100000000000001.1_1:75@lid"              | 100000000000001.1        | 1     |        | 75     |            | lid              | Lid   |               |        |
"100000000000001.999@lid"                 | 100000000000001.999      |       |        |        |            | lid              | Lid   |               |        |

# Groups, lists, the status feed, channels.
"5511999990001-1610000000@g.us"           | 5511999990001-1610000000 |       |        |        |            | g.us             | LegacyGroup    |               |        |
"120363000000000001@g.us"                 | 120363000000000001       |       |        |        |            | g.us             | Group          |               |        |
"5511999990001@g.us"                      | 5511999990001            |       |        |        |            | g.us             | Group          |               |        |
"5511999990001-@g.us"                     | 5511999990001-           |       |        |        |            | g.us             | Group          |               |        |
"-1610000000@g.us"                        | -1610000000              |       |        |        |            | g.us             | Group          |               |        |
"5511999990001-x@g.us"                    | 5511999990001-x          |       |        |        |            | g.us             | Group          |               |        |
"5511999990001-1-2@g.us"                  | 5511999990001-1-2        |       |        |        |            | g.us             | Group          |               |        |
"120363000000000001.5@g.us"               | 120363000000000001.5     |       |        |        |            | g.us             | Group          |               |        |
"120363000000000001_5@g.us"               | 120363000000000001_5     |       |        |        |            | g.us             | Group          |               |        |
"120363000000000001:99@g.us"              | 120363000000000001       |       |        | 99     |            | g.us             | Group          |               |        |
"status@broadcast"                        | status                   |       |        |        |            | broadcast        | StatusFeed     |               |        |
"1610000000@broadcast"                    | 1610000000               |       |        |        |            | broadcast        | BroadcastList  |               |        |
"120363000000000002@newsletter"           | 120363000000000002       |       |        |        |            | newsletter       | Channel        |               |        |

# Bots, and WhatsApp itself. A longer number only starts like a bot's.
"867051314767696@bot"                     | 867051314767696          |       |        |        |            | bot              | Bot            |               |        |
"13135550002@s.whatsapp.net"              | 13135550002              |       |        |        |            | s.whatsapp.net   | Bot            | 13135550002   |        |
"13135550002@c.us"                        | 13135550002              |       |        |        |            | c.us             | Bot            | 13135550002   |        |
"13135550002:0@c.us"                      | 13135550002              |       |        | 0      |            | c.us             | Bot            | 13135550002   |        |
"13165550042@s.whatsapp.net"              | 13165550042              |       |        |        |            | s.whatsapp.net   | Bot            | 13165550042   |        |
"13165550142@s.whatsapp.net"              | 13165550142              |       |        |        |            | s.whatsapp.net   | Person         | 13165550142   |        |
"13135550002:5@s.whatsapp.net"            | 13135550002              |       |        | 5      |            | s.whatsapp.net   | Person         | 13135550002   |        |
"13135550002.5@s.whatsapp.net"            | 13135550002              |       | 5      |        |            | s.whatsapp.net   | Person         | 13135550002   |        |
"131355500021@s.whatsapp.net"             | 131355500021             |       |        |        |            | s.whatsapp.net   | Person         | 131355500021  |        |
"1313555000@s.whatsapp.net"               | 1313555000               |       |        |        |            | s.whatsapp.net   | Person         | 1313555000    |        |
"0@c.us"                                  | 0                        |       |        |        |            | c.us             | Service        |               |        |
"0@s.whatsapp.net"                        | 0                        |       |        |        |            | s.whatsapp.net   | Service        |               |        |
"16505361212@c.us"                        | 16505361212              |       |        |        |            | c.us             | Service        | 16505361212   |        |
"server@c.us"                             | server                   |       |        |        |            | c.us             | Service        |               |        |

# Other messengers, calls.
"2-447000000001:5@interop"                | 2-447000000001           |       |        | 5      | 2          | interop          | OtherMessenger |               |        |
"70000-447000000001@interop"              | 70000-447000000001       |       |        |        |            | interop          | OtherMessenger |               |        |
"447000000001.3@interop"                  | 447000000001             | 3     |        |        |            | interop          | OtherMessenger |               |        |
"2-5511999990001@c.us"                    | 2-5511999990001          |       |        |        |            | c.us             | Person         |               |        |
"100000000000009:50@msgr"                 | 100000000000009          |       |        | 50     |            | msgr             | OtherMessenger |               |        |
"ABCDEF0123456789@call"                   | ABCDEF0123456789         |       |        |        |            | call             | Call           |               |        |
"ABCDEF.12@call"                          | ABCDEF.12                |       |        |        |            | call             | Call           |               |        |

# Agents, in both writings; without a device a dot says nothing for sure.
"5511999990001.0:12@s.whatsapp.net"       | 5511999990001            | 0     |        | 12     |            | s.whatsapp.net   | Person         | 5511999990001 |        |
"5511999990001.2:12@s.whatsapp.net"       | 5511999990001            | 2     |        | 12     |            | s.whatsapp.net   | Person         | 5511999990001 |        |
"5511999990001.255:12@c.us"               | 5511999990001            | 255   |        | 12     |            | c.us             | Person         | 5511999990001 |        |
"5511999990001.13@s.whatsapp.net"         | 5511999990001            |       | 13     |        |            | s.whatsapp.net   | Person         | 5511999990001 |        |
"5511999990001.300@c.us"                  | 5511999990001            |       | 300    |        |            | c.us             | Person         | 5511999990001 |        |
"5511999990001_1:12@s.whatsapp.net"       | 5511999990001            | 1     |        | 12     |            | s.whatsapp.net   | Person         | 5511999990001 |        |
"5511999990001_1@s.whatsapp.net"          | 5511999990001            | 1     |        |        |            | s.whatsapp.net   | Person         | 5511999990001 |        |
"5511999990001.2:15@hosted"               | 5511999990001            | 2     |        | 15     |            | hosted           | Person         | 5511999990001 | yes    |
"5511999990001.2@hosted"                  | 5511999990001            | 2     |        |        |            | hosted           | Person         | 5511999990001 | yes    |
"user.5:10@bot"                           | user                     | 5     |        | 10     |            | bot              | Bot            |               |        |
"user.name:10@bot"                        | user.name                |       |        | 10     |            | bot              | Bot            |               |        |
"user.:10@bot"                            | user.                    |       |        | 10     |            | bot              | Bot            |               |        |
".5:10@bot"                               | .5                       |       |        | 10     |            | bot              | Bot            |               |        |
"someone.5:10@unknown.example"            | someone.5                |       |        | 10     |            | unknown.example  | Unrecognised   |               |        |

# Servers alone.
"s.whatsapp.net"                          |                          |       |        |        |            | s.whatsapp.net   | Service        |               |        |
"g.us"                                    |                          |       |        |        |            | g.us             | Service        |               |        |
"@s.whatsapp.net"                         |                          |       |        |        |            | s.whatsapp.net   | Service        |               |        |
"@g.us"                                   |                          |       |        |        |            | g.us             | Service        |               |        |
"@someone"                                |                          |       |        |        |            | someone          | Unrecognised   |               |        | the user is missing at byte 0

# Servers that we do not know.
"user@unknown.example"                    | user                     |       |        |        |            | unknown.example  | Unrecognised   |               |        |
"5511999990001@temp"                      | 5511999990001            |       |        |        |            | temp             | Unrecognised   |               |        |
"5511999990001@S.WhatsApp.Net"            | 5511999990001            |       |        |        |            | S.WhatsApp.Net   | Unrecognised   |               |        |
"5511999990001@c.us:5"                    | 5511999990001            |       |        |        |            | c.us:5           | Unrecognised   |               |        |

# No JID, but a phone number.
"5511999990001"                           | 5511999990001            |       |        |        |            |                  | Phone          | 5511999990001 |        | expected '@' at byte 13, found the end
"+5511999990001"                          | +5511999990001           |       |        |        |            |                  | Phone          | 5511999990001 |        | expected '@' at byte 14, found the end
"12345"                                   | 12345                    |       |        |        |            |                  | Phone          | 12345         |        | expected '@' at byte 5, found the end
"1234"                                    | 1234                     |       |        |        |            |                  | Unrecognised   |               |        | expected '@' at byte 4, found the end
"1234567890123456"                        | 1234567890123456         |       |        |        |            |                  | Unrecognised   |               |        | expected '@' at byte 16, found the end
"5511999990001:12"                        | 5511999990001:12         |       |        |        |            |                  | Unrecognised   |               |        | expected '@' at byte 16, found the end
"+55 11 99999-0001"                       | +55 11 99999-0001        |       |        |        |            |                  | Unrecognised   |               |        | unexpected character ' ' at byte 3 in the user

# No JID.
""                                        |                          |       |        |        |            |                  | Unrecognised   |               |        | the user is missing at byte 0
"@"                                       |                          |       |        |        |            |                  | Unrecognised   |               |        | the server is missing at byte 1
"me"                                      | me                       |       |        |        |            |                  | Unrecognised   |               |        | expected '@' at byte 2, found the end
"5511999990001@"                          | 5511999990001            |       |        |        |            |                  | Unrecognised   |               |        | the server is missing at byte 14
":5@c.us"                                 |                          |       |        | 5      |            | c.us             | Unrecognised   |               |        | the user is missing at byte 0
"5511999990001:@s.whatsapp.net"           | 5511999990001            |       |        |        |            | s.whatsapp.net   | Unrecognised   |               |        | the device is missing at byte 14
"5511999990001:abc@s.whatsapp.net"        | 5511999990001            |       |        |        |            | s.whatsapp.net   | Unrecognised   |               |        | unexpected character 'a' at byte 14 in the device
"5511999990001:1x@s.whatsapp.net"         | 5511999990001            |       |        |        |            | s.whatsapp.net   | Unrecognised   |               |        | unexpected character 'x' at byte 15 in the device
"5511999990001:٣@s.whatsapp.net"          | 5511999990001            |       |        |        |            | s.whatsapp.net   | Unrecognised   |               |        | unexpected character '٣' at byte 14 in the device
"5511999990001:+5@s.whatsapp.net"         | 5511999990001            |       |        |        |            | s.whatsapp.net   | Unrecognised   |               |        | unexpected character '+' at byte 14 in the device
"5511999990001:-1@s.whatsapp.net"         | 5511999990001            |       |        |        |            | s.whatsapp.net   | Unrecognised   |               |        | unexpected character '-' at byte 14 in the device
"5511999990001:1:2@s.whatsapp.net"        | 5511999990001            |       |        |        |            | s.whatsapp.net   | Unrecognised   |               |        | unexpected character ':' at byte 15 in the device
"5511999990001:65536@s.whatsapp.net"      | 5511999990001            |       |        |        |            | s.whatsapp.net   | Unrecognised   |               |        | the device at byte 14 is above 65535
"5511999990001:70000@s.whatsapp.net"      | 5511999990001            |       |        |        |            | s.whatsapp.net   | Unrecognised   |               |        | the device at byte 14 is above 65535
"5511999990001:000005@s.whatsapp.net"     | 5511999990001            |       |        |        |            | s.whatsapp.net   | Unrecognised   |               |        | the device at byte 14 has more than five digits
"5511999990001.300:5@hosted"              | 5511999990001.300        |       |        | 5      |            | hosted           | Unrecognised   |               |        | the agent at byte 14 is above 255
"5511999990001.256:5@c.us"                | 5511999990001.256        |       |        | 5      |            | c.us             | Unrecognised   |               |        | the agent at byte 14 is above 255
"5511999990001.0012:5@c.us"               | 5511999990001.0012       |       |        | 5      |            | c.us             | Unrecognised   |               |        | the agent at byte 14 has more than three digits
"5511999990001.000012@c.us"               | 5511999990001.000012     |       |        |        |            | c.us             | Unrecognised   |               |        | the number after the user at byte 14 has more than five digits
"5511999990001_300@s.whatsapp.net"        | 5511999990001_300        |       |        |        |            | s.whatsapp.net   | Unrecognised   |               |        | the agent at byte 14 is above 255
"5511999990001.70000@s.whatsapp.net"      | 5511999990001.70000      |       |        |        |            | s.whatsapp.net   | Unrecognised   |               |        | the number after the user at byte 14 is above 65535
"5511999990001.1.2:3@s.whatsapp.net"      | 5511999990001.1.2        |       |        | 3      |            | s.whatsapp.net   | Unrecognised   |               |        | second agent at byte 15
"a@b@s.whatsapp.net"                      | a                        |       |        |        |            | b@s.whatsapp.net | Unrecognised   |               |        | unexpected character '@' at byte 3 in the server
"5511999990001%40c.us"                    | 5511999990001%40c.us     |       |        |        |            |                  | Unrecognised   |               |        | expected '@' at byte 20, found the end

# White space and control characters are nowhere legal, and nothing is trimmed.
" 5511999990001@c.us"                     | " 5511999990001"         |       |        |        |            | c.us             | Unrecognised   |               |        | unexpected character ' ' at byte 0 in the user
"5511999990001@c.us "                     | 5511999990001            |       |        |        |            | "c.us "          | Unrecognised   |               |        | unexpected character ' ' at byte 18 in the server
"5511999990001\n@c.us"                    | "5511999990001\n"        |       |        |        |            | c.us             | Unrecognised   |               |        | unexpected character '\n' at byte 13 in the user
"5511\u0000999990001@c.us"                | "5511\u0000999990001"    |       |        |        |            | c.us             | Unrecognised   |               |        | unexpected character '\0' at byte 4 in the user
"\u00a05511999990001@c.us"                | "\u00a05511999990001"    |       |        |        |            | c.us             | Unrecognised   |               |        | unexpected character '\u{a0}' at byte 0 in the user
"#;

/// Asserts one answer of one row.
#[track_caller]
fn answers<T: PartialEq + Debug>(row: &str, what: &str, found: T, expected: T) {
    assert_eq!(found, expected, "{what} of {row}");
}

/// A cell that may stand there as a JSON string, where its ends are invisible.
fn unquoted(cell: &str) -> String {
    if cell.starts_with('"') { serde_json::from_str(cell).unwrap() } else { cell.to_owned() }
}

fn number<T: std::str::FromStr<Err: Debug>>(cell: Option<&str>) -> Option<T> {
    cell.map(|cell| cell.parse().unwrap())
}

#[test]
fn every_input_answers_its_row() {
    for row in rows(INPUTS) {
        let name = row.cell("text").unwrap();
        let text = row.text("text");
        check(name, Jid::from_wire(&*text).view(), &row);

        // The same through every other door.
        let jid = Jid::from_wire(&*text);
        answers(name, "text", jid.as_str(), &*text);
        answers(name, "user", jid.user(), jid.view().user());
        answers(name, "agent", jid.agent(), jid.view().agent());
        answers(name, "suffix", jid.legacy_suffix(), jid.view().legacy_suffix());
        answers(name, "device", jid.device(), jid.view().device());
        answers(name, "integrator", jid.integrator(), jid.view().integrator());
        answers(name, "server", jid.server(), jid.view().server());
        answers(name, "family", jid.family(), jid.view().family());
        answers(name, "kind", jid.kind(), jid.view().kind());
        answers(name, "phone", jid.phone(), jid.view().phone());
        answers(name, "hosted", jid.is_hosted(), jid.view().is_hosted());

        let fault = row.cell("fault").map(str::to_owned);
        let faults = [
            text.parse::<Jid>().err(),
            Jid::try_from(&*text).err(),
            Jid::try_from(text.clone()).err(),
            JidRef::parse(&text).err(),
            JidRef::try_from(&*text).err(),
        ];
        for found in faults {
            answers(name, "fault", found.map(|fault| fault.to_string()), fault.clone());
        }
        answers(name, "form", jid.is_well_formed(), fault.is_none());
        laws::holds(&text);
    }
}

#[track_caller]
fn check(name: &str, jid: JidRef<'_>, row: &Row) {
    let text = |cell: Option<&str>| cell.map(unquoted);
    answers(name, "user", jid.user().map(str::to_owned), text(row.cell("user")));
    answers(name, "agent", jid.agent(), number(row.cell("agent")));
    answers(name, "suffix", jid.legacy_suffix(), number(row.cell("suffix")));
    answers(name, "device", jid.device(), number(row.cell("device")));
    answers(name, "integrator", jid.integrator(), number(row.cell("integrator")));
    answers(name, "server", jid.server().map(|s| s.to_string()), text(row.cell("server")));
    answers(name, "kind", format!("{:?}", jid.kind()), row.cell("kind").unwrap().to_owned());
    answers(name, "phone", jid.phone(), row.cell("phone"));
    answers(name, "hosted", jid.is_hosted(), row.cell("hosted") == Some("yes"));
}

#[test]
fn the_documented_tables_are_true() {
    let tables = table::documented(include_str!("../../src/jid/mod.rs"));
    let [examples, odd] = &tables[..] else { panic!("{} tables", tables.len()) };
    assert!(examples.len() >= 20, "{}", examples.len());
    for row in examples {
        let text = row.cell("text").unwrap();
        let jid = Jid::from_wire(text);
        answers(text, "form", jid.is_well_formed(), true);
        answers(text, "user", jid.user(), row.cell("user"));
        answers(text, "agent", jid.agent(), number(row.cell("agent")));
        answers(text, "device", jid.device(), number(row.cell("device")));
        answers(text, "server", jid.server().map(Server::as_str), row.cell("server"));
        let words = row.cell("kind").unwrap().replace(' ', "");
        answers(text, "kind", format!("{:?}", jid.kind()).to_lowercase(), words);
        answers(text, "phone", jid.phone(), row.cell("phone"));
    }
    for row in odd {
        let text = row.cell("text").unwrap();
        let jid = Jid::from_wire(text);
        let fault = text.parse::<Jid>().unwrap_err().to_string();
        answers(text, "fault", Some(&*fault), row.cell("strict parsing says"));
        answers(text, "user", jid.user(), row.cell("user"));
        answers(text, "device", jid.device(), number(row.cell("device")));
        answers(text, "server", jid.server().map(Server::as_str), row.cell("server"));
    }
}

/// Pairs, and whether they are the same user, device and line.
const PAIRS: &str = r#"
one                             | other                            | user | device | line

"5511999990001@s.whatsapp.net"  | "5511999990001@c.us"             | yes  | yes    | yes
"5511999990001@s.whatsapp.net"  | "5511999990001@hosted"           | yes  | yes    | yes
"5511999990001@c.us"            | "5511999990001:0@s.whatsapp.net" | yes  | yes    | yes
"5511999990001@c.us"            | "5511999990001:12@c.us"          | yes  |        | yes
"5511999990001:12@c.us"         | "5511999990001:12@s.whatsapp.net"| yes  | yes    | yes
"5511999990001.2:12@c.us"       | "5511999990001_1:12@c.us"        | yes  | yes    | yes
"5511999990001.13@c.us"         | "5511999990001@c.us"             | yes  |        | yes
"5511999990001.13@c.us"         | "5511999990001:13@c.us"          | yes  |        | yes
"5511999990001.0@c.us"          | "5511999990001@c.us"             | yes  | yes    | yes
"+5511999990001@c.us"           | "5511999990001@c.us"             | yes  | yes    | yes
"5511999990001"                 | "5511999990001@c.us"             | yes  | yes    | yes
"+5511999990001"                | "5511999990001"                  | yes  | yes    | yes
"100000000000001@lid"           | "100000000000001@hosted.lid"     | yes  | yes    |
"100000000000001:33@lid"        | "100000000000001:34@lid"         | yes  |        |
"100000000000001.1@lid"         | "100000000000001@lid"            |      |        |
"120363000000000001@g.us"       | "120363000000000001@g.us"        | yes  | yes    |
"g.us"                          | "@g.us"                          | yes  | yes    |
"s.whatsapp.net"                | "@c.us"                          | yes  | yes    |
"g.us"                          | "broadcast"                      |      |        |
"me"                            | "me"                             | yes  | yes    |

# The same user text in another family is another user.
"5511999990001@c.us"            | "5511999990001@g.us"             |      |        |
"5511999990001@c.us"            | "5511999990001@lid"              |      |        |
"5511999990001@c.us"            | "5511999990001@bot"              |      |        |
"5511999990001@c.us"            | "5511999990001@C.US"             |      |        |
"5511999990001@temp"            | "5511999990001@other"            |      |        |
"5511999990001@c.us"            | "5511999990002@c.us"             |      |        |

# What is no JID is only ever itself.
"5511999990001@c.us"            | " 5511999990001@c.us"            |      |        |
"5511999990001:x@c.us"          | "5511999990001:y@c.us"           |      |        |
"5511999990001@"                | "5511999990001"                  |      |        |

# One line in two writings is not one user.
"5511999990001@c.us"            | "551199990001@c.us"              |      |        | yes
"5511999990001:3@s.whatsapp.net"| "551199990001"                   |      |        | yes
"5511999990001@lid"             | "551199990001@lid"               |      |        |
"#;

#[test]
fn pairs_compare_as_their_rows_say() {
    for row in rows(PAIRS) {
        let (one, other) = (row.text("one"), row.text("other"));
        let name = format!("{one:?} and {other:?}");
        let (a, b) = (Jid::from_wire(&*one), Jid::from_wire(&*other));
        let yes = |column| row.cell(column) == Some("yes");
        for (a, b) in [(&a, &b), (&b, &a)] {
            answers(&name, "same user", a.same_user(b), yes("user"));
            answers(&name, "same device", a.same_device(b), yes("device"));
            answers(&name, "same line", a.same_line(b), yes("line"));
            answers(&name, "same user", a.view().same_user(b.view()), yes("user"));
            answers(&name, "same device", a.view().same_device(b.view()), yes("device"));
            answers(&name, "same line", a.view().same_line(b.view()), yes("line"));
        }
        laws::relate([&one, &other, "5511999990001@c.us"]);
    }
}

/// Phone numbers, and whether they reach the same line.
const LINES: &str = r#"
one            | other          | line

# Brazil: the 9 behind the area code, of a mobile number.
5511999990001  | 551199990001   | yes
5531987650001  | 553187650001   | yes
5531967650001  | 553167650001   | yes
+5511999990001 | 551199990001   | yes
5511399990001  | 551199990001   |
5511933330001  | 551133330001   |
5511923330001  | 551123330001   |
5511953330001  | 551153330001   |
5511913330001  | 551113330001   |
5511999990001  | 551199990002   |
5511999990001  | 552199990001   |
55119999900011 | 5511999990001  |
5411999990001  | 541199990001   |

# Mexico: the 1 behind the country code.
5215555550001  | 525555550001   | yes
5225555550001  | 525555550001   |
521555555001   | 52555555001    |
5215555550001  | 525555550002   |

# Argentina: the 9 behind the country code.
5491155550001  | 541155550001   | yes
5411155550001  | 541155550001   |
5401155550001  | 541155550001   |
549115555001   | 54115555001    |

# Every other country has one writing.
4491155550001  | 441155550001   |
12125550001    | 12125550001    | yes
12125550001    | 1212555000     |

# What is no phone number has no line.
1234           | 1234           |
x5511999990001 | x5511999990001 |
"#;

#[test]
fn lines_compare_as_their_rows_say() {
    for row in rows(LINES) {
        let (one, other) = (row.cell("one").unwrap(), row.cell("other").unwrap());
        let name = format!("{one} and {other}");
        let yes = row.cell("line") == Some("yes");
        answers(&name, "line", same_line(one, other), yes);
        answers(&name, "line", same_line(other, one), yes);
        let jid = |phone: &str| Jid::from_wire(format!("{phone}@c.us"));
        answers(&name, "line", jid(one).same_line(&jid(other)), yes);
    }
}

/// Normal forms. An empty cell means "unchanged".
const NORMAL: &str = r#"
text                                | protocol                       | web

"5511999990001@s.whatsapp.net"      |                                | "5511999990001@c.us"
"5511999990001@c.us"                | "5511999990001@s.whatsapp.net" |
"5511999990001:12@c.us"             | "5511999990001@s.whatsapp.net" | "5511999990001@c.us"
"5511999990001.2:12@c.us"           | "5511999990001@s.whatsapp.net" | "5511999990001@c.us"
"5511999990001_1@c.us"              | "5511999990001@s.whatsapp.net" | "5511999990001@c.us"
"5511999990001.13@s.whatsapp.net"   | "5511999990001@s.whatsapp.net" | "5511999990001@c.us"
"5511999990001:99@hosted"           | "5511999990001@s.whatsapp.net" | "5511999990001@c.us"
"+5511999990001@s.whatsapp.net"     | "5511999990001@s.whatsapp.net" | "5511999990001@c.us"
"5511999990001"                     | "5511999990001@s.whatsapp.net" | "5511999990001@c.us"
"0@c.us"                            | "0@s.whatsapp.net"             |
"100000000000001:33@lid"            | "100000000000001@lid"          | "100000000000001@lid"
"100000000000001.1:33@hosted.lid"   | "100000000000001.1@lid"        | "100000000000001.1@lid"
"120363000000000001@g.us"           |                                |
"5511999990001-1610000000@g.us"     |                                |
"status@broadcast"                  |                                |
"120363000000000002@newsletter"     |                                |
"user.5:10@bot"                     | "user@bot"                     | "user@bot"
"2-447000000001:5@interop"          | "2-447000000001@interop"       | "2-447000000001@interop"
"user@unknown.example"              |                                |
"@c.us"                             | "s.whatsapp.net"               | "c.us"
"@g.us"                             | "g.us"                         | "g.us"
"me"                                |                                |
"5511999990001:x@c.us"              |                                |
""                                  |                                |
"#;

#[test]
fn normal_forms_are_as_their_rows_say() {
    for row in rows(NORMAL) {
        let text = row.text("text");
        let jid = Jid::from_wire(&*text);
        let expected = |column| row.cell(column).map_or(text.clone(), |_| row.text(column));
        answers(&text, "protocol form", jid.to_s_whatsapp_net().as_str(), &expected("protocol"));
        answers(&text, "web form", jid.to_c_us().as_str(), &expected("web"));
        laws::holds(&text);
    }
}

#[test]
fn a_legacy_group_tells_its_creator_and_creation() {
    let group = |text| {
        let jid = Jid::from_wire(text);
        let created = jid.legacy_group_created_at().map(|at| at.timestamp());
        (jid.legacy_group_creator_phone().map(str::to_owned), created)
    };
    let creator = Some("5511999990001".to_owned());
    assert_eq!(group("5511999990001-1610000000@g.us"), (creator.clone(), Some(1_610_000_000)));
    assert_eq!(group("1234-1610000000@g.us"), (None, Some(1_610_000_000)));
    assert_eq!(group("5511999990001-99999999999999999999@g.us"), (creator.clone(), None));
    assert_eq!(group("5511999990001-9223372036854775807@g.us"), (creator, None));
    for text in [
        "120363000000000001@g.us",
        "5511999990001-1610000000@c.us",
        "5511999990001-1610000000@interop",
        "5511999990001-1610000000",
        "5511999990001-1610000000:x@g.us",
        "5511999990001-@g.us",
        "5511999990001--1@g.us",
    ] {
        assert_eq!(group(text), (None, None), "{text}");
    }
}

#[test]
fn the_servers_are_an_open_set() {
    assert_eq!(Server::KNOWN.len(), 12);
    for server in Server::KNOWN {
        assert!(server.is_known());
        assert_eq!(Server::from(server.as_str()), *server);
        assert_eq!(*server, *server.as_str());
        assert!(Jid::from_wire(server.as_str()).is_well_formed(), "{server}");
    }
    let other = Server::from("Lid");
    assert!(!other.is_known());
    assert_eq!(other.to_string(), "Lid");
    assert_eq!(other.family(), Family::Alone(other));
    assert_ne!(other, Server::Lid);
    assert_eq!(format!("{other:?}"), r#"Other("Lid")"#);

    let jid = |text| Jid::from_wire(text);
    assert_eq!(jid("5511999990001@hosted").family(), Some(Family::PhoneNumber));
    assert_eq!(jid("5511999990001").family(), Some(Family::PhoneNumber));
    assert_eq!(jid("100000000000001@hosted.lid").family(), Some(Family::Lid));
    assert_eq!(jid("1@call").family(), Some(Family::Alone(Server::Call)));
    assert_eq!(jid("me").family(), None);
}

#[test]
fn predicates_follow_the_kind() {
    for row in rows(INPUTS) {
        let jid = Jid::from_wire(row.text("text"));
        let name = jid.as_str();
        let group = matches!(jid.kind(), Kind::Group | Kind::LegacyGroup);
        let person = matches!(jid.kind(), Kind::Person | Kind::Lid | Kind::Phone);
        answers(name, "group", jid.is_group(), group);
        answers(name, "person", jid.is_person(), person);
    }
}

/// Objects, the text they give, and nothing where they give none.
const OBJECTS: &str = r#"
object                                                                      | text
{"server":"c.us","user":"5511999990001","_serialized":"5511999990001@c.us"} | "5511999990001@c.us"
{"server":"c.us","user":"5511999990001","$1":"5511999990001@c.us"}          | "5511999990001@c.us"
{"server":"c.us","user":"5511999990001"}                                    | "5511999990001@c.us"
{"server":"c.us","user":5511999990001}                                      | "5511999990001@c.us"
{"_serialized":"5511999990001:7@c.us","more":{"z":[1.50,null],"a":1e400}}   | "5511999990001:7@c.us"
{"$1":"1@lid","_serialized":"2@lid"}                                        | "2@lid"
{"$1":"1@lid","_serialized":null}                                           | "1@lid"
{"$1":"1@lid","_serialized":""}                                             | "1@lid"
{"$1":"1@lid","_serialized":{}}                                             | "1@lid"
{"$1":[],"_serialized":{},"user":"1","server":"lid"}                        | "1@lid"
{"_serialized":"1@lid","_serialized":"2@lid"}                               | "2@lid"
{"_serialized":"1\u0040lid"}                                                | "1@lid"
{"_serialized":"a\ud83d@lid"}                                               | "a\ufffd@lid"
{"_serialized":"me"}                                                        | "me"
{"_serialized":""}                                                          | ""
{"user":"","server":"c.us"}                                                 |
{"user":"1","server":""}                                                    |
{"user":"1"}                                                                |
{"server":"c.us"}                                                           |
{"user":-1,"server":"c.us"}                                                 |
{"user":null,"server":null}                                                 |
{"_serialized":null}                                                        |
{}                                                                          |
null                                                                        |
true                                                                        |
0                                                                           |
1.5                                                                         |
5511999990001                                                               |
[]                                                                          |
["1@lid"]                                                                   |
"#;

#[test]
fn objects_are_read_and_written_back() {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Buffered {
        Jid(Jid),
    }

    for row in rows(OBJECTS) {
        let json = row.cell("object").unwrap();
        let Some(_) = row.cell("text") else {
            let error = serde_json::from_str::<Jid>(json).unwrap_err().to_string();
            assert!(error.contains("expected a JID as text or object"), "{json}: {error}");
            continue;
        };
        let text = row.text("text");
        let jid: Jid = serde_json::from_str(json).unwrap_or_else(|e| panic!("{json}: {e}"));
        answers(json, "text", jid.as_str(), &*text);
        answers(json, "written", serde_json::to_string(&jid).unwrap(), json.to_owned());
        answers(json, "clone", serde_json::to_string(&jid.clone()).unwrap(), json.to_owned());
        assert_eq!(jid, Jid::from_wire(&*text), "{json}");
        assert_eq!(jid.to_c_us(), Jid::from_wire(text.clone()).to_c_us(), "{json}");

        let mut source = serde_json::Deserializer::from_str(json);
        let tracked: Jid = serde_path_to_error::deserialize(&mut source).unwrap();
        answers(json, "with a path", serde_json::to_string(&tracked).unwrap(), json.to_owned());

        // No `Value` holds half an emoji, or repeats a name.
        let Ok(value) = serde_json::from_str::<serde_json::Value>(json) else { continue };
        let from_value: Jid = serde_json::from_value(value.clone()).unwrap();
        answers(json, "from a value", from_value.as_str(), &*text);
        answers(json, "to a value", serde_json::to_value(&from_value).unwrap(), value.clone());
        let Buffered::Jid(buffered) = serde_json::from_value(value.clone()).unwrap();
        answers(json, "buffered", buffered.as_str(), &*text);
        answers(json, "buffered", serde_json::to_value(&buffered).unwrap(), value);
    }
}

#[test]
fn texts_are_read_from_every_source() {
    let text = "5511999990001@c.us";
    assert_eq!(serde_json::from_str::<Jid>(r#""5511999990001\u0040c.us""#).unwrap(), text);
    assert_eq!(serde_json::from_reader::<_, Jid>(&br#""5511999990001@c.us""#[..]).unwrap(), text);
    assert_eq!(serde_json::from_value::<Jid>(json!(text)).unwrap(), text);
    let list: Vec<Option<Jid>> = serde_json::from_str(r#"[null,"1@lid",{"$1":"2@lid"}]"#).unwrap();
    assert_eq!(serde_json::to_string(&list).unwrap(), r#"[null,"1@lid",{"$1":"2@lid"}]"#);
    assert_eq!(serde_json::to_string(&JidRef::from_wire("1@lid")).unwrap(), r#""1@lid""#);
    let names: HashMap<Jid, u8> = serde_json::from_str(r#"{"1@lid":1}"#).unwrap();
    assert_eq!(names.get("1@lid"), Some(&1));
}

#[test]
fn equality_is_by_text_and_blind_to_the_form() {
    let text = Jid::from_wire("5511999990001@c.us");
    let object: Jid = serde_json::from_value(json!({ "$1": "5511999990001@c.us" })).unwrap();
    assert_eq!(text, object);
    assert_eq!(text.cmp(&object), std::cmp::Ordering::Equal);
    let set = HashSet::from([text.clone(), object]);
    assert_eq!(set.len(), 1);
    assert!(set.contains("5511999990001@c.us"));
    assert_ne!(text, Jid::from_wire("5511999990001@s.whatsapp.net"));
    assert_eq!(text, text.view());
    assert_eq!(text.view(), text);
    assert_eq!(text.view(), "5511999990001@c.us");
    assert_eq!(text.view().to_jid(), text);
    assert_eq!(Jid::from(text.view()), text);
    assert_eq!(String::from(text.clone()), "5511999990001@c.us");
    assert_eq!(format!("{text:?}"), r#"Jid("5511999990001@c.us")"#);
    assert_eq!(format!("{:?}", text.view()), r#"Jid("5511999990001@c.us")"#);
}

#[test]
fn types_are_small_and_cross_threads() {
    fn crosses<T: Send + Sync + UnwindSafe + RefUnwindSafe + 'static>(most: usize) {
        assert!(size_of::<T>() <= most, "{}", size_of::<T>());
    }
    crosses::<Jid>(24);
    crosses::<Option<Jid>>(24);
    crosses::<JidRef<'static>>(16);
    crosses::<JidError>(64);
    crosses::<Server<'static>>(24);
    crosses::<Kind>(1);
}

#[test]
fn an_error_shows_one_character_of_the_text_at_most() {
    for text in
        ["secretsecret", "secret@secret@secret", "secret:secret@secret", "secret secret@c.us"]
    {
        let error = text.parse::<Jid>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        let error: Box<dyn std::error::Error> = error.into();
        assert!(error.source().is_none());
    }
}

/// Everything that can be asked of a JID.
fn ask_everything(jid: JidRef<'_>, other: JidRef<'_>) -> usize {
    let texts = [jid.user(), jid.phone(), jid.legacy_group_creator_phone()];
    let numbers = [jid.device(), jid.legacy_suffix(), jid.integrator(), jid.agent().map(u16::from)];
    let facts = [
        jid.is_well_formed(),
        jid.is_person(),
        jid.is_group(),
        jid.is_hosted(),
        jid.same_user(other),
        jid.same_device(other),
        jid.same_line(other),
        jid.server().is_some(),
        jid.family().is_some(),
        jid.kind() == Kind::Person,
        jid.legacy_group_created_at().is_some(),
        JidRef::parse(jid.as_str()).is_ok(),
    ];
    texts.iter().flatten().map(|text| text.len()).sum::<usize>()
        + numbers.iter().flatten().count()
        + facts.iter().filter(|fact| **fact).count()
}

#[test]
fn accessors_allocate_nothing() {
    let long = format!("{}@c.us", "5".repeat(64 * 1024));
    let texts: Vec<String> =
        rows(INPUTS).iter().map(|row| row.text("text")).chain([long]).collect();
    let jids: Vec<Jid> = texts.into_iter().map(Jid::from_wire).collect();
    let mut answers = 0;
    let count = allocation_counter::measure(|| {
        for pair in jids.windows(2) {
            answers += ask_everything(pair[0].view(), pair[1].view());
            answers +=
                pair[0].user().map_or(0, str::len) + usize::from(pair[0].same_user(&pair[1]));
        }
    });
    assert!(answers > 1000, "{answers}");
    assert_eq!(count.count_total, 0);

    // Reading takes one allocation: the text itself.
    let json = r#""5511999990001@c.us""#;
    let count = allocation_counter::measure(|| {
        let _: Jid = serde_json::from_str(json).unwrap();
    });
    assert_eq!((count.count_total, count.bytes_total), (1, 18));
}

#[test]
fn long_texts_are_read_in_whole() {
    for length in [256, 64 * 1024] {
        let user = "5".repeat(length);
        for (text, device) in
            [(format!("{user}@c.us"), None), (format!("{user}:12@c.us"), Some(12))]
        {
            laws::holds(&text);
            let jid: Jid = text.parse().unwrap();
            assert_eq!(jid.user(), Some(&*user));
            assert_eq!((jid.device(), jid.phone()), (device, None));
        }
        let text = format!("5511999990001:{user}@c.us");
        let error = text.parse::<Jid>().unwrap_err().to_string();
        assert_eq!(error, "the device at byte 14 has more than five digits");
        laws::holds(&format!("{user}@{user}"));
        laws::holds(&"@".repeat(length));
        laws::holds(&"_1".repeat(length));
    }
}

/// Pieces that JIDs are made of, and that break them.
pub(crate) const PIECES: &[&str] = &[
    "@",
    ":",
    ".",
    "_",
    "-",
    "+",
    "0",
    "1",
    "5",
    "12",
    "99",
    "255",
    "256",
    "65535",
    "65536",
    "5511999990001",
    "551199990001",
    "100000000000001",
    "120363000000000001",
    "13135550002",
    "16505361212",
    "status",
    "server",
    "me",
    "s.whatsapp.net",
    "c.us",
    "lid",
    "hosted",
    "hosted.lid",
    "g.us",
    "broadcast",
    "newsletter",
    "bot",
    "msgr",
    "interop",
    "call",
    "@s.whatsapp.net",
    "@c.us",
    "@lid",
    "@g.us",
    "@newsletter",
    "@hosted",
    "true_",
    "false_",
    "_out",
    "_in",
    "3EB0C0DE00112233AABB",
    " ",
    "\n",
    "\0",
    "٣",
    "é",
    "%40",
];

/// Texts that are nearly JIDs, and some that are nothing of the kind.
pub(crate) fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => "[0-9]{1,16}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop_oneof![
        4 => prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

/// Few users on many servers, so that pairs meet.
fn jids() -> impl Strategy<Value = String> {
    let user = prop::sample::select(
        &["5511999990001", "+5511999990001", "551199990001", "1.1", "1", "0", "", "a.", ".5"][..],
    );
    let tail = prop::sample::select(
        &["", "", ":0", ":1", ":99", ".0", ".1", "_1", ".1:1", "_2:1", ".1.1:1", ":x"][..],
    );
    let server = prop::sample::select(
        &[
            "",
            "@",
            "@s.whatsapp.net",
            "@c.us",
            "@hosted",
            "@lid",
            "@hosted.lid",
            "@g.us",
            "@bot",
            "@other",
        ][..],
    );
    (user, tail, server).prop_map(|(user, tail, server)| [user, tail, server].concat())
}

/// How often a property is tried: seldom where every step is interpreted.
pub(crate) fn cases() -> ProptestConfig {
    let cases = if cfg!(miri) { 20 } else { thorough::or(256, 1024) };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn laws_hold_for_any_text(text in texts()) {
        laws::holds(&text);
    }

    #[test]
    fn relations_hold_for_any_texts(one in jids(), other in jids(), third in texts()) {
        laws::holds(&one);
        laws::relate([&one, &other, &third]);
        let fourth = format!("{other}{third}");
        laws::relate([&one, &other, &fourth]);
    }
}

/// Arbitrary texts without a generator's cost: pieces and characters, chosen
/// by a small generator of random numbers.
fn arbitrary(seed: &mut u64, text: &mut String) {
    let mut next = || {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        *seed >> 16
    };
    text.clear();
    for _ in 0..next() % 8 {
        match next() % 4 {
            0 => text.extend(char::from_u32((next() % 0x11_0000) as u32)),
            1 => text.push((next() % 128) as u8 as char),
            _ => text.push_str(PIECES[next() as usize % PIECES.len()]),
        }
    }
}

/// `cargo test --release --test it jid_ten_million -- --ignored`
#[test]
#[ignore = "needs minutes: ten million texts, in release mode"]
fn jid_ten_million() {
    let mut seed = 0x9E37_79B9_7F4A_7C15;
    let (mut text, mut last) = (String::new(), String::new());
    let (mut well_formed, mut ids) = (0_u64, 0_u64);
    for _ in 0..10_000_000 {
        arbitrary(&mut seed, &mut text);
        laws::holds(&text);
        laws::relate([&text, &last, "5511999990001@c.us"]);
        crate::fuzz::targets::message_id_laws::holds(&text);
        well_formed += u64::from(Jid::from_wire(&*text).is_well_formed());
        ids += u64::from(zaphook::MessageId::from_wire(&*text).is_well_formed());
        std::mem::swap(&mut text, &mut last);
    }
    println!("10000000 texts, {well_formed} well-formed JIDs, {ids} well-formed message ids");
    assert!(well_formed > 100_000 && ids > 100_000, "{well_formed}, {ids}");
}

#[test]
fn a_server_is_compared_with_texts() {
    assert!(Server::Lid == *"lid" && Server::Lid == "lid");
    assert!(Server::Lid != *"c.us" && Server::Lid != "c.us" && Server::Lid != "");
    assert_eq!(JidRef::parse("5511999990001@c.us").unwrap().as_str(), "5511999990001@c.us");
    for text in ["5511999990001@@", "5511999990001@@@", "@@", "5511999990001@c.us@"] {
        assert!(!Jid::from_wire(text).is_well_formed(), "{text}");
    }
}

#[test]
fn a_borrowed_jid_is_compared_by_its_text() {
    let (text, other) = ("5511999990001@s.whatsapp.net", "5511999990002@s.whatsapp.net");
    let (jid, wrong) = (Jid::from_wire(text), Jid::from_wire(other));
    let borrowed = JidRef::parse(text).unwrap();
    assert_eq!(AsRef::<str>::as_ref(&borrowed), text);
    for (text, jid, same) in [(text, jid, true), (other, wrong, false)] {
        assert_eq!(borrowed == *text, same);
        assert_eq!(borrowed == text, same);
        assert_eq!(borrowed == jid, same);
        assert_eq!(jid == borrowed, same);
    }
}
