//! The samples: one file for each gateway, and what is the same in all of them.
//!
//! A file says how phone numbers are written (`addresses`), which account it is
//! (`instance`), and has the body around a payload (`body`), the payload of each event
//! (`events`), the bodies that have nothing around them (`whole`), and the scenarios:
//! an event, and what is different in its payload, by path.

use chrono::{DateTime, Utc};

use super::scenario::Scenario;
use super::template::{Facts, Node};
use crate::wire::json::Members;

/// Who sends samples: a gateway, or one of its servers.
#[derive(Debug)]
pub(super) struct Origin {
    /// The name of the gateway, or of its server.
    pub(super) name: &'static str,
    /// The gateway's name.
    pub(super) gateway: &'static str,
    json: &'static str,
}

macro_rules! origins {
    ($($feature:literal: $name:literal,)+) => {
        /// All of them; the usual one of a gateway before its others.
        pub(super) const ORIGINS: &[Origin] = &[
            $(
                #[cfg(feature = $feature)]
                Origin {
                    name: $name,
                    gateway: $feature,
                    json: include_str!(concat!($name, ".json")),
                },
            )+
        ];
    };
}

origins! {
    "eazewa": "eazewa",
    "enviaai": "enviaai",
    "evolution": "evolution",
    "evolution": "evolution_go",
    "wawp": "wawp",
    "zavu": "zavu",
}

/// A sample, and what is said in it.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) origin: &'static Origin,
    /// The event's name, or the scenario's.
    pub(super) title: String,
    pub(super) body: Node,
    pub(super) facts: Facts,
}

/// When it all happens.
const TIME: DateTime<Utc> = match DateTime::from_timestamp(1_770_733_424, 0) {
    Some(time) => time,
    None => DateTime::UNIX_EPOCH,
};

impl Origin {
    /// The sample of an event, by its documented name.
    pub(super) fn event(&'static self, name: &str) -> Option<Draft> {
        let payload = self.payload(name);
        let body = match payload {
            Some(payload) => self.around(&payload)?,
            None => Node::of_sample(self.section("whole")?.get(name)?)?,
        };
        Some(self.draft(name, name, body, |facts| facts))
    }

    /// The sample of a scenario, where the gateway can tell it.
    pub(super) fn scenario(&'static self, scenario: Scenario) -> Option<Draft> {
        let scenarios = self.section("scenarios")?;
        let entry = scenarios.get(scenario.as_str())?;
        let (event, changes): (&str, &serde_json::value::RawValue) =
            serde_json::from_str(entry).ok()?;
        let mut payload = self.payload(event)?;
        for (path, value) in Members::of(changes.get()).ok()?.iter() {
            match value {
                // Absent already, in some samples.
                "null" => drop(payload.remove(&path)),
                value => payload.set(&path, Node::of_sample(value)?).ok()?,
            }
        }
        let body = self.around(&payload)?;
        Some(self.draft(scenario.as_str(), event, body, |facts| scenario.told(facts)))
    }

    /// The events that it has samples of.
    pub(super) fn names(&self) -> Vec<String> {
        let sections = ["events", "whole"].into_iter().filter_map(|name| self.section(name));
        sections
            .flat_map(|section| {
                section.iter().map(|(name, _)| name.into_owned()).collect::<Vec<_>>()
            })
            .collect()
    }

    fn payload(&self, name: &str) -> Option<Node> {
        Node::of_sample(self.section("events")?.get(name)?)
    }

    fn around(&self, payload: &Node) -> Option<Node> {
        Some(Node::of_sample(Members::of(self.json).ok()?.get("body")?)?.around(payload))
    }

    fn section(&self, name: &str) -> Option<Members<'static>> {
        Members::of(Members::of(self.json).ok()?.get(name)?).ok()
    }

    /// A text that holds for the whole file.
    fn setting(&self, name: &str) -> Option<&'static str> {
        serde_json::from_str(Members::of(self.json).ok()?.get(name)?).ok()
    }

    fn draft(
        &'static self,
        title: &str,
        event: &str,
        body: Node,
        told: impl Fn(Facts) -> Facts,
    ) -> Draft {
        let facts = Facts {
            addresses: self.setting("addresses").unwrap_or_default(),
            event: event.to_owned(),
            instance: self.setting("instance").unwrap_or_default().to_owned(),
            event_id: format!("evt_{title}"),
            id: "3A00112233445566778A".into(),
            target: "3EB0C0DE00112233AABB".into(),
            chat: None,
            from: "5511999990001".into(),
            lid: "100000000000001@lid".into(),
            name: "Ana Exemplo".into(),
            text: "oi".into(),
            at: TIME,
            me: "5511888880001".into(),
            token: "exemplo".into(),
        };
        Draft { origin: self, title: title.to_owned(), body, facts: told(facts) }
    }
}
