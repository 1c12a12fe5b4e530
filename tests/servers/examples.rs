//! The examples on real servers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use zaphook::{EnviaAi, Secret};

use crate::run::{Run, seed};
use crate::server::{Redis, Server};

const SECRET: &str = "whs_3b9ff21c";

/// The program of an example, built as it stands now.
fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--features", "redis,postgres", "--example", name]);
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    let status = cargo
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_TARGET_DIR", profile.parent().unwrap())
        .status();
    assert!(status.unwrap().success(), "the example {name} cannot be built");
    profile.join("examples").join(name)
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
    let (one, other) = (Program::start(&program, store), Program::start(&program, store));
    let name = format!("msg_{}", seed());
    let body = format!(
        r#"{{"event":"message.received","data":{{"messageId":"{name}","instanceId":"inst_1","from":"5511999990001","content":"Oi"}}}}"#
    );
    assert_eq!(one.deliver(&body), 200);
    let line = one.lines.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(line.contains(&name), "{line}");
    assert_eq!(other.deliver(&body), 200);
    assert_eq!(other.deliver(&body.replace("msg_", "other_")), 200);
    let line = other.lines.recv_timeout(Duration::from_secs(10)).unwrap();
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

/// A receiver at work, killed when dropped.
struct Program {
    child: Child,
    address: SocketAddr,
    lines: Receiver<String>,
}

impl Program {
    fn start(program: &PathBuf, arguments: &[&str]) -> Self {
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .envs([("LISTEN", "127.0.0.1:0"), ("ENVIAAI_SECRETS", SECRET)])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        errors.read_line(&mut first).unwrap();
        let address = first.trim().strip_prefix("receiving on ");
        let address = address.unwrap_or_else(|| panic!("{first}")).parse().unwrap();
        std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::sink()));
        let (send, lines) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).try_for_each(|line| send.send(line))
        });
        Self { child, address, lines }
    }

    fn deliver(&self, body: &str) -> u16 {
        let signature = EnviaAi::sign(&Secret::new(SECRET).unwrap(), body.as_bytes());
        let mut stream = TcpStream::connect(self.address).unwrap();
        write!(
            stream,
            "POST /enviaai HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
            x-enviaai-signature: {signature}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
