//! The example receivers under load: steady traffic, a flood of requests that
//! prove nothing, and clients that are slow on purpose.
//!
//! ```text
//! cargo bench --bench load                          # 10 s of each, both frameworks
//! cargo bench --bench load -- steady 300            # 5 minutes of 1,000 requests per second
//! cargo bench --bench load -- steady 300 redis      # the same over Redis
//! cargo bench --bench load -- flood 60
//! cargo bench --bench load -- slow 30 actix         # one of the frameworks
//! ```
//!
//! It needs Linux, `wrk` for the flood, `slowhttptest` for the slow clients,
//! and `redis-server` for Redis (Debian packages of the same names). It ends
//! with an error when a figure is missed.

#[path = "load/client.rs"]
mod client;
#[path = "load/server.rs"]
mod server;

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use client::steady;
use server::Server;

pub(crate) type Problem = Box<dyn std::error::Error + Send + Sync>;

pub(crate) const SECRET: &str = "whs_3b9ff21c";
const MIB: u64 = 1024 * 1024;

fn main() -> Result<(), Problem> {
    let arguments: Vec<String> = std::env::args().collect();
    if !arguments.iter().any(|argument| argument == "--bench") {
        return Ok(()); // `cargo test` only looks whether it runs.
    }
    let asked = |word: &str| arguments.iter().any(|argument| argument == word);
    let all = !(asked("steady") || asked("flood") || asked("slow"));
    let seconds = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(10);
    let release = examples(asked("redis"))?;

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let one = asked("axum") || asked("actix");
        for framework in ["axum", "actix"] {
            if one && !asked(framework) {
                continue;
            }
            let example = release.join("examples").join(framework);
            if all || asked("steady") {
                let redis = asked("redis").then(Redis::start).transpose()?;
                steady_traffic(framework, &example, seconds, redis.as_ref()).await?;
            }
            if all || asked("flood") {
                flood(framework, &example, seconds).await?;
            }
            if all || asked("slow") {
                slow(framework, &example, seconds).await?;
            }
        }
        Ok(())
    })
}

/// Builds the examples; gives the folder of the profile.
fn examples(redis: bool) -> Result<PathBuf, Problem> {
    let here = std::env::current_exe()?;
    let release = here.parent().and_then(Path::parent).ok_or("no target folder")?;
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "build",
        "--quiet",
        "--workspace",
        "--release",
        "--example",
        "axum",
        "--example",
        "actix",
    ]);
    if redis {
        cargo.args(["--features", "redis"]);
    }
    let target = release.parent().ok_or("no target folder")?;
    if !cargo.env("CARGO_TARGET_DIR", target).status()?.success() {
        return Err("the examples cannot be built".into());
    }
    Ok(release.to_owned())
}

fn demand(holds: bool, what: &str) -> Result<(), Problem> {
    if holds { Ok(()) } else { Err(what.into()) }
}

/// 1,000 signed requests per second: no error, no event lost or handled twice,
/// memory flat.
async fn steady_traffic(
    framework: &str,
    example: &Path,
    seconds: usize,
    redis: Option<&Redis>,
) -> Result<(), Problem> {
    const PER_SECOND: usize = 1000;
    let arguments = redis.map_or(Vec::new(), Redis::arguments);
    // Fewer keys than events, so that the store is full early on.
    let server = Server::start(example, &arguments, &[("KEYS", "5000")])?;
    let first = std::process::id() as usize * 10_000_000;
    let traffic = tokio::spawn(steady(server.address, first, PER_SECOND, seconds));
    let (began, mut memory) = (Instant::now(), Vec::new());
    while !traffic.is_finished() {
        tokio::time::sleep(Duration::from_secs(1)).await;
        memory.push((began.elapsed(), server.memory()?));
    }
    let answers = traffic.await??;
    // From where the store is full and everything has been used once.
    let half = memory.get(memory.len() / 2).map_or(0, |(_, bytes)| *bytes);
    let growth = memory.last().map_or(0, |(_, bytes)| bytes.saturating_sub(half));
    let handled = server.stop()?;
    let twice = handled.values().filter(|times| **times > 1).count();
    let missing = client::events(first, PER_SECOND, seconds).filter(|id| !handled.contains_key(id));
    let missing = missing.count();
    let store = if redis.is_some() { "redis" } else { "memory" };
    println!(
        "steady {framework} {store}: {} requests in {seconds} s, {} not 200, {} handled, {missing} missing, {twice} twice, p50 {:?}, p99 {:?}, memory {} KiB, grown by {} KiB in the second half",
        answers.sent,
        answers.not_200,
        handled.len(),
        answers.percentile(50),
        answers.percentile(99),
        half / 1024,
        growth / 1024,
    );
    demand(answers.not_200 == 0, "an answer was not 200")?;
    demand(missing == 0 && twice == 0, "an event was lost, or handled twice")?;
    demand(growth < 2 * MIB, "memory grows")
}

