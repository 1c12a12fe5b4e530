//! Demonstration, not to be copied alone: configuration from the environment,
//! with errors that say what to set.

use std::fmt::Display;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use crate::adapter::{Limits, Problem};

/// The variables and their defaults.
///
/// * `LISTEN`: address and port; `127.0.0.1:8080`.
/// * `CONCURRENCY`: how many deliveries are handled at once; 256.
/// * `READING`: how many bodies are read at once; 1,024.
/// * `HEAD_WITHIN_MS`: how long a request's head may take to arrive; 10,000.
/// * `BODY_WITHIN_MS`: how long a body may take to arrive; 10,000.
/// * `ANSWER_WITHIN_MS`: after how long a delivery that is still being handled
///   is answered with 503; 25,000.
/// * `FINISH_WITHIN_MS`: how long the shutdown may take; 30,000.
pub(crate) struct Config {
    pub(crate) limits: Limits,
    /// `KEYS`: how many handled events are remembered in memory; 100,000.
    pub(crate) keys: usize,
    pub(crate) work: Work,
}

/// What the handler of this example pretends to do.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    /// `WORK_AT`: the address of a service that does the work. The handler
    /// connects, and is done when the service hangs up; without it, at once.
    pub(crate) at: Option<SocketAddr>,
    /// `QUIET`: whether it prints nothing; `false`.
    pub(crate) quiet: bool,
}

impl Config {
    pub(crate) fn from_environment() -> Result<Self, Problem> {
        let milliseconds = |name, default| variable(name, default).map(Duration::from_millis);
        let places = |name, default| match variable(name, default)? {
            places @ 1..=65_536 => Ok(places),
            _ => Err(Problem::from(format!("{name} cannot be used: it goes from 1 to 65536"))),
        };
        let listen = variable("LISTEN", SocketAddr::from(([127, 0, 0, 1], 8080)))?;
        let work_at = std::env::var_os("WORK_AT").map(|_| variable("WORK_AT", listen));
        let limits = Limits {
            listen,
            concurrency: places("CONCURRENCY", 256)?,
            reading: places("READING", 1024)?,
            head_within: milliseconds("HEAD_WITHIN_MS", 10_000)?,
            body_within: milliseconds("BODY_WITHIN_MS", 10_000)?,
            answer_within: milliseconds("ANSWER_WITHIN_MS", 25_000)?,
            finish_within: milliseconds("FINISH_WITHIN_MS", 30_000)?,
        };
        let work = Work { at: work_at.transpose()?, quiet: variable("QUIET", false)? };
        Ok(Self { limits, keys: variable("KEYS", 100_000)?, work })
    }
}

/// The values of a setting, and its name for errors: separated by commas in the
/// variable, or one per line in the file named by the variable with the suffix
/// `_FILE`, which is read again at `SIGHUP`.
pub(crate) fn listed(name: &str) -> Result<Option<(String, Vec<String>)>, Problem> {
    let file = format!("{name}_FILE");
    if let Some(path) = std::env::var_os(&file) {
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("{file} cannot be read: {error}"))?;
        return Ok(Some((file, text.lines().map(str::to_owned).collect())));
    }
    match std::env::var(name) {
        Ok(text) => Ok(Some((name.to_owned(), text.split(',').map(str::to_owned).collect()))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(error) => Err(format!("{name} cannot be used: {error}").into()),
    }
}

pub(crate) fn variable<T: FromStr<Err: Display>>(name: &str, default: T) -> Result<T, Problem> {
    match std::env::var(name) {
        Ok(text) => text.parse().map_err(|error| format!("{name} cannot be used: {error}").into()),
        Err(std::env::VarError::NotPresent) => Ok(default),
        Err(error) => Err(format!("{name} cannot be used: {error}").into()),
    }
}
