//! Samples for the tests of applications.

use zaphook::testing::{AnySample, Scenario};

use crate::gateways::ALL;

#[test]
fn dump() {
    for scenario in Scenario::ALL {
        for sample in scenario.samples() {
            let delivery = sample.delivery();
            println!("{scenario} {} {} {:?} {}", sample.sender(), delivery.recognition().as_str(),
                delivery.key().map(|key| key.to_string()),
                serde_json::to_string(&delivery.unified()).unwrap());
        }
    }
    for gateway in ALL {
        let go = if gateway.name == "evolution" { zaphook::evolution::go::Event::NAMES } else { &[] };
        for name in gateway.names.iter().chain(go) {
            let sample = match AnySample::named(gateway.name, name) { Ok(s) => s, Err(e) => { println!("NONE {e}"); continue } };
            let delivery = sample.delivery();
            let written = delivery.to_json().unwrap();
            println!("EVENT {} {name} {} {:?} key {:?} {} [{}]", sample.sender(), delivery.recognition().as_str(),
                delivery.set_aside(), delivery.key().map(|key| key.to_string()), delivery.malformed().map(|m| m.fault().to_string()).unwrap_or_default(), sample.setters().collect::<Vec<_>>().join(","));
            let (a, b) = (crate::fixtures::leaves(&crate::fixtures::json(std::str::from_utf8(&sample.body()).unwrap())), crate::fixtures::leaves(&crate::fixtures::json(written.as_str())));
            for p in a.keys() { if !b.contains_key(p) { println!("   UNWRITTEN {p}"); } }
        }
    }
}