/// As many unsigned requests as one client can send: signed ones are still
/// answered, memory stays.
async fn flood(framework: &str, example: &Path, seconds: usize) -> Result<(), Problem> {
    let server = Server::start(example, &[], &[])?;
    let warm = steady(server.address, 0, 50, 2).await?;
    demand(warm.not_200 == 0, "it does not answer")?;
    let before = server.memory()?;
    let script = std::env::temp_dir().join(format!("unsigned-{}.lua", std::process::id()));
    std::fs::write(&script, "wrk.method = 'POST'\nwrk.body = string.rep('x', 2048)\n")?;
    let mut wrk = Killed(
        Command::new("wrk")
            .args(["-t1", "-c64", &format!("-d{seconds}s"), "-s"])
            .arg(&script)
            .arg(format!("http://{}/enviaai", server.address))
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("wrk cannot be run (Debian: apt-get install wrk): {error}"))?,
    );
    let signed = steady(server.address, 1000, 50, seconds.saturating_sub(1).max(1)).await?;
    let growth = server.memory()?.saturating_sub(before);
    let mut said = String::new();
    if let Some(mut output) = wrk.0.stdout.take() {
        std::io::Read::read_to_string(&mut output, &mut said)?;
    }
    let _ = std::fs::remove_file(&script);
    let rate =
        said.lines().find_map(|line| line.strip_prefix("Requests/sec:")).unwrap_or("?").trim();
    println!(
        "flood {framework}: {rate} unsigned requests per second, {} signed ones, {} not 200, p99 {:?}, memory grown by {} KiB",
        signed.sent,
        signed.not_200,
        signed.percentile(99),
        growth / 1024,
    );
    demand(signed.not_200 == 0, "a signed request was not answered")?;
    demand(growth < 32 * MIB, "memory grows")
}

const SLOW: usize = 500;

/// 500 connections that are slow with their heads or their bodies.
async fn slow(framework: &str, example: &Path, seconds: usize) -> Result<(), Problem> {
    for mode in ["head", "body"] {
        let server = Server::start(example, &[], &[])?;
        steady(server.address, 0, 50, 2).await?;
        let before = server.memory()?;
        let mut tool = slowhttptest(mode, server.address, seconds)?;
        let closed = tokio::spawn(closed_after(mode, server.address));
        let normal = steady(server.address, 1000, 50, seconds).await?;
        let growth = server.memory()?.saturating_sub(before);
        let (first, last) = closed.await??;
        let _ = tool.0.wait();
        println!(
            "slow {mode} {framework}: {} normal requests, {} not 200, p99 {:?}, memory grown by {} KiB, {SLOW} slow ones closed after {:.1} to {:.1} s",
            normal.sent,
            normal.not_200,
            normal.percentile(99),
            growth / 1024,
            first.as_secs_f64(),
            last.as_secs_f64(),
        );
        demand(normal.not_200 == 0, "a normal request was not answered")?;
        demand(normal.percentile(99) < Duration::from_millis(100), "normal requests are slow")?;
        demand(growth < 32 * MIB, "memory grows")?;
        demand(first > Duration::from_secs(5), "they were not slow, but wrong")?;
        demand(last < Duration::from_secs(15), "slow ones stay")?;
    }
    Ok(())
}

/// The tool by that name, with as many connections.
fn slowhttptest(mode: &str, address: SocketAddr, seconds: usize) -> Result<Killed, Problem> {
    let mode = if mode == "head" { "-H" } else { "-B" };
    let tool = Command::new("slowhttptest")
        .args([mode, "-c", &SLOW.to_string(), "-r", "250", "-i", "2", "-l", &seconds.to_string()])
        .args(["-s", "8192", "-t", "POST", "-u", &format!("http://{address}/enviaai")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    tool.map(Killed).map_err(|error| {
        format!("slowhttptest cannot be run (Debian: apt-get install slowhttptest): {error}").into()
    })
}

/// Opens slow connections of our own, which pass for deliveries as far as
/// their heads go, a byte per second; gives after how long the first and the
/// last one were closed.
async fn closed_after(
    mode: &'static str,
    address: SocketAddr,
) -> Result<(Duration, Duration), Problem> {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..SLOW {
        // One after another: the system has a short queue for those that are
        // not accepted yet, and resets what does not fit.
        tokio::time::sleep(Duration::from_millis(2)).await;
        tasks.spawn(async move {
            let mut stream = TcpStream::connect(address).await?;
            let opened = Instant::now();
            let signature = format!("sha256={}", "0".repeat(64));
            let request = client::head(&[("x-enviaai-signature", &signature)], 4096, "{");
            let start = match mode {
                // In the middle of a value.
                "head" => request.get(..35).unwrap_or_default(),
                _ => &request,
            };
            stream.write_all(start).await?;
            let (mut answers, mut requests) = stream.into_split();
            let drip = async {
                while requests.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            };
            let closed = async {
                let mut answer = Vec::new();
                let _ = answers.read_to_end(&mut answer).await;
            };
            tokio::select! { () = drip => {}, () = closed => {} }
            Ok::<_, std::io::Error>(opened.elapsed())
        });
    }
    let (mut first, mut last) = (Duration::MAX, Duration::ZERO);
    while let Some(opened) = tasks.join_next().await {
        let opened = opened??;
        (first, last) = (first.min(opened), last.max(opened));
    }
    Ok((first, last))
}

/// A Redis of our own on a free port, without persistence.
struct Redis {
    _server: Killed,
    port: u16,
}

impl Redis {
    fn start() -> Result<Self, Problem> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""])
            .args(["--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn();
        let server = server.map_err(|error| {
            format!("redis-server cannot be run (Debian: apt-get install redis-server): {error}")
        })?;
        let server = Killed(server);
        let began = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            demand(began.elapsed() < Duration::from_secs(10), "Redis does not start")?;
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(Self { _server: server, port })
    }

    fn arguments(&self) -> Vec<String> {
        vec!["--redis".to_owned(), format!("redis://127.0.0.1:{}/", self.port)]
    }
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
