//! Starts a real HTTP server on a free loopback port, sends it real signed
//! deliveries over the socket, and prints what the receiver does with each. A
//! tour to run and to read, not a receiver to copy: the README has whole
//! servers for that.
//!
//! ```text
//! cargo run --example quickstart
//! ```
//!
//! It exits by itself: with 0 when every answer is as expected, with 1 and the
//! difference when one is not.

mod eazewa;
mod enviaai;
mod evolution;
mod server;
mod wawp;
mod zavu;

use std::process::ExitCode;
use std::time::Duration;

/// A delivery to be sent, and what is expected.
struct Delivery {
    /// What is special about it, as human-readable text.
    what: &'static str,
    /// Method, path, headers and body, ready to be sent.
    request: http::Request<bytes::Bytes>,
    /// The expected status.
    status: u16,
    /// Strings that must appear in the receiver's report.
    reports: &'static [&'static str],
    /// What happens to the handler, if it runs.
    fate: Fate,
    /// How long before it is sent.
    after: Duration,
}

/// What happens to a handler.
#[derive(Clone, Copy, Default)]
enum Fate {
    /// It does its work.
    #[default]
    Works,
    /// It fails, but may work later.
    Fails,
    /// Its process crashes while it works.
    Dies,
}

/// How long a worker owns an event here: short, so that you do not have to
/// wait.
const LEASE: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut server = server::Server::new();
    let mut deliveries = Vec::new();
    deliveries.extend(eazewa::join(&mut server)?);
    deliveries.extend(enviaai::join(&mut server)?);
    deliveries.extend(evolution::join(&mut server)?);
    deliveries.extend(wawp::join(&mut server)?);
    deliveries.extend(zavu::join(&mut server)?);
    let running = server.start().await?;
    println!("receiving on {}\n", running.address);

    let mut wrong = 0;
    for delivery in deliveries {
        // Not the whole path: with some gateways it holds the credential.
        let gateway = delivery.request.uri().path().split('/').nth(1).unwrap_or_default();
        println!("{gateway}: {}", delivery.what);
        tokio::time::sleep(delivery.after).await;
        let status = running.send(delivery.request, delivery.fate).await?;
        let report = running.report();
        for line in &report {
            println!("    {line}");
        }
        println!("    answer     {status}\n");

        if status != delivery.status {
            eprintln!("    NOT AS ANNOUNCED: the answer should be {}\n", delivery.status);
            wrong += 1;
        }
        for expected in delivery.reports {
            if !report.iter().any(|line| line.contains(expected)) {
                eprintln!("    NOT AS ANNOUNCED: nothing reports {expected:?}\n");
                wrong += 1;
            }
        }
    }
    if wrong > 0 {
        eprintln!("{wrong} reports or answers are not as announced");
        return Ok(ExitCode::FAILURE);
    }
    println!("every answer is as announced");
    Ok(ExitCode::SUCCESS)
}
