//! What the README lists is what there is.

use crate::gateways::ALL;

const README: &str = include_str!("../../README.md");
const MANIFEST: &str = include_str!("../../Cargo.toml");

/// The rows that list the events of a gateway: `` | `name` | `a`, `b` | ``.
fn row(name: &str, events: &[&str]) -> String {
    let events: Vec<String> = events.iter().map(|event| format!("`{event}`")).collect();
    format!("| `{name}` | {} |", events.join(", "))
}

#[test]
fn every_event_is_in_the_table_of_supported_events() {
    let gateways = ALL.iter().map(|gateway| row(gateway.name, gateway.names));
    let go = row("evolution::go", zaphook::evolution::go::Event::NAMES);
    let rows: Vec<String> = gateways.chain([go]).collect();
    let missing: Vec<&String> = rows.iter().filter(|row| !README.contains(row.as_str())).collect();
    assert!(missing.is_empty(), "the README lacks these rows:\n{missing:#?}");
}

#[test]
fn every_feature_is_in_the_table_of_features() {
    let features = MANIFEST.split("[features]").nth(1).unwrap().split("\n[").next().unwrap();
    let names = features.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
    let names: Vec<&str> = names.filter(|name| *name != "default").collect();
    assert!(names.contains(&"tracing") && names.contains(&"enviaai"), "{names:?}");
    for name in names {
        assert!(README.contains(&format!("\n| `{name}` | ")), "the README lacks {name}");
    }
}
