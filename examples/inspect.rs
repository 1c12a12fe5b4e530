//! Reports how the crate handles captured deliveries: accepted, or refused and
//! why, which event, which key, and the typed envelope serialised again. A tool
//! to run, with its parts in `inspect/`; not a receiver to copy.
//!
//! ```text
//! cargo run --example inspect -- examples/inspect/captures.jsonl
//! cargo run --example inspect -- --pretty examples/inspect/captures.jsonl
//! cargo run --example inspect -- --provider enviaai --secret whs_3b9ff21c \
//!   --header 'X-EnviaAI-Signature: sha256=…' --body body.json
//! cargo run --example inspect -- --help
//! ```
//!
//! A capture is one delivery as it reached a receiver, as one JSON object on
//! one line: [`zaphook::testing::Capture`]. The configuration of the receiver
//! is in its `auth`, read by `inspect/auth.rs`, or in flags. To add a gateway,
//! add a line in `inspect/gateways.rs` and a file next to it.

#[path = "inspect/auth.rs"]
mod auth;
#[path = "inspect/gateways.rs"]
mod gateways;
#[path = "inspect/json.rs"]
mod json;
#[path = "inspect/options.rs"]
mod options;
#[path = "inspect/report.rs"]
mod report;

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::process::ExitCode;

use zaphook::RawJson;
use zaphook::testing::Capture;

use options::{HELP, Options};
use report::Report;

/// The exit code when a line is not a capture.
const FAULTY: u8 = 2;

fn main() -> ExitCode {
    match run() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(FAULTY),
        // Whoever reads the reports has seen enough.
        Err(Problem::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Problem::Output(error)) => failure(&error),
        Err(Problem::Input(problem)) => failure(&problem),
    }
}

fn failure(problem: &dyn Display) -> ExitCode {
    eprintln!("{problem}");
    ExitCode::FAILURE
}

enum Problem {
    Input(String),
    Output(io::Error),
}

/// Inspects everything, and returns how many captures are faulty.
fn run() -> Result<usize, Problem> {
    let options = Options::read(std::env::args().skip(1)).map_err(Problem::Input)?;
    if options.help {
        io::stdout().write_all(HELP.as_bytes()).map_err(Problem::Output)?;
        return Ok(0);
    }
    let mut inspection = Inspection { options: &options, faulty: 0 };
    if let Some(capture) = &options.delivery {
        inspection.capture(capture, "the delivery")?;
        return Ok(inspection.faulty);
    }
    let standard_input = ["-".into()];
    let files = if options.files.is_empty() { &standard_input[..] } else { &options.files };
    for file in files {
        let name = file.display();
        let unreadable = |error: io::Error| Problem::Input(format!("{name}: {error}"));
        let input: Box<dyn Read> = match file.as_os_str() == "-" {
            true => Box::new(io::stdin()),
            false => Box::new(File::open(file).map_err(unreadable)?),
        };
        let prefix = if files.len() > 1 { format!("{name}, ") } else { String::new() };
        let mut input = BufReader::new(input);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            if input.read_until(b'\n', &mut line).map_err(unreadable)? == 0 {
                break;
            }
            inspection.line(&line, &format!("{prefix}line {number}"))?;
        }
    }
    Ok(inspection.faulty)
}

struct Inspection<'a> {
    options: &'a Options,
    faulty: usize,
}

impl Inspection<'_> {
    fn line(&mut self, line: &[u8], place: &str) -> Result<(), Problem> {
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        match Capture::parse(line) {
            Ok(capture) => self.capture(&capture, place),
            Err(error) => {
                self.fault(place, &error);
                Ok(())
            }
        }
    }

    fn capture(&mut self, capture: &Capture, place: &str) -> Result<(), Problem> {
        let auth: Option<&RawJson> = self.options.auth.as_ref();
        match Report::of(capture, auth) {
            Ok(report) => self.print(&report),
            Err(fault) => {
                self.fault(place, &fault);
                Ok(())
            }
        }
    }

    fn print(&self, report: &Report) -> Result<(), Problem> {
        let text = serde_json::to_string(report)
            .map_err(|error| Problem::Output(io::Error::from(error)))?;
        // What is kept raw may stand on many lines.
        let text = match self.options.pretty {
            true => json::indented(&text),
            false => json::compact(&text),
        };
        writeln!(io::stdout(), "{text}").map_err(Problem::Output)
    }

    fn fault(&mut self, place: &str, fault: &dyn Display) {
        self.faulty += 1;
        eprintln!("{place}: {fault}");
    }
}

/// Everything in a file, or in standard input.
fn read_whole(file: &str) -> io::Result<Vec<u8>> {
    if file == "-" {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(file)
}
