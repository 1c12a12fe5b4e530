//! Every fixture of the crate, in the one vocabulary.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use zaphook::{AnyDelivery, AnyReceiver, Request, Zavu};

use super::{delivery, form};
use crate::fixtures;

/// Every fixture that is a delivery, by its path, with what it is.
pub fn all() -> Vec<(String, AnyDelivery)> {
    let mut found = Vec::new();
    for gateway in ["eazewa", "enviaai", "evolution", "wawp", "zavu"] {
        for (name, body) in fixtures::all(gateway) {
            found.push((format!("{gateway}/{name}"), delivery(gateway, &body)));
        }
    }
    for (folder, gateway) in [("evolution/go", "evolution"), ("eazewa/cut", "eazewa")] {
        for (name, body) in fixtures::all(folder) {
            found.push((format!("{folder}/{name}"), delivery(gateway, &body)));
        }
    }
    // Contents of messages, each put into one.
    for (name, content) in fixtures::all("evolution/content") {
        let body = format!(
            r#"{{"event":"messages.upsert","instance":"cantina","data":{{"key":{{
                "remoteJid":"5511999990001@s.whatsapp.net","fromMe":false,
                "id":"3A00112233445566778A"}},"messageTimestamp":1770733424,
                "message":{content}}}}}"#
        );
        found.push((format!("evolution/content/{name}"), delivery("evolution", &body)));
    }
    // Bodies whose event is named in the head only.
    let receiver = AnyReceiver::new(Zavu::unauthenticated());
    for (name, body) in fixtures::all("zavu/unnamed") {
        let event = name.trim_end_matches(".unknown").to_owned();
        let headers = [("X-Zavu-Event", event)];
        let request = Request::new(&headers, body);
        found.push((format!("zavu/unnamed/{name}"), receiver.receive(&request).unwrap()));
    }
    found
}

/// A person can review it: `tests/fixtures/unified.tsv`, a line for each.
#[test]
fn every_fixture_has_the_form_that_is_written_down() {
    let mut found = String::new();
    for (name, delivery) in all() {
        let form = serde_json::to_string(&delivery.unified()).unwrap();
        writeln!(found, "{name}\t{form}").unwrap();
    }
    let golden = fixtures::text("unified.tsv");
    if found != golden {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unified.tsv");
        fs::write(&path, &found).unwrap();
        let differ = found.lines().filter(|line| !golden.lines().any(|other| other == *line));
        let differ: Vec<&str> = differ.take(20).collect();
        panic!("{} has lines that the fixture has not:\n{}", path.display(), differ.join("\n"));
    }
}

/// No fixture of a delivery is left out.
#[test]
fn every_fixture_is_among_them() {
    fn count(folder: &Path) -> usize {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries
            .map(|path: PathBuf| match path.file_name().unwrap().to_str().unwrap() {
                // Objects of their own: settings, and calls that are answered at once.
                "management" | "tools" => 0,
                _ if path.is_dir() => count(&path),
                name => usize::from(name.ends_with(".json")),
            })
            .sum()
    }

    let there = count(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"));
    assert_eq!(all().len(), there);
}

/// The form depends on the body alone.
#[test]
fn a_body_that_is_read_again_has_the_same_form() {
    for (name, delivery) in all() {
        let stored = delivery.to_stored();
        let again = stored.parse_any_trusted().unwrap();
        assert_eq!(form(&again), form(&delivery), "{name}");
        let keys = |delivery: &AnyDelivery| {
            delivery.unified().happenings().map(|happening| happening.key()).collect::<Vec<_>>()
        };
        assert_eq!(keys(&again), keys(&delivery), "{name}");
        assert_eq!(format!("{:?}", again.unified()), format!("{:?}", delivery.unified()));
    }
}
