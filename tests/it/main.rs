//! The integration tests, in one binary.

mod jid;
mod message_id;
