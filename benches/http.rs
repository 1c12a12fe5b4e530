//! What a request costs a server with a receiver in it: the processor time that
//! the examples spend per request, each against a bare server on the same
//! framework that reads the body and answers 200, and against the receiver in
//! Express that the gateways' pages show.
//!
//! ```text
//! cargo bench --features actix --bench http           # axum, actix, Express
//! cargo bench --features actix --bench http -- axum   # one of them
//! ```
//!
//! It needs Linux and `taskset`; for Express `node` and `npm`, without which that
//! row is left out. `benches/http/figures.md` has its figures.
//!
//! The client does not compute: all requests are made before, and go out over
//! connections that are kept, one on each, then the answers are read. It never
//! sleeps while it waits for one: a server that writes to a socket of the same machine
//! whose reader sleeps pays for waking it, some 2 µs, and the slower server pays more
//! often; no server does so for a client on another machine. The server has one core,
//! the client another. What counts is the server's own time in user
//! mode and in the kernel (`/proc/PID/stat`), so that neither the client nor what
//! else runs on the machine is the limit. Rounds go through all servers in turn.

use std::error::Error;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use zaphook::{EnviaAi, Secret};

const SECRET: &str = "whs_3b9ff21c";
const CONNECTIONS: usize = 32;
const WARM_UP: usize = 4_000;
const REQUESTS: usize = 60_000;
/// Of a server that takes ten times as long.
const REQUESTS_EXPRESS: usize = 8_000;
const ROUNDS: usize = 5;
const BODY: usize = 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1..) {
        Some([bare, framework]) if bare == "bare" && framework == "axum" => return bare_axum(),
        Some([bare, framework]) if bare == "bare" && framework == "actix" => return bare_actix(),
        _ => {}
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        return Ok(()); // `cargo test` only looks whether it runs.
    }
    let here = std::env::current_exe()?;
    let release = here.parent().and_then(Path::parent).ok_or("no target folder")?;
    let asked: Vec<&str> = ["axum", "actix", "express"]
        .into_iter()
        .filter(|name| arguments.iter().any(|argument| argument == name))
        .collect();
    let wanted = |name| asked.is_empty() || asked.contains(&name);

    let mut servers = Vec::new();
    for framework in ["axum", "actix"] {
        // Express is compared with axum.
        if wanted(framework) || (framework == "axum" && wanted("express")) {
            build(framework, release)?;
            servers.push(Server::new(framework, "bare", &here, &["bare", framework]));
            let example = release.join("examples").join(framework);
            servers.push(Server::new(framework, "example", &example, &[]));
        }
    }
    if wanted("express") {
        match express(release) {
            Ok(script) => {
                let script = script.to_str().ok_or("a folder that is not UTF-8")?;
                servers.push(Server::new("express", "documented", Path::new("node"), &[script]));
            }
            Err(problem) => println!("express is left out: {problem}"),
        }
    }
    // From here on the server has the other core to itself.
    let own = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-apc", "1", &own]).stdout(Stdio::null()).status();
    if !pinned.map_err(|error| format!("taskset cannot be run: {error}"))?.success() {
        return Err("taskset cannot give this process a core: it takes two".into());
    }

    println!("server: µs per request in each round; median");
    for (traffic, events) in [("new events", REQUESTS + WARM_UP), ("duplicates", CONNECTIONS)] {
        let requests = requests(events)?;
        for _ in 0..ROUNDS {
            for server in &mut servers {
                let spent = server.measure(&requests)?;
                server.spent.push(spent);
            }
        }
        for server in &servers {
            let rounds: Vec<String> = server.spent.iter().map(|us| format!("{us:.2}")).collect();
            let (name, median) = (server.name(), median(server.spent.iter().copied()));
            println!("{traffic}, {name}: {}; {median:.2}", rounds.join(" "));
        }
        let of = |name: &str| servers.iter().find(|server| server.name() == name);
        for (over, under) in [
            ("axum example", "axum bare"),
            ("actix example", "actix bare"),
            ("express documented", "axum example"),
        ] {
            if let (Some(over_us), Some(under_us)) = (of(over), of(under)) {
                // Of servers in the same round: the machine may be slower in another.
                let rounds = over_us.spent.iter().zip(&under_us.spent);
                let ratio = median(rounds.map(|(over, under)| over / under));
                println!("{traffic}, {over} ÷ {under}: {ratio:.2}");
            }
        }
        servers.iter_mut().for_each(|server| server.spent.clear());
    }
    Ok(())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn build(example: &str, release: &Path) -> Result<(), Box<dyn Error>> {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--workspace", "--release", "--example", example])
        .env("CARGO_TARGET_DIR", release.parent().ok_or("no target folder")?)
        .status()?;
    if built.success() { Ok(()) } else { Err("the examples cannot be built".into()) }
}

