//! One vocabulary over all gateways.

mod accessors;
mod bodies;
mod cases;
mod conformance;
mod costs;
mod golden;
mod scenarios;
mod table;
mod traps;

use serde_json::Value;
use zaphook::AnyDelivery;

/// A body as a delivery of the gateway.
#[track_caller]
pub fn delivery(gateway: &str, body: &str) -> AnyDelivery {
    AnyDelivery::parse_trusted(gateway, body.to_owned())
        .unwrap_or_else(|error| panic!("{gateway}: {error}: {body}"))
}

/// The serialised form.
pub fn form(delivery: &AnyDelivery) -> Value {
    serde_json::to_value(delivery.unified()).unwrap()
}
