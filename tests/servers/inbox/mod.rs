//! Stored first, answered, worked on later: the door and the worker on real engines,
//! killed, stopped, hung, and out of room.

mod away;
mod crash;
mod engine;
mod process;
mod replay;
mod speed;
mod together;

use std::time::Duration;

use zaphook::idempotency::IdempotencyStore;
use zaphook::retry::RetrySchedule;
use zaphook::{Consumer, Delivery, EnviaAi, Receiver, Secret, Stored, Tenants, TokioTimer};

pub(crate) use away::{disk_full, guard_down, hung, killed_for_a_while, slow};
pub(crate) use crash::{
    file_killed, file_poison, file_stopped, pgmq_killed, pgmq_poison, pgmq_stopped,
};
pub(crate) use engine::{database, execute, in_queue, texts};
pub(crate) use process::{door, stall, work};
pub(crate) use replay::{file_replayed, pgmq_replayed};
pub(crate) use speed::{against_handling, against_the_engine, sustained};
pub(crate) use together::together;

const SECRET: &str = "whs_3b9ff21c";
const LEASE: Duration = Duration::from_millis(1500);
const VISIBLE_AFTER: Duration = Duration::from_secs(2);
/// How often an entry is worked on at most.
const ATTEMPTS: usize = 3;

/// A message of EnviaAI.
pub(crate) fn body(name: &str) -> String {
    format!(
        r#"{{"event":"message.received","data":{{"messageId":"{name}","instanceId":"inst_1","from":"5511999990001","content":"Oi"}}}}"#
    )
}

fn stored(name: &str) -> Stored {
    Delivery::<EnviaAi>::parse_trusted(body(name)).unwrap().to_stored()
}

fn name_of(stored: &Stored) -> String {
    let delivery = stored.parse_trusted::<EnviaAi>().unwrap();
    delivery.event().message_id().unwrap().to_owned()
}

fn secret() -> Secret {
    Secret::new(SECRET).unwrap()
}

fn receiver() -> Receiver<EnviaAi> {
    Receiver::new(EnviaAi::signed(secret()))
}

fn consumer<S: IdempotencyStore>(store: S) -> Consumer<Tenants<EnviaAi>, S> {
    let pauses = vec![Duration::from_millis(200); ATTEMPTS - 1];
    Tenants::<EnviaAi>::new()
        .with_store(store)
        .timer(TokioTimer)
        .lease(LEASE)
        .attempts(RetrySchedule::configured(pauses))
}