fn bare_actix() -> Result<(), Box<dyn Error>> {
    use actix_web::{App, HttpServer, web};

    actix_web::rt::System::new().block_on(async {
        let answer = |_: web::Bytes| async { actix_web::HttpResponse::Ok().finish() };
        let server = HttpServer::new(move || App::new().route("/enviaai", web::post().to(answer)))
            .bind("127.0.0.1:0")?;
        for address in server.addrs() {
            eprintln!("receiving on {address}");
        }
        Ok(server.run().await?)
    })
}

fn bare_axum() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let router = Router::new().route("/enviaai", post(|_: Bytes| async {}));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        eprintln!("receiving on {}", listener.local_addr()?);
        axum::serve(listener, router).await?;
        Ok(())
    })
}

/// What EnviaAI's pages show for Express, in our words: the body parsed, the
/// HMAC over the text written again from it, compared in constant time, and 200.
/// It remembers nothing.
const EXPRESS: &str = r#"
const crypto = require("node:crypto");
const express = require("express");

const secret = process.env.ENVIAAI_SECRETS;
let received = 0;
const app = express();
app.use(express.json());
app.post("/enviaai", (request, response) => {
  const presented = Buffer.from(request.headers["x-enviaai-signature"] || "");
  const hmac = crypto.createHmac("sha256", secret).update(JSON.stringify(request.body));
  const expected = Buffer.from(`sha256=${hmac.digest("hex")}`);
  if (presented.length !== expected.length || !crypto.timingSafeEqual(presented, expected)) {
    return response.status(401).json({ error: "signature" });
  }
  if (request.body.event === "message.received" && request.body.data.messageId) received += 1;
  response.status(200).json({ received: true });
});
const server = app.listen(0, "127.0.0.1", () => {
  console.error(`receiving on 127.0.0.1:${server.address().port}`);
});
"#;

/// The script, with Express from npm beside it.
fn express(release: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let folder = release.join("http-bench-express");
    std::fs::create_dir_all(&folder)?;
    let script = folder.join("server.js");
    std::fs::write(&script, EXPRESS)?;
    let run = |program: &str, arguments: &[&str]| {
        let status = Command::new(program)
            .args(arguments)
            .current_dir(&folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{program} {arguments:?}: {status}")),
            Err(error) => Err(format!("{program} cannot be run: {error}")),
        }
    };
    run("node", &["--version"])?;
    if !folder.join("node_modules/express").exists() {
        run("npm", &["install", "--prefix", ".", "--no-audit", "--no-fund", "express@4"])?;
    }
    Ok(script)
}

