//! The command line.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde_json::Value;
use zaphook::Secret;
use zaphook::testing::{AnySample, Scenario};

pub(crate) type Problem = Box<dyn std::error::Error>;

pub(crate) const HELP: &str = "\
Sends a delivery to a server, as a gateway would.

    send --gateway NAME --event NAME [OPTIONS] [URL]
    send --gateway NAME --scenario NAME [OPTIONS] [URL]

Without a URL it prints the body. For eazeWA the secret is put at the end of the
URL's path.

    --secret SECRET     proves the delivery; without it, nothing does
    --text --from --chat --name --lid --id --target --instance --event-id TEXT
    --at TIME           when it happened: 2026-02-10T14:23:44Z; now, if not given
    --set PATH=JSON     any member: data.items[2].id=7; what is not JSON is text
    --without PATH      takes a member out
    --repeat N          sends N of them, each with ids of its own
    --rate R            R in a second, however long the answers take
    --retry             retries as the gateway does, but at once
    --list              the events and scenarios, and which options each has
    --help

It ends with 0 when everything was answered with 2xx, and with 1 when not.
";

/// Changes a sample, or says why it does not.
type Change = Box<dyn Fn(AnySample) -> AnySample>;

#[derive(Default)]
pub(crate) struct Options {
    pub(crate) help: bool,
    pub(crate) list: bool,
    pub(crate) gateway: Option<String>,
    event: Option<String>,
    scenario: Option<Scenario>,
    pub(crate) secret: Option<Secret>,
    at: Option<DateTime<Utc>>,
    /// By the names of their setters.
    texts: Vec<(String, String)>,
    changes: Vec<Change>,
    pub(crate) repeat: u32,
    pub(crate) rate: Option<f64>,
    pub(crate) retry: bool,
    pub(crate) url: Option<String>,
}

impl Options {
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, Problem> {
        let mut read = Self { repeat: 1, ..Self::default() };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} takes a value"));
            match argument.as_str() {
                "--help" => read.help = true,
                "--list" => read.list = true,
                "--retry" => read.retry = true,
                "--gateway" => read.gateway = Some(value()?),
                "--event" => read.event = Some(value()?),
                "--scenario" => read.scenario = Some(value()?.parse()?),
                "--secret" => read.secret = Some(Secret::new(value()?)?),
                "--at" => read.at = Some(parsed(&argument, &value()?)?),
                "--repeat" => read.repeat = parsed::<u32>(&argument, &value()?)?.max(1),
                "--rate" => {
                    let rate: f64 = parsed(&argument, &value()?)?;
                    let is_rate = rate.is_finite() && rate > 0.0;
                    read.rate = Some(is_rate.then_some(rate).ok_or("--rate is above 0")?);
                }
                "--set" => {
                    let value = value()?;
                    let (path, json) = value.split_once('=').ok_or("--set takes PATH=JSON")?;
                    let (path, json) = (path.to_owned(), json.to_owned());
                    let json = serde_json::from_str(&json).unwrap_or(Value::String(json));
                    read.changes.push(Box::new(move |sample| sample.set(&path, &json)));
                }
                "--without" => {
                    let path = value()?;
                    read.changes.push(Box::new(move |sample| sample.without(&path)));
                }
                "--text" | "--from" | "--chat" | "--name" | "--lid" | "--id" | "--target"
                | "--instance" | "--event-id" => {
                    let name = argument.trim_start_matches('-').replace('-', "_");
                    let text = value()?;
                    read.texts.push((name, text));
                }
                url if !url.starts_with('-') && read.url.is_none() => {
                    read.url = Some(url.to_owned())
                }
                other => return Err(format!("{other} is not known; --help tells what is").into()),
            }
        }
        Ok(read)
    }

    /// What is to be sent.
    pub(crate) fn sample(&self) -> Result<AnySample, Problem> {
        let gateway = self.gateway.as_deref().ok_or("which --gateway? --list names them")?;
        let is_its = |sample: &AnySample| [sample.sender(), sample.gateway()].contains(&gateway);
        let mut sample = match (&self.event, self.scenario) {
            (Some(event), None) => {
                let mut all = AnySample::all().into_iter();
                let known = all.find(|sample| is_its(sample) && sample.event() == event);
                known.map_or_else(|| AnySample::named(gateway, event), Ok)?
            }
            (None, Some(scenario)) => {
                let sample = scenario.samples().into_iter().find(is_its);
                sample.ok_or(format!("{gateway} cannot tell {scenario}"))?
            }
            _ => return Err("one of --event and --scenario; --list names them".into()),
        };
        let has = |sample: &AnySample, name: &str| sample.setters().any(|known| known == name);
        if has(&sample, "at") {
            sample = sample.at(self.at.unwrap_or_else(Utc::now));
        } else if self.at.is_some() {
            return Err("it has no place for --at".into());
        }
        for (name, text) in &self.texts {
            if !has(&sample, name) {
                return Err(format!(
                    "it has no place for --{}; --list tells",
                    name.replace('_', "-")
                )
                .into());
            }
            let text = text.as_str();
            sample = match name.as_str() {
                "text" => sample.text(text),
                "from" => sample.from(text),
                "chat" => sample.chat(text),
                "name" => sample.name(text),
                "lid" => sample.lid(text),
                "id" => sample.id(text),
                "target" => sample.target(text),
                "instance" => sample.instance(text),
                _ => sample.event_id(text),
            };
        }
        // The kit says what is wrong with a path, as it does in a test.
        Ok(self.changes.iter().fold(sample, |sample, change| change(sample)))
    }
}

fn parsed<T: FromStr<Err: Display>>(option: &str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|error| format!("{option} {text}: {error}").into())
}
