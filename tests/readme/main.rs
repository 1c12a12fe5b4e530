//! The two servers of the README, copied out of it and run.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use zaphook::{EnviaAi, Secret};

const SECRET: &str = "whs_3b9ff21c";

/// A server at work, killed when dropped.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start(framework: &str) -> Self {
        // Free a moment ago, and nobody else asks for this one.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let profile = std::env::current_exe().unwrap();
        let profile = profile.parent().and_then(Path::parent).unwrap();
        let process = Command::new(built(framework, profile))
            .envs([("LISTEN", address.to_string().as_str()), ("ENVIAAI_SECRET", SECRET)])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let server = Self { process, address };
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(started.elapsed() < Duration::from_secs(20), "{framework} does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        server
    }

    /// The status that is answered to a body of which so many bytes are announced.
    fn post(&self, secret: &str, body: &str, announced: usize) -> Option<u16> {
        let signature = EnviaAi::sign(&Secret::new(secret).unwrap(), body.as_bytes());
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let head = format!(
            "POST /enviaai HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {announced}\r\n\
             x-enviaai-signature: {signature}\r\n\r\n"
        );
        // A server that refuses early may close before all is sent.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        if announced > body.len() {
            let _ = stream.shutdown(Shutdown::Write);
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
    }

    fn send(&self, secret: &str, body: &str) -> Option<u16> {
        self.post(secret, body, body.len())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program, as it stands now: `cargo test` alone builds examples, `cargo test
/// --test readme` does not.
fn built(framework: &str, profile: &Path) -> std::path::PathBuf {
    let name = format!("readme-{framework}");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--workspace", "--all-features", "--example", &name]);
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    let status = cargo
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_TARGET_DIR", profile.parent().unwrap())
        .status();
    assert!(status.unwrap().success(), "{name} cannot be built");
    profile.join("examples").join(name)
}

fn message(id: &str, text: &str) -> String {
    format!(
        r#"{{"event":"message.received","data":{{"messageId":"{id}","instanceId":"inst_1","from":"5511999990001","content":"{text}"}}}}"#
    )
}

fn answers_as_the_gateway_needs(framework: &str) {
    let mut server = Server::start(framework);
    let body = message("msg_1", "Olá");
    assert_eq!(server.send(SECRET, &body), Some(200), "signed");
    assert_eq!(server.send(SECRET, &body), Some(200), "once more");
    assert_eq!(server.send("whs_other", &body), Some(401), "forged");
    // Any answer but 2xx would make EnviaAI send it five times more.
    let large = message("msg_2", &"a".repeat(2 << 20));
    assert_eq!(server.send(SECRET, &large), Some(200), "too large");
    // It is not complete, so it is no delivery: it has to be sent again, whole.
    let cut = message("msg_3", "cut off");
    let answer = server.post(SECRET, &cut, cut.len() + 100);
    assert!(answer.is_none_or(|status| status == 503 || status == 400), "cut off: {answer:?}");
    assert_eq!(server.send(SECRET, &cut), Some(200), "and whole");

    server.process.kill().unwrap();
    let mut printed = String::new();
    server.process.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(
        lines,
        [r#"5511999990001: Some("Olá")"#, r#"5511999990001: Some("cut off")"#],
        "each event is handled once"
    );
}

/// A whole server is short, and as `rustfmt` writes it.
#[test]
fn a_server_has_at_most_twenty_lines() {
    let readme = include_str!("../../README.md");
    for framework in ["axum", "actix"] {
        let mark = format!("<!-- server: {framework} -->\n```rust,ignore\n");
        let (server, _) = readme.split_once(&mark).unwrap().1.split_once("\n```\n").unwrap();
        assert!(server.lines().count() <= 20, "{framework}: {}", server.lines().count());
        let file = std::env::temp_dir().join(format!("{framework}-{}.rs", std::process::id()));
        std::fs::write(&file, format!("{server}\n")).unwrap();
        let configuration = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rustfmt.toml");
        let formatted = Command::new("rustfmt")
            .args(["--edition", "2024", "--check", "--config-path", configuration])
            .arg(&file)
            .output()
            .unwrap();
        std::fs::remove_file(file).unwrap();
        assert!(formatted.status.success(), "{}", String::from_utf8_lossy(&formatted.stdout));
    }
}

#[test]
fn axum() {
    answers_as_the_gateway_needs("axum");
}

#[test]
fn actix() {
    answers_as_the_gateway_needs("actix");
}
