//! The examples on real servers.

use std::path::PathBuf;
use std::process::Command;

use zaphook::{EnviaAi, Secret};

use crate::run::{Run, seed};
use crate::server::{Redis, Server};
use program::{Program, SECRET, raw};

/// The same programs as in the tests of the adapters.
#[path = "../it/adapter/program.rs"]
#[allow(dead_code, reason = "those of the adapters ask more of them")]
mod program;

/// The program of an example, built with the stores.
fn example(name: &'static str) -> PathBuf {
    program::example_with("redis,postgres", name)
}

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
