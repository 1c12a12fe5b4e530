//! How much of a web server's speed is left with a receiver in it: the
//! examples with the memory store, each against a bare server on the same
//! framework that reads the body and answers 200.
//!
//! ```text
//! cargo bench --bench http           # axum, then actix
//! cargo bench --bench http -- axum   # one of them
//! ```
//!
//! It needs `wrk` and `taskset`. The server has one core, `wrk` another. Runs
//! alternate, and each starts the server anew, so that every delivery is an
//! event of its own: signed, claimed, handled and completed.
//!
//! What is left of the ratio goes into the signature and the parsing (about a
//! third of it), the task of its own, the claim and the completion, and the
//! timers for heads and bodies, which the bare server does without.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use zaphook::{EnviaAi, Secret};

const SECRET: &str = "whs_3b9ff21c";
const DELIVERIES: usize = 400_000;
const ROUNDS: usize = 7;
const SECONDS: u32 = 3;

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
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--example", "axum", "--example", "actix"])
        .env("CARGO_TARGET_DIR", release.parent().ok_or("no target folder")?)
        .status()?;
    if !built.success() {
        return Err("the examples cannot be built".into());
    }
    let script = deliveries(release)?;
    let asked = |framework: &str| arguments.iter().any(|argument| argument == framework);
    for framework in ["axum", "actix"] {
        if asked(framework) || !(asked("axum") || asked("actix")) {
            compare(framework, &here, &release.join("examples").join(framework), &script)?;
        }
    }
    Ok(())
}

fn compare(
    framework: &str,
    here: &Path,
    example: &Path,
    script: &Path,
) -> Result<(), Box<dyn Error>> {
    let (mut receivers, mut bares) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let bare = measure(here, &["bare", framework], script)?;
        let receiver = measure(example, &[], script)?;
        println!(
            "{framework}, round {round}: receiver {receiver:.0}/s, bare {bare:.0}/s, {:.3}",
            receiver / bare
        );
        receivers.push(receiver);
        bares.push(bare);
    }
    let mut ratios: Vec<f64> = receivers.iter().zip(&bares).map(|(a, b)| a / b).collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "{framework}: median {:.3}, from {:.3} to {:.3}",
        ratios[ROUNDS / 2],
        ratios[0],
        ratios[ROUNDS - 1]
    );
    Ok(())
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

/// Signed deliveries, and the script by which `wrk` sends one after another.
fn deliveries(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let secret = Secret::new(SECRET)?;
    let list = folder.join("http-bench-deliveries.txt");
    let mut lines = std::io::BufWriter::new(std::fs::File::create(&list)?);
    for index in 0..DELIVERIES {
        let body = format!(
            r#"{{"event":"message.received","timestamp":"2026-02-10T14:23:45.678Z","data":{{"messageId":"msg_{index}","instanceId":"inst_4b7d","chatId":"chat_19aa","from":"5511999990001","type":"text","content":"Bom dia! Ainda tem mesa para hoje?","timestamp":"2026-02-10T14:23:45.000Z","contactName":"Ana","isGroup":false}}}}"#
        );
        writeln!(lines, "{} {body}", EnviaAi::sign(&secret, body.as_bytes()))?;
    }
    lines.flush()?;
    let script = folder.join("http-bench.lua");
    std::fs::write(
        &script,
        format!(
            r#"local signatures, bodies, next = {{}}, {{}}, 0
for line in io.lines({:?}) do
  local space = line:find(" ")
  signatures[#signatures + 1] = line:sub(1, space - 1)
  bodies[#bodies + 1] = line:sub(space + 1)
end
request = function()
  next = next % #bodies + 1
  return wrk.format("POST", "/enviaai", {{
    ["content-type"] = "application/json",
    ["x-enviaai-signature"] = signatures[next],
  }}, bodies[next])
end
done = function(summary)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
  print(string.format("RESULT %.1f %d", summary.requests / (summary.duration / 1e6), bad))
end
"#,
            list.display().to_string()
        ),
    )?;
    Ok(script)
}

/// Requests per second of a server that has just been started.
fn measure(program: &Path, arguments: &[&str], script: &Path) -> Result<f64, Box<dyn Error>> {
    let mut server = Killed(
        Command::new("taskset")
            .args(["-c", "0"])
            .arg(program)
            .args(arguments)
            .envs([("LISTEN", "127.0.0.1:0"), ("ENVIAAI_SECRETS", SECRET)])
            .envs([("QUIET", "true"), ("KEYS", "1000000"), ("CONCURRENCY", "1024")])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?,
    );
    let mut said = BufReader::new(server.0.stderr.take().ok_or("no standard error")?);
    let mut line = String::new();
    said.read_line(&mut line)?;
    let address: SocketAddr =
        line.trim().strip_prefix("receiving on ").ok_or("the server did not start")?.parse()?;
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));

    let output = Command::new("taskset")
        .args(["-c", "1", "wrk", "-t1", "-c32"])
        .arg(format!("-d{SECONDS}s"))
        .arg("-s")
        .arg(script)
        .arg(format!("http://{address}/enviaai"))
        .output()
        .map_err(|error| format!("wrk cannot be run (Debian: apt-get install wrk): {error}"))?;
    let text = String::from_utf8(output.stdout)?;
    let result = text.lines().find_map(|line| line.strip_prefix("RESULT ")).ok_or(text.clone())?;
    let (rate, bad) = result.split_once(' ').ok_or("no result")?;
    if bad != "0" {
        return Err(format!("{bad} answers were not 200").into());
    }
    Ok(rate.parse()?)
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
