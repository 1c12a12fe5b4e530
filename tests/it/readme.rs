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

/// Every gateway's page answers the same questions, in the same order.
#[test]
fn every_gateway_has_a_page_with_the_same_sections() {
    let sections = [
        "# Setting it up",
        "# What proves a delivery",
        "# A handler",
        "# Where things are",
        "# Quirks",
        "# Retries",
        "# Testing",
    ];
    for gateway in ALL {
        let folder = format!("{}/src/gateways/{}", env!("CARGO_MANIFEST_DIR"), gateway.name);
        let page = std::fs::read_to_string(format!("{folder}/guide.md")).unwrap();
        let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("# ")).collect();
        assert_eq!(headings[..sections.len()], sections, "{}", gateway.name);
        let own_pages = headings.last().unwrap();
        assert!(own_pages.ends_with(" own pages"), "{}: {own_pages}", gateway.name);
        assert!(README.contains(&format!("zaphook/{}/)", gateway.name)), "{}", gateway.name);
    }
}

/// What the gate types is what a newcomer types.
#[test]
fn the_two_commands_to_begin_with_are_there() {
    assert!(README.contains("\ncargo run --example quickstart\ncargo test\n"));
}