/// Complete requests, each of an event of its own.
fn requests(events: usize) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let secret = Secret::new(SECRET)?;
    let made = (0..events).map(|index| {
        let start = format!(
            r#"{{"event":"message.received","timestamp":"2026-02-10T14:23:45.678Z","data":{{"messageId":"msg_{index}","instanceId":"inst_4b7d","chatId":"chat_19aa","from":"5511999990001","type":"text","timestamp":"2026-02-10T14:23:45.000Z","contactName":"Ana","isGroup":false,"content":""#
        );
        let sentence = "Bom dia! Ainda tem mesa para hoje? ";
        let room = BODY.saturating_sub(start.len() + 3);
        let text: String = sentence.chars().cycle().take(room).collect();
        let body = format!("{start}{text}\"}}}}");
        let signature = EnviaAi::sign(&secret, body.as_bytes());
        format!(
            "POST /enviaai HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\nx-enviaai-signature: {signature}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    });
    Ok(made.collect())
}

struct Server {
    framework: &'static str,
    kind: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    /// Microseconds per request, in each round.
    spent: Vec<f64>,
}

impl Server {
    fn new(
        framework: &'static str,
        kind: &'static str,
        program: &Path,
        arguments: &[&str],
    ) -> Self {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Self { framework, kind, program: program.to_owned(), arguments, spent: Vec::new() }
    }

    fn name(&self) -> String {
        format!("{} {}", self.framework, self.kind)
    }

    /// The microseconds of processor time that a server which has just been
    /// started spends per request.
    fn measure(&self, requests: &[Vec<u8>]) -> Result<f64, Box<dyn Error>> {
        let count = if self.framework == "express" { REQUESTS_EXPRESS } else { REQUESTS };
        let mut server = Killed(
            Command::new("taskset")
                .args(["-c", "0"])
                .arg(&self.program)
                .args(&self.arguments)
                .envs([("LISTEN", "127.0.0.1:0"), ("ENVIAAI_SECRETS", SECRET)])
                .envs([("QUIET", "true"), ("KEYS", "1000000"), ("CONCURRENCY", "1024")])
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()?,
        );
        let mut said = BufReader::new(server.0.stderr.take().ok_or("no standard error")?);
        let mut line = String::new();
        said.read_line(&mut line)?;
        let address = line.trim().strip_prefix("receiving on ");
        let address: SocketAddr = address.ok_or("the server did not start")?.parse()?;
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));

        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            let connection = TcpStream::connect(address)?;
            connection.set_nodelay(true)?;
            connection.set_nonblocking(true)?;
            connections.push(connection);
        }
        let mut requests = requests.iter().cycle();
        send(&mut connections, &mut requests, WARM_UP)?;
        let before = ticks(server.0.id())?;
        let answered = send(&mut connections, &mut requests, count)?;
        let spent = ticks(server.0.id())?.saturating_sub(before);
        // A tick is 10 ms on every Linux that Rust runs on.
        Ok(spent as f64 * 10_000.0 / answered as f64)
    }
}

/// Sends so many requests, one on each connection at a time; gives how many
/// were answered 200, which is all of them.
fn send<'a>(
    connections: &mut [TcpStream],
    requests: &mut impl Iterator<Item = &'a Vec<u8>>,
    count: usize,
) -> Result<usize, Box<dyn Error>> {
    let mut answered = 0;
    let mut buffer = [0; 4096];
    while answered < count {
        for (connection, request) in connections.iter_mut().zip(&mut *requests) {
            // There is room for it: the last one has been answered.
            connection.write_all(request)?;
        }
        for connection in connections.iter_mut() {
            let mut read = 0;
            while !is_whole(&buffer[..read]) {
                match connection.read(&mut buffer[read..]) {
                    Ok(0) => return Err("the server hung up".into()),
                    Ok(more) => read += more,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        // A few µs, in which the socket is left alone.
                        (0..100).for_each(|_| std::hint::spin_loop());
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            if !buffer.starts_with(b"HTTP/1.1 200 ") {
                return Err("an answer was not 200".into());
            }
            answered += 1;
        }
    }
    Ok(answered)
}

/// Whether that is a whole answer. Express sends a body of 17 bytes.
fn is_whole(answer: &[u8]) -> bool {
    answer.ends_with(b"\r\n\r\n") || answer.ends_with(b"}")
}

/// What a process has spent so far, in user mode and in the kernel.
fn ticks(process: u32) -> Result<u64, Box<dyn Error>> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // Behind the name, which may hold anything but ends with the last `)`.
    let (_, fields) = stat.rsplit_once(')').ok_or("a line of another form")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    match fields.get(11..13) {
        Some([user, system]) => Ok(user.parse::<u64>()? + system.parse::<u64>()?),
        _ => Err("a line of another form".into()),
    }
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
