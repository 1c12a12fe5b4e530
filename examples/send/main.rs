//! Sends a delivery to a server, as a gateway would: to try one by hand, or with a
//! small load.
//!
//! ```text
//! cargo run --example send -- --gateway evolution --event messages.upsert --text oi \
//!   --secret a-jwt-key http://127.0.0.1:8080/evolution
//! cargo run --example send -- --list
//! cargo run --example send -- --help
//! ```
//!
//! The deliveries are those of [`zaphook::testing`].

mod options;
mod post;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use chrono::Utc;
use zaphook::Secret;
use zaphook::testing::{AnySample, Gateway, Reply, Scenario};

use options::{Options, Problem};
use post::Target;

fn main() -> ExitCode {
    let run = Options::read(std::env::args().skip(1)).and_then(|options| run(&options));
    match run {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}

/// Whether everything that was sent was answered with success.
fn run(options: &Options) -> Result<bool, Problem> {
    if options.help {
        print!("{}", options::HELP);
        return Ok(true);
    }
    if options.list {
        list(options.gateway.as_deref());
        return Ok(true);
    }
    let sample = options.sample()?;
    let Some(url) = &options.url else {
        println!("{}", String::from_utf8_lossy(&sample.body()));
        return Ok(true);
    };
    let target = Target::parse(url)?;
    let secret = options.secret.as_ref();
    match (options.retry, secret) {
        (true, Some(secret)) => Ok(retry(&sample, secret, &target)),
        (true, None) => Err("--retry needs a --secret".into()),
        (false, _) if options.repeat == 1 => Ok(once(&sample, secret, &target)),
        (false, _) => Ok(load(&sample, options, &target)),
    }
}

/// The events of each gateway, with their setters, and the scenarios.
fn list(gateway: Option<&str>) {
    let is_wanted = |sample: &AnySample| {
        gateway.is_none_or(|name| [sample.gateway(), sample.sender()].contains(&name))
    };
    let print = |title: &str, sample: &AnySample| {
        let setters: Vec<String> = sample.setters().map(|name| format!("--{name}")).collect();
        println!("  {title:<36} {}", setters.join(" ").replace('_', "-"));
    };
    let mut sender = "";
    for sample in AnySample::all().iter().filter(|sample| is_wanted(sample)) {
        if sample.sender() != sender {
            sender = sample.sender();
            println!("--gateway {sender} --event");
        }
        print(sample.event(), sample);
    }
    println!("--scenario");
    for scenario in Scenario::ALL {
        let samples: Vec<AnySample> = scenario.samples().into_iter().filter(is_wanted).collect();
        if let Some(first) = samples.first() {
            print(scenario.as_str(), first);
            let senders: Vec<&str> = samples.iter().map(AnySample::sender).collect();
            println!("    by {}", senders.join(", "));
        }
    }
}

fn request(sample: &AnySample, secret: Option<&Secret>) -> http::Request<bytes::Bytes> {
    match secret {
        Some(secret) => sample.signed_at(secret, Utc::now()),
        None => http::Request::new(sample.body()),
    }
}

/// One delivery, and the whole answer.
fn once(sample: &AnySample, secret: Option<&Secret>, target: &Target) -> bool {
    match target.post(&request(sample, secret)) {
        Ok(answer) => {
            println!("{answer}");
            answer.is_success()
        }
        Err(error) => {
            println!("no answer: {error}");
            false
        }
    }
}

/// One delivery, retried as the gateway retries it, but without its waits.
fn retry(sample: &AnySample, secret: &Secret, target: &Target) -> bool {
    let gateway = Gateway::new(&sample.clone().at(Utc::now()), secret).at_most(100);
    let delivering = gateway.deliver(async |attempt| {
        let wait = attempt.at() - gateway.started_at();
        // Signatures with a time are made now: the server has a clock of its own.
        let answer = target.post(&sample.signed_at(secret, Utc::now()));
        let shown =
            answer.as_ref().map_or("no answer".to_owned(), |answer| answer.status.to_string());
        println!("attempt {}, after {} s: {shown}", attempt.number(), wait.num_seconds());
        answer.map_or(Reply::none(), |answer| Reply::from(answer.status))
    });
    // Nothing in it waits for anything but the socket.
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(delivering).poll(&mut context) {
        std::task::Poll::Ready(report) => {
            println!("{:?}", report.ending());
            report.ending() == zaphook::testing::Ending::Delivered
        }
        std::task::Poll::Pending => false,
    }
}

/// Many deliveries, each an event of its own, and what came of them.
fn load(sample: &AnySample, options: &Options, target: &Target) -> bool {
    let pause = options.rate.map_or(Duration::ZERO, |rate| Duration::from_secs(1).div_f64(rate));
    let (send, answers) = mpsc::channel();
    let started = Instant::now();
    let secret = options.secret.as_ref();
    // As many at a time as the rate asks for; one after another without one.
    std::thread::scope(|scope| {
        for n in 0..options.repeat {
            let send = send.clone();
            let work = move || {
                let request = request(&sample.clone().nth(n), secret);
                let began = Instant::now();
                let answer = target.post(&request);
                // Nobody hangs up.
                let _ =
                    send.send((answer.map(|answer| answer.status.to_string()), began.elapsed()));
            };
            if options.rate.is_none() {
                work();
                continue;
            }
            std::thread::sleep((started + pause * n).saturating_duration_since(Instant::now()));
            scope.spawn(work);
        }
    });
    drop(send);
    report(answers.into_iter().collect(), started.elapsed())
}

fn report(answers: Vec<(std::io::Result<String>, Duration)>, took: Duration) -> bool {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut times = Vec::new();
    for (answer, time) in answers {
        let answer = answer.unwrap_or_else(|error| format!("no answer: {error}"));
        *counts.entry(answer).or_default() += 1;
        times.push(time);
    }
    times.sort_unstable();
    for (answer, count) in &counts {
        println!("{count:>7}  {answer}");
    }
    let at = |percent: usize| times.get(times.len() * percent / 100).or(times.last());
    if let (Some(median), Some(most), Some(longest)) = (at(50), at(99), times.last()) {
        let seconds = took.as_secs_f64();
        println!(
            "{} in {seconds:.1} s: median {median:.1?}, 99 % {most:.1?}, longest {longest:.1?}",
            times.len()
        );
    }
    counts.keys().all(|answer| answer.starts_with('2'))
}
