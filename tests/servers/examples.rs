//! The examples on real servers.

use std::process::Command;
use std::time::{Duration, Instant};

use zaphook::{EnviaAi, Secret};

use crate::run::{Run, seed};
use crate::server::{Folder, Redis, Server, signal};
use crate::{block_on, inbox};
pub(crate) use program::example;
use program::{Program, SECRET, raw};

/// The same programs as in the tests of the adapters.
#[path = "../it/adapter/program.rs"]
#[allow(dead_code, reason = "those of the adapters ask more of them")]
pub(crate) mod program;

/// The features of the examples: their stores.
const BUILT_WITH: &[&str] = &["--features", "redis,postgres,sqlite"];

pub(crate) fn transaction(run: &Run) {
    let postgres = run.postgres();
    let program = example("transaction");
    for _ in 0..2 {
        let output = Command::new(&program).arg(postgres.url()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{text}{errors}");
        for line in [
            "the same event ten times at once: 1 order, answered `handled` 1 time",
            "a handler that failed before its commit: 0 orders, answered 503",
            "the same once more: 1 order, answered 200",
            "and once more: 1 order, answered 200",
        ] {
            assert!(text.contains(line), "{line} is not in: {text}");
        }
    }
}

/// A process, killed when dropped.
pub(crate) struct Killed(pub(crate) std::process::Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn inbox(run: &Run) {
    let url = inbox::database(&run.postgres());
    let aside = "select pgmq.archive('inbox', max(msg_id))::text from pgmq.q_inbox";
    stored_first("inbox", &url, ("DATABASE_URL", &url), aside);
}

pub(crate) fn embedded(_: &Run) {
    let folder = Folder::new();
    let (url, file) = (folder.url(), folder.file("keys.db"));
    // As honker moves it.
    let aside = "
        insert into _honker_dead
            (id, queue, payload, priority, run_at, max_attempts, attempts, created_at)
        select id, queue, payload, priority, run_at, max_attempts, attempts, created_at
        from _honker_live order by id desc limit 1;
        delete from _honker_live where id in (select id from _honker_dead)";
    stored_first("embedded", &url, ("DATABASE", &file), aside);
}

/// The door stores and answers, what was set aside is listed and replayed, and a worker
/// handles each event once.
fn stored_first(name: &'static str, url: &str, place: (&str, &str), aside: &str) {
    let program = example(name);
    let settings = [place, ("ENVIAAI_SECRETS", SECRET)];
    let by_hand = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        let output = command.args(arguments).env_clear().envs(settings).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };

    let door = Program::run(&program, &settings, &["--role", "door"]);
    let body = inbox::body("msg_1");
    assert_eq!(deliver(&door, &body), 200);
    assert_eq!(deliver(&door, &body), 200);
    assert_eq!(deliver(&door, &inbox::body("msg_2")), 200);
    assert_eq!(block_on(inbox::in_queue(url)), 3);

    assert_eq!(by_hand(&["--dead"]), "");
    block_on(inbox::execute(url, aside));
    let dead = by_hand(&["--dead"]);
    assert!(dead.lines().count() == 1 && dead.contains("\tenviaai\t"), "{dead}");
    assert_eq!(by_hand(&["--replay", "all"]), "1 replayed\n");
    assert_eq!(by_hand(&["--replay", "all"]), "0 replayed\n");

    let mut worker = Command::new(&program);
    worker.args(["--role", "worker"]).env_clear().envs(settings);
    let mut worker = Killed(worker.spawn().unwrap());
    let started = Instant::now();
    while block_on(inbox::in_queue(url)) > 0 {
        assert!(started.elapsed() < Duration::from_secs(20), "the queue is not worked off");
        std::thread::sleep(Duration::from_millis(50));
    }
    let keys = block_on(inbox::texts(url, "select key from inbox_events order by key"));
    assert!(keys.len() == 2 && keys[0].contains("msg_1") && keys[1].contains("msg_2"), "{keys:?}");
    signal("-TERM", &[worker.0.id()]);
    assert!(worker.0.wait().unwrap().success(), "a worker that is told to end ends well");
}

pub(crate) fn axum_redis(_: &Run) {
    let redis = Redis::new(&[]);
    shared(&["--redis", &redis.url()]);
}

pub(crate) fn axum_postgres(run: &Run) {
    let postgres = run.postgres();
    shared(&["--postgres", &postgres.url()]);
}

/// Two receivers on one store: the one knows what the other did.
fn shared(store: &[&str]) {
    let program = example("axum");
    let (one, other) = (Program::run(&program, &[], store), Program::run(&program, &[], store));
    let name = format!("msg_{}", seed());
    let body = format!(
        r#"{{"event":"message.received","data":{{"messageId":"{name}","instanceId":"inst_1","from":"5511999990001","content":"Oi"}}}}"#
    );
    assert_eq!(deliver(&one, &body), 200);
    let line = one.handled().unwrap();
    assert!(line.contains(&name), "{line}");
    assert_eq!(deliver(&other, &body), 200);
    assert_eq!(deliver(&other, &body.replace("msg_", "other_")), 200);
    let line = other.handled().unwrap();
    assert!(line.contains("/other_"), "{line}");

    // A store that cannot be had is said at the start.
    let missing = store[1].replace("127.0.0.1", "127.0.0.2");
    let output = Command::new(&program)
        .args([store[0], &missing])
        .env_clear()
        .envs([("LISTEN", "127.0.0.1:0"), ("ENVIAAI_SECRETS", SECRET)])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && errors.starts_with(store[0]), "{errors}");
}

/// Delivers an event; gives the status.
fn deliver(program: &Program, body: &str) -> u16 {
    let signature = EnviaAi::sign(&Secret::new(SECRET).unwrap(), body.as_bytes());
    let length = body.len().to_string();
    let headers = [("x-enviaai-signature", signature.as_str()), ("content-length", &length)];
    program.send(&raw("POST", "/enviaai", &headers, body.as_bytes())).0
}
