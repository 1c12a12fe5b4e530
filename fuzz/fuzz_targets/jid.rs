//! JIDs and message ids: no panic, and every law that holds for any text.
//!
//! `cargo +nightly fuzz run jid`

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/it/jid/laws.rs"]
mod jid;
#[path = "../../tests/it/message_id/laws.rs"]
mod message_id;

fuzz_target!(|texts: (&str, &str, &str)| {
    let (one, other, third) = texts;
    jid::holds(one);
    jid::relate([one, other, third]);
    message_id::holds(one);
    message_id::joins(zaphook::MessageId::from_wire(other).parts());
});
