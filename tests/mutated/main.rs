//! Mutated fixtures, as many as asked for: received with a good proof, and held to what
//! holds for every body (`fuzz/src/lib.rs`).
//!
//! ```text
//! cargo run --release -p zaphook-mutated                       # five million
//! cargo run --release -p zaphook-mutated -- --bodies 100000 --seed 7 --only zavu
//! ```
//!
//! Every fixture is cut at each of its bytes first, which counts. What fails is printed, and
//! left in `target/mutated`; the program then ends with an error.

#![allow(unreachable_pub, reason = "shared with the tests and the fuzz targets")]

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use std::{env, fs};

use zaphook::auth::TokenPlace;
use zaphook::{
    Delivery, EazeWa, EnviaAi, Error, Evolution, Gateway, Receiver, Recognition, Request, Secret,
    Token, Wawp, Zavu, http, testing,
};

#[path = "../it/mutator.rs"]
mod mutator;
#[expect(dead_code, reason = "the fuzz targets use the rest")]
#[path = "../../fuzz/src/lib.rs"]
mod targets;

use mutator::{Random, mutated};
use targets::{Told, holds};

const SECRET: &str = "whs_3b9ff21c6a0e4d8e";

type Body = Vec<u8>;

/// What a body turned out to be.
#[derive(Clone, Copy)]
enum Found {
    Known { aside: bool },
    Unknown,
    Malformed,
    Unreadable,
}

struct Subject {
    name: &'static str,
    folders: &'static [&'static str],
    receive: Box<dyn Fn(Body) -> Found>,
}

fn subject<G: Gateway>(
    name: &'static str,
    folders: &'static [&'static str],
    policy: G,
    sign: impl Fn(Body) -> http::Request<bytes::Bytes> + 'static,
) -> Subject
where
    Delivery<G>: Told,
{
    let receiver = Receiver::new(policy);
    let receive = move |body: Body| {
        let request = sign(body.clone());
        match receiver.receive(&Request::from(&request)) {
            Ok(delivery) => {
                holds(&delivery, &body);
                match delivery.recognition() {
                    Recognition::Known => Found::Known { aside: !delivery.set_aside().is_empty() },
                    Recognition::Malformed => Found::Malformed,
                    _ => Found::Unknown,
                }
            }
            Err(Error::Unreadable(_)) => Found::Unreadable,
            Err(error) => panic!("the proof was good: {error}"),
        }
    };
    Subject { name, folders, receive: Box::new(receive) }
}

fn subjects() -> Vec<Subject> {
    let secret = Secret::new(SECRET).expect("a secret");
    let token = Token::new(SECRET).expect("a token");
    let [envia, evolution, wawp, zavu] = std::array::from_fn(|_| secret.clone());
    vec![
        subject("eazewa", &["eazewa"], EazeWa::any_instance(TokenPlace::path(), token), |body| {
            testing::eazewa(SECRET, body)
        }),
        subject("enviaai", &["enviaai"], EnviaAi::signed(secret.clone()), move |body| {
            testing::enviaai(&envia, body)
        }),
        subject(
            "evolution",
            &["evolution", "evolution/go"],
            Evolution::jwt(secret.clone()),
            move |body| testing::evolution(&evolution, body),
        ),
        subject("wawp", &["wawp"], Wawp::signed(secret.clone()), move |body| {
            testing::wawp(&wawp, body)
        }),
        subject("zavu", &["zavu"], Zavu::signed(secret), move |body| testing::zavu(&zavu, body)),
    ]
}

fn fixtures(folders: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let mut files: Vec<_> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).expect("fixtures"))
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files.iter().map(|file| fs::read_to_string(file).expect("a fixture")).collect()
}

#[derive(Default)]
struct Counts {
    bodies: usize,
    known: usize,
    aside: usize,
    unknown: usize,
    malformed: usize,
    unreadable: usize,
    failed: usize,
}

