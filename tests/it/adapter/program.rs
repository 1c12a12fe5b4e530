//! An example as a program at work, and plain HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// The example that is named so.
pub(crate) type Framework = &'static str;

pub(crate) const SECRET: &str = "whs_3b9ff21c";

/// A receiver at work. It is killed when dropped.
pub(crate) struct Program {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
    /// What it prints: a line for each event that was handled.
    pub(crate) lines: Receiver<String>,
    /// What it says on standard error: a line for each other outcome.
    pub(crate) said: Receiver<String>,
}

/// The service at which the example's handler does its work: a delivery is
/// being worked on as long as its connection is open.
pub(crate) struct Service {
    address: SocketAddr,
    begun: Receiver<TcpStream>,
}

impl Service {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (send, begun) = channel();
        std::thread::spawn(move || {
            listener.incoming().map_while(Result::ok).try_for_each(|work| send.send(work))
        });
        Self { address, begun }
    }

    /// The setting that sends the handler here.
    pub(crate) fn setting(&self) -> (&'static str, String) {
        ("WORK_AT", self.address.to_string())
    }

    /// Waits until work on one more delivery begins. It ends when this is
    /// dropped.
    #[track_caller]
    pub(crate) fn begun(&self) -> TcpStream {
        self.begun.recv_timeout(Duration::from_secs(20)).expect("no work begins")
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.begun.try_recv().is_err()
    }
}

/// The program of an example, built as it stands now: `cargo test` alone builds
/// them, `cargo test --test it` does not.
pub(crate) fn example(name: &'static str) -> PathBuf {
    static BUILT: Mutex<Vec<&str>> = Mutex::new(Vec::new());

    let test = std::env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    let mut built = BUILT.lock().unwrap();
    if !built.contains(&name) {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet"]).args(super::BUILT_WITH).args(["--example", name]);
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        // The server tests have this file too, and the examples are the workspace's.
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
        let status = cargo
            .current_dir(root.unwrap_or(here))
            .env("CARGO_TARGET_DIR", profile.parent().unwrap())
            .status();
        assert!(status.unwrap().success(), "the example {name} cannot be built");
        built.push(name);
    }
    profile.join("examples").join(name)
}

impl Program {
    pub(crate) fn start(framework: Framework, settings: &[(&str, &str)]) -> Self {
        Self::start_with(framework, settings, &[])
    }

    pub(crate) fn start_with(
        framework: Framework,
        settings: &[(&str, &str)],
        arguments: &[&str],
    ) -> Self {
        Self::run(&example(framework), settings, arguments)
    }

    pub(crate) fn run(program: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> Self {
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .envs([("LISTEN", "127.0.0.1:0"), ("ENVIAAI_SECRETS", SECRET)])
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        errors.read_line(&mut first).unwrap();
        let address =
            first.trim().strip_prefix("receiving on ").unwrap_or_else(|| panic!("{first}"));
        let address = address.parse().unwrap();
        let said = collect(errors);
        let lines = collect(BufReader::new(child.stdout.take().unwrap()));
        Self { child, address, lines, said }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Sends raw bytes and reads the answer to its end.
    pub(crate) fn send(&self, request: &[u8]) -> (u16, String) {
        let mut stream = self.connect();
        // A server that refuses early may close before all is sent.
        let _ = stream.write_all(request);
        answer(&mut stream)
    }

    pub(crate) fn handled(&self) -> Option<String> {
        self.lines.recv_timeout(Duration::from_secs(10)).ok()
    }

    /// The next line on standard error.
    pub(crate) fn says(&self) -> Option<String> {
        self.said.recv_timeout(Duration::from_secs(10)).ok()
    }

    /// Waits until it says this on standard error.
    #[track_caller]
    pub(crate) fn says_in_the_end(&self, words: &str) {
        while !self.says().expect("it never says that").contains(words) {}
    }

    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    pub(crate) fn ends_within(&mut self, time: Duration) -> Option<i32> {
        let started = Instant::now();
        while started.elapsed() < time {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The status and the head of an answer.
pub(crate) fn answer(stream: &mut TcpStream) -> (u16, String) {
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(read) => answer.extend_from_slice(&buffer[..read]),
        }
        if answer.windows(4).any(|end| end == b"\r\n\r\n") {
            break;
        }
    }
    let answer = String::from_utf8(answer).unwrap();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer)
}

/// The lines of an output, in a thread of its own: nobody waits for a reader.
fn collect(output: impl BufRead + Send + 'static) -> Receiver<String> {
    let (send, lines) = channel();
    std::thread::spawn(move || {
        output.lines().map_while(Result::ok).try_for_each(|line| send.send(line))
    });
    lines
}

/// A request with these headers; nothing is added.
pub(crate) fn raw(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n").into_bytes();
    for (name, value) in headers {
        request.extend(format!("{name}: {value}\r\n").bytes());
    }
    request.extend(b"\r\n");
    request.extend(body);
    request
}

/// A body without a length, in chunks.
pub(crate) fn chunked(body: &[u8]) -> Vec<u8> {
    let mut chunks = Vec::with_capacity(body.len() + 1024);
    for chunk in body.chunks(100_000) {
        chunks.extend(format!("{:x}\r\n", chunk.len()).bytes());
        chunks.extend(chunk);
        chunks.extend(b"\r\n");
    }
    chunks.extend(b"0\r\n\r\n");
    chunks
}
