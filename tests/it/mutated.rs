//! Fixtures with something wrong in them, held to what holds for every body. Five million
//! of them: `cargo run --release -p zaphook-mutated`.

use std::collections::BTreeMap;

use crate::fixtures;
use crate::fuzz::targets;
use crate::gateways::ALL;
use crate::mutator::{Random, mutated};
use crate::thorough;

#[test]
fn mutated_fixtures_hold_in_their_targets() {
    for gateway in ALL {
        let bodies = fixtures::all(gateway.name);
        let mut random = Random::new(7);
        let mut recognised: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, body) in &bodies {
            for _ in 0..thorough::or(2, 4) {
                let (_, other) = &bodies[random.below(bodies.len())];
                let bytes = mutated(body, other, &mut random);
                // These names mean something to `serde_json` with some of its features.
                if String::from_utf8_lossy(&bytes).contains("$serde_json::private::") {
                    continue;
                }
                targets::run(gateway.name, &bytes);
                let readable = !(gateway.debug)(&bytes).is_empty();
                let found = if readable { (gateway.parse)(&bytes) } else { "unreadable" };
                *recognised.entry(found).or_default() += 1;
            }
        }
        // Enough of either to mean something.
        for found in ["known", "unreadable"] {
            assert!(recognised.get(found).is_some_and(|count| *count > 10), "{recognised:?}");
        }
    }
}

#[test]
fn a_seed_gives_the_same_bodies() {
    let body = r#"{"event":"a","data":{"b":[1,"c",{"d":null}],"e":"f"}}"#;
    let all = |seed| {
        let mut random = Random::new(seed);
        (0..200).map(|_| mutated(body, body, &mut random)).collect::<Vec<_>>()
    };
    assert_eq!(all(1), all(1));
    assert_ne!(all(1), all(2));
    let changed = all(1).iter().filter(|bytes| **bytes != body.as_bytes()).count();
    assert!(changed > 180, "{changed}");
}