impl Counts {
    fn take(&mut self, subject: &Subject, body: Body) {
        self.bodies += 1;
        match catch_unwind(AssertUnwindSafe(|| (subject.receive)(body.clone()))) {
            Ok(Found::Known { aside }) => {
                self.known += 1;
                self.aside += usize::from(aside);
            }
            Ok(Found::Unknown) => self.unknown += 1,
            Ok(Found::Malformed) => self.malformed += 1,
            Ok(Found::Unreadable) => self.unreadable += 1,
            Err(panic) => {
                self.failed += 1;
                if self.failed <= 20 {
                    report(subject.name, self.failed, &body, &*panic);
                }
            }
        }
    }
}

fn report(name: &str, number: usize, body: &[u8], panic: &dyn Any) {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
    let folder = Path::new("target/mutated");
    fs::create_dir_all(folder).expect("a folder");
    let file = folder.join(format!("{name}-{number}.json"));
    fs::write(&file, body).expect("a file");
    let message: String = message.chars().take(300).collect();
    eprintln!("{}: {message}", file.display());
}

struct Settings {
    bodies: usize,
    seed: u64,
    only: Option<String>,
}

impl Settings {
    fn from_arguments() -> Self {
        let mut settings = Self { bodies: 5_000_000, seed: 1, only: None };
        let mut arguments = env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().unwrap_or_else(|| panic!("{argument} what?"));
            match argument.as_str() {
                "--bodies" => settings.bodies = value().parse().expect("a number"),
                "--seed" => settings.seed = value().parse().expect("a number"),
                "--only" => settings.only = Some(value()),
                other => panic!("{other}: unknown"),
            }
        }
        settings
    }
}

fn main() -> ExitCode {
    let settings = Settings::from_arguments();
    // What fails is reported with its body.
    std::panic::set_hook(Box::new(|panic| {
        if panic.location().is_some_and(|place| place.file().ends_with("mutator.rs")) {
            eprintln!("{panic}");
        }
    }));
    let mut subjects = subjects();
    subjects.retain(|subject| settings.only.as_deref().is_none_or(|only| only == subject.name));
    let bodies: Vec<Vec<String>> =
        subjects.iter().map(|subject| fixtures(subject.folders)).collect();
    let every: usize = bodies.iter().map(Vec::len).sum();
    let cuts: usize = bodies.iter().flatten().map(String::len).sum();
    let each = settings.bodies.saturating_sub(cuts).div_ceil(every.max(1));
    println!(
        "seed {}; {every} fixtures, each cut everywhere and mutated {each} times\n",
        settings.seed
    );
    println!(
        "| gateway | bodies | known | of them with something set aside | unknown | malformed | unreadable | failed |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let started = Instant::now();
    let mut total = Counts::default();
    let all: Vec<&String> = bodies.iter().flatten().collect();
    for (subject, bodies) in subjects.iter().zip(&bodies) {
        let mut counts = Counts::default();
        let mut random = Random::new(settings.seed);
        for body in bodies {
            for end in 0..body.len() {
                counts.take(subject, body.as_bytes()[..end].to_vec());
            }
            for _ in 0..each {
                // One in four is spliced with another gateway's.
                let other = match random.below(4) {
                    0 => all[random.below(all.len())],
                    _ => &bodies[random.below(bodies.len())],
                };
                counts.take(subject, mutated(body, other, &mut random));
            }
        }
        print(subject.name, &counts);
        total.bodies += counts.bodies;
        total.known += counts.known;
        total.aside += counts.aside;
        total.unknown += counts.unknown;
        total.malformed += counts.malformed;
        total.unreadable += counts.unreadable;
        total.failed += counts.failed;
    }
    print("all", &total);
    println!("\n{} s", started.elapsed().as_secs());
    if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn print(name: &str, counts: &Counts) {
    let Counts { bodies, known, aside, unknown, malformed, unreadable, failed } = counts;
    println!(
        "| {name} | {bodies} | {known} | {aside} | {unknown} | {malformed} | {unreadable} | {failed} |"
    );
}
