//! Whether the time of a comparison tells how much of a guess is right: the protocol of
//! `dudect`, over every comparison that the crate makes.
//!
//! ```text
//! cargo run --profile timing -p zaphook-timing
//! cargo run --profile timing -p zaphook-timing -- --samples 200000 --only token
//! cargo run -p zaphook-timing -- --test        # small, to see that it runs
//! ```
//!
//! Two classes of inputs are measured in random order. Each input is written whole into one
//! buffer, and one of the other class is read for it as well, so that both classes have the
//! same addresses, alignment and state of the cache. Everything but the call is done before
//! the clock is read. A t above 5, in amount,
//! means that the classes differ. The controls are comparisons that leave early: they must
//! be found, or the machine is too noisy for any of this to mean something.
//!
//! The program ends with an error when a control is not found, or when a comparison is. The
//! lines marked "told" have no demand: what they compare is known to the sender anyway.
//!
//! Pin it to one core (`taskset -c 1`), and leave the machine alone meanwhile.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "statistics of counts and nanoseconds"
)]

use std::hint::black_box;
use std::process::{Command, ExitCode};
use std::time::Instant;

mod cases;
#[path = "../../src/auth/compare.rs"]
mod compare;
mod welch;

use welch::{Outcome, Tests};

/// A t that means a difference.
const DIFFERENT: f64 = 5.0;

/// What a control must reach.
const CONTROL: f64 = 50.0;

/// The longest input, in bytes.
const LONGEST: usize = 512;

/// An input, where caches and vectors begin.
#[derive(Clone)]
#[repr(C, align(64))]
struct Input {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Input {
    fn new(bytes: &[u8]) -> Self {
        let mut input = Self { bytes: [0; LONGEST], length: bytes.len() };
        input.bytes[..bytes.len()].copy_from_slice(bytes);
        input
    }

    /// The one or the other, without a branch.
    fn choose(&mut self, left: &Self, right: &Self, class: usize) {
        let mask = (class as u8).wrapping_neg();
        for (to, (left, right)) in self.bytes.iter_mut().zip(left.bytes.iter().zip(&right.bytes)) {
            *to = left ^ ((left ^ right) & mask);
        }
        self.length = [left.length, right.length][class];
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// What a case must show.
#[derive(Clone, Copy, PartialEq)]
enum Demand {
    Control,
    Same,
    /// Nothing: the sender knows it.
    Told,
}

/// Takes the time of one call with this input of this class, in nanoseconds.
type Call = Box<dyn Fn(&[u8], usize) -> u64>;

/// Two classes of inputs, and what is called with them.
struct Case {
    name: &'static str,
    classes: [&'static str; 2],
    demand: Demand,
    inputs: [Vec<Input>; 2],
    call: Call,
}

/// The time that a call takes, without what becomes of its result.
fn timed<R>(call: impl FnOnce() -> R) -> u64 {
    let start = Instant::now();
    let result = black_box(call());
    let took = start.elapsed();
    drop(result);
    took.as_nanos() as u64
}

/// Small, and the same each time but for the seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize
    }
}

fn measure(case: &Case, samples: usize, random: &mut Random) -> Outcome {
    let mut buffer = Input::new(&[]);
    let [left, right] = &case.inputs;
    let mut sample = || {
        let (class, place) = (random.next() % 2, random.next());
        let one_of = |inputs: &[Input]| place % inputs.len();
        buffer.choose(&left[one_of(left)], &right[one_of(right)], class);
        (class, (case.call)(black_box(&buffer).bytes(), class))
    };
    let first: Vec<u64> = (0..10_000.min(samples)).map(|_| sample().1).collect();
    let mut tests = Tests::new(first);
    for _ in 0..samples {
        let (class, time) = sample();
        tests.push(class, time);
    }
    tests.outcome()
}

struct Settings {
    samples: usize,
    only: Option<String>,
    test: bool,
}

impl Settings {
    fn from_arguments() -> Self {
        let mut settings = Self { samples: 5_000_000, only: None, test: false };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--samples" => {
                    let count = arguments.next().and_then(|count| count.parse().ok());
                    settings.samples = count.expect("--samples takes a number");
                }
                "--only" => settings.only = arguments.next(),
                "--test" => settings.test = true,
                other => panic!("{other}: unknown"),
            }
        }
        if settings.test {
            settings.samples = 100;
        }
        settings
    }
}

fn main() -> ExitCode {
    let settings = Settings::from_arguments();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut failed = Vec::new();
    println!("{}\n", machine());
    println!("{} samples per line; a difference is a t above {DIFFERENT}.\n", settings.samples);
    println!("| what | classes | t | difference | of | times counted | |");
    println!("|---|---|---|---|---|---|---|");
    for case in cases::all() {
        if settings.only.as_ref().is_some_and(|only| !case.name.contains(only.as_str())) {
            continue;
        }
        let Outcome { t, difference, mean, part } = measure(&case, settings.samples, &mut random);
        let (holds, verdict) = match case.demand {
            Demand::Control => (t.abs() > CONTROL, "control"),
            Demand::Same => (t.abs() <= DIFFERENT, ""),
            Demand::Told => (true, "told"),
        };
        let verdict = if holds || settings.test { verdict } else { "**fails**" };
        if !holds {
            failed.push(case.name);
        }
        let [left, right] = case.classes;
        println!(
            "| {} | {left} / {right} | {t:+.1} | {difference:+.2} ns | {mean:.0} ns | {:.0} % | {verdict} |",
            case.name,
            part * 100.0
        );
    }
    // So few samples find nothing.
    if settings.test || failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("failed: {}", failed.join(", "));
    ExitCode::FAILURE
}

/// What measures, and what is measured on.
fn machine() -> String {
    let rustc = Command::new("rustc").arg("--version").output();
    let rustc = rustc.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let field = |file: &str, name: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.rsplit(": ").next().unwrap_or_default().to_owned()
    };
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    format!(
        "{}; {}; load {load} at the start",
        rustc.unwrap_or_default(),
        field("/proc/cpuinfo", "model name")
    )
}
