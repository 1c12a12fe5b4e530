//! What the fuzz targets hold, over all fixtures and over what was found once.

use std::fs;
use std::path::Path;

use crate::fixtures;

#[path = "../../fuzz/src/lib.rs"]
pub(crate) mod targets;

#[test]
fn every_fixture_holds_in_its_target() {
    for name in ["eazewa", "enviaai", "evolution", "wawp", "zavu"] {
        for (_, body) in fixtures::all(name) {
            targets::run(name, body.as_bytes());
            for target in ["capture", "headers", "receive", "stored", "tokens", "jwt"] {
                targets::run(target, body.as_bytes());
            }
        }
    }
}

#[test]
fn what_was_found_once_is_not_found_again() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut run = 0;
    for (name, target) in targets::TARGETS {
        let program = root.join(format!("fuzz/fuzz_targets/{name}.rs"));
        // It links its own target alone, or libFuzzer looks through the counters of all.
        let program = fs::read_to_string(program).unwrap();
        let calls = ["eazewa", "enviaai", "evolution", "wawp", "zavu"];
        let called = if calls.contains(name) { "body::<" } else { name };
        assert!(program.contains(&format!("zaphook_fuzz::{called}")), "{program}");
        let found = root.join("fuzz/corpus").join(name);
        let Ok(entries) = fs::read_dir(&found) else {
            panic!("{}: something to begin with is there for each target", found.display())
        };
        for entry in entries {
            target(&fs::read(entry.unwrap().path()).unwrap());
            run += 1;
        }
    }
    assert!(run >= targets::TARGETS.len());
    assert_eq!(
        fs::read_dir(root.join("fuzz/fuzz_targets")).unwrap().count(),
        targets::TARGETS.len()
    );
}
