//! The Redis and PostgreSQL stores on real servers, which are started here and
//! end with the test. It needs `redis-server` and `postgresql` (Debian's
//! packages); nothing is left out when one is missing.
//!
//! ```text
//! cargo test --features redis,postgres,sqlite --test servers
//! cargo test --features redis,postgres,sqlite --test servers -- outage
//! cargo test --release --features redis,postgres,sqlite --test servers -- --full --figures tests/servers/figures.md
//! ```
//!
//! The second runs what has the word in its name. The third runs with the full
//! counts, which takes some minutes, and writes down what it measured.

mod child;
mod conformance;
mod crash;
#[path = "../../examples/embedded/queue.rs"]
mod embedded;
mod examples;
mod inbox;
mod isolation;
mod memory;
mod outage;
#[path = "../../examples/postgres/pooled.rs"]
mod pooled;
mod proxy;
#[path = "../../examples/inbox/queue.rs"]
mod queue;
mod race;
mod refusals;
mod run;
mod server;
mod speed;
mod stores;
mod tree;
mod worker;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use run::{Counts, Run};

type Check = (&'static str, fn(&Run));

const CHECKS: &[Check] = &[
    ("redis conforms", conformance::redis),
    ("postgres conforms", conformance::postgres),
    ("redis state table", conformance::redis_table),
    ("postgres state table", conformance::postgres_table),
    ("postgres schema and purge", conformance::postgres_schema_and_purge),
    ("redis cluster", conformance::redis_cluster),
    ("redis refusals", refusals::redis),
    ("postgres refusals", refusals::postgres),
    ("redis one winner", race::redis),
    ("postgres one winner", race::postgres),
    ("redis kill -9", crash::redis_killed),
    ("postgres kill -9", crash::postgres_killed),
    ("postgres kill -9 in a transaction", crash::postgres_killed_in_a_transaction),
    ("redis stopped workers", crash::redis_stopped),
    ("postgres stopped workers", crash::postgres_stopped),
    ("sqlite conforms", conformance::sqlite),
    ("sqlite state table", conformance::sqlite_table),
    ("sqlite kill -9", crash::sqlite_killed),
    ("sqlite kill -9 in a transaction", crash::sqlite_killed_in_a_transaction),
    ("sqlite stopped workers", crash::sqlite_stopped),
    ("inbox on pgmq: killed", inbox::pgmq_killed),
    ("inbox on pgmq: poison", inbox::pgmq_poison),
    ("inbox on pgmq: stopped", inbox::pgmq_stopped),
    ("inbox on pgmq: replayed", inbox::pgmq_replayed),
    ("inbox on pgmq: pushed together", inbox::together),
    ("inbox in a file: killed", inbox::file_killed),
    ("inbox in a file: poison", inbox::file_poison),
    ("inbox in a file: stopped", inbox::file_stopped),
    ("inbox in a file: replayed", inbox::file_replayed),
    ("inbox outage: killed", inbox::killed_for_a_while),
    ("inbox outage: hung", inbox::hung),
    ("inbox outage: slow", inbox::slow),
    ("inbox without room", inbox::disk_full),
    ("inbox without its guard", inbox::guard_down),
    ("inbox speed: the door and the engine", inbox::against_the_engine),
    ("inbox speed: the door and handling", inbox::against_handling),
    ("inbox speed: sustained", inbox::sustained),
    ("redis outage: killed", outage::redis_killed),
    ("redis outage: hung", outage::redis_hung),
    ("redis outage: slow", outage::redis_slow),
    ("postgres outage: killed", outage::postgres_killed),
    ("postgres outage: hung", outage::postgres_hung),
    ("postgres outage: slow", outage::postgres_slow),
    ("redis out of memory", memory::out_of_memory),
    ("redis evicting", memory::evicting),
    ("postgres isolation: repeatable read", isolation::repeatable_read),
    ("postgres isolation: serializable", isolation::serializable),
    ("postgres restarted under load", isolation::restarted_under_load),
    ("postgres: a long transaction", isolation::long_transaction),
    ("example transaction", examples::transaction),
    ("example inbox", examples::inbox),
    ("example embedded", examples::embedded),
    ("example axum on redis", examples::axum_redis),
    ("example axum on postgres", examples::axum_postgres),
    ("redis speed", speed::redis),
    ("postgres speed", speed::postgres),
    ("bytes per key", speed::bytes),
    ("crates in the tree", tree::check),
];

/// Runs on a runtime of its own.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let value = runtime.block_on(future);
    runtime.shutdown_background();
    value
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "worker") {
        block_on(worker::run(&arguments[1..]));
        return ExitCode::SUCCESS;
    }
    let after = |flag: &str| {
        let at = arguments.iter().position(|argument| argument == flag);
        at.and_then(|at| arguments.get(at + 1))
    };
    if arguments.iter().any(|argument| argument == "--list") {
        CHECKS.iter().for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    let figures = after("--figures");
    let valued = ["--skip", "--figures", "--test-threads"];
    let words: Vec<&String> = arguments
        .iter()
        .enumerate()
        .filter(|(index, argument)| {
            let value = index
                .checked_sub(1)
                .is_some_and(|before| valued.contains(&arguments[before].as_str()));
            !value && !argument.starts_with("--")
        })
        .map(|(_, argument)| argument)
        .collect();
    let skipped: Vec<&String> =
        arguments.windows(2).filter(|pair| pair[0] == "--skip").map(|pair| &pair[1]).collect();
    let counts = match arguments.iter().any(|argument| argument == "--full") {
        true => Counts::FULL,
        false => Counts::SMALL,
    };

    let run = Run::new(counts);
    let (mut passed, mut failed) = (0, Vec::new());
    for (name, check) in CHECKS {
        let asked = words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
        if !asked || skipped.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        println!("{name} ...");
        let started = Instant::now();
        match catch_unwind(AssertUnwindSafe(|| check(&run))) {
            Ok(()) => passed += 1,
            Err(_) => failed.push(*name),
        }
        let outcome = if failed.last() == Some(name) { "FAILED" } else { "ok" };
        println!("{name} ... {outcome} ({:.1} s)", started.elapsed().as_secs_f64());
    }
    if let Some(path) = figures {
        // From where the command is typed, which is not where it runs.
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        std::fs::write(std::path::Path::new(root).join(path), page(&run)).unwrap();
    }
    println!("\n{passed} passed, {} failed: {failed:?}", failed.len());
    // A word that names nothing must not look like a success.
    if failed.is_empty() && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The page of figures.
fn page(run: &Run) -> String {
    let first_line = |program: &str, package: &str| {
        let output = std::process::Command::new(server::program(program, package))
            .arg("--version")
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap().lines().next().unwrap_or_default().to_owned()
    };
    let cores = std::thread::available_parallelism().unwrap();
    format!(
        "# The stores on real servers\n\n\
        Written by\n\n\
        ```text\n\
        cargo test --release --features redis,postgres,sqlite --test servers -- --full --figures tests/servers/figures.md\n\
        ```\n\n\
        on {cores} cores, which servers, clients and others share, with the defaults of\n\
        {} and\n{}, the latter with 500\nconnections and 256 MB of shared buffers.\n\n\
        | what | asked | measured |\n|---|---|---|\n{}",
        first_line("redis-server", "redis-server"),
        first_line("postgres", "postgresql"),
        run.figures(),
    )
}
