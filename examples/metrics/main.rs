//! Deliveries as metrics: how many had which outcome, how long they take, and
//! how late they are. One file, which can be copied alone.
//!
//! ```text
//! cargo run --example metrics
//! ```
//!
//! It receives a few deliveries and prints what Prometheus would scrape. In a
//! server, the text is the body of `/metrics`. Worth an alert:
//!
//! * a sudden rise of `outcome="refused"`: a secret was changed on one side
//!   only;
//! * `outcome="unreadable"`, `event="unknown"`: the gateway has changed;
//! * `webhook_delivery_gap_seconds`: the gateway lags behind, or retries what
//!   was not answered in time.

use metrics::{counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use zaphook::{EnviaAi, Failure, MemoryStore, Observation, Receiver, Request, Secret, testing};

const DELIVERIES: &str = "webhook_deliveries_total";
const TOOK: &str = "webhook_handling_seconds";
const GAP: &str = "webhook_delivery_gap_seconds";

/// Records a delivery. No label is text from the delivery, so there are never
/// more series than gateways, events and outcomes.
fn note(seen: &Observation<'_>) {
    let event = seen.event.unwrap_or("none");
    let labels = [("gateway", seen.gateway), ("event", event), ("outcome", seen.outcome.as_str())];
    counter!(DELIVERIES, &labels).increment(1);
    histogram!(TOOK, "gateway" => seen.gateway).record(seen.took);
    if let Some(gap) = seen.gap {
        histogram!(GAP, "gateway" => seen.gateway).record(gap);
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let figures = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(TOOK.to_owned()), &[0.001, 0.01, 0.1, 1.0, 5.0])?
        .set_buckets_for_metric(Matcher::Full(GAP.to_owned()), &[1.0, 10.0, 60.0, 600.0, 3600.0])?
        .install_recorder()?;
    describe_counter!(DELIVERIES, "Deliveries that were answered.");
    describe_histogram!(TOOK, "From the reading of a delivery to its answer.");
    describe_histogram!(GAP, "From the event at the gateway to its receipt.");

    let secret = Secret::new("whs_4fd0a6c2")?;
    let consumer =
        Receiver::new(EnviaAi::signed(secret.clone())).with_store(MemoryStore::new()).observe(note);

    let now = chrono::Utc::now().to_rfc3339();
    let message = format!(
        r#"{{"event":"message.received","timestamp":"{now}","data":{{"messageId":"msg_1","instanceId":"inst_1","from":"5511999990001","content":"Oi"}}}}"#
    );
    let unknown = r#"{"event":"message.pinned","data":{"messageId":"msg_1"}}"#;
    let failing = message.replace("msg_1", "msg_2");
    let forged = Secret::new("whs_another_one")?;
    for (secret, body) in [
        (&secret, message.as_str()),
        (&secret, &message), // sent again
        (&secret, unknown),
        (&secret, &failing),
        (&secret, "not JSON"),
        (&forged, &message),
    ] {
        let request = testing::enviaai(secret, body.to_owned());
        let works = body != failing;
        let handler = |_| async move {
            if works { Ok(()) } else { Err(Failure::from("the database is away")) }
        };
        let _ = consumer.handle(&Request::from(&request), handler).await;
    }
    print!("{}", figures.render());
    Ok(())
}
