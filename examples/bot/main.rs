//! A bot in one vocabulary: one handler, five gateways.
//!
//! ```text
//! cargo run --example bot
//! ```
//!
//! feeds it one delivery after another, as the gateways post them, and ends. It
//! answers "ping" (it prints the answer and where it belongs: zaphook sends nothing),
//! keeps receipts in order, warns when a connection is closed, and shows a QR code in
//! the terminal when one comes.
//!
//! ```text
//! ENVIAAI_SECRETS=whs_3b9ff21c cargo run --example bot -- --listen 127.0.0.1:8080
//! ```
//!
//! serves HTTP instead, with a route for each gateway that is configured; the
//! variables are those of `../receiver/gateways.rs`. The handler is the same.

#[path = "../axum/adapter.rs"]
mod adapter;
#[allow(dead_code, reason = "settings of another example")]
#[path = "../receiver/config.rs"]
mod config;
#[path = "../receiver/gateways.rs"]
mod gateways;

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use zaphook::idempotency::SharedStore;
use zaphook::testing::{AnySample, Sample, Scenario};
use zaphook::unified::{ConnectionState, Happening, Pairing, Status};
use zaphook::{Answer, AnyDelivery, Failure, MemoryStore, Request, Secret, Zavu};

use adapter::{AnyConsumer, Application, Limits, Problem};

// ---- The bot --------------------------------------------------------------

#[derive(Default)]
struct Bot {
    /// Messages that were answered. A gateway may post one under two names; a store
    /// that outlives the program is the place for these.
    answered: Mutex<HashSet<String>>,
    /// How far own messages have come, by their ids.
    statuses: Mutex<HashMap<String, Status<'static>>>,
}

impl Bot {
    /// Whatever happened, at whichever gateway.
    fn see(&self, delivery: &AnyDelivery) {
        let seen = delivery.unified();
        for happening in seen.happenings() {
            let key = happening.key();
            match happening {
                Happening::Message(message) if message.is_incoming() => {
                    let is_new = key.is_none_or(|key| self.is_new(key.as_str()));
                    if is_new && message.text().is_some_and(|text| text.trim() == "ping") {
                        let to = message.answer_to().map(|to| to.as_sent()).unwrap_or("nowhere");
                        let name = message.sender_name();
                        println!(
                            "{}: pong, {}, to {to}",
                            seen.gateway,
                            name.unwrap_or("you".into())
                        );
                    }
                }
                Happening::Receipt(receipt) if receipt.target_from_me == Some(true) => {
                    if let Some(status) = receipt.status.known() {
                        self.keep(seen.gateway, receipt.target.id, status);
                    }
                }
                Happening::Connection(connection)
                    if connection.state == ConnectionState::Closed =>
                {
                    let account = seen.account().unwrap_or("the account".into());
                    let reason = connection.reason.map(|reason| reason.to_string());
                    println!(
                        "{}: {account} is disconnected, {}{}",
                        seen.gateway,
                        reason.as_deref().unwrap_or("no reason told"),
                        if connection.logged_out { ": link it again" } else { "" },
                    );
                }
                Happening::Pairing(pairing) => show(seen.gateway, &pairing),
                _ => {} // The delivery has it all, typed.
            }
        }
    }

    fn is_new(&self, key: &str) -> bool {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        answered.insert(key.to_owned())
    }

    /// Deliveries come in any order: what tells less than is known is old news.
    fn keep(&self, gateway: &str, message: &str, status: Status<'static>) {
        let mut statuses = self.statuses.lock().unwrap_or_else(PoisonError::into_inner);
        match statuses.get_mut(message) {
            Some(known) if !status.supersedes(known) => {
                println!("{gateway}: {message} stays {known}, {status} came late");
            }
            Some(known) => {
                println!("{gateway}: {message} is {status}");
                *known = status;
            }
            None => {
                println!("{gateway}: {message} is {status}");
                statuses.insert(message.to_owned(), status);
            }
        }
    }
}

/// Whoever scans it owns the account: keep it out of logs.
fn show(gateway: &str, pairing: &Pairing<'_>) {
    println!("{gateway}: pairing, {}", pairing.step);
    if let Some(code) = pairing.qr.and_then(|qr| qr.expose()) {
        match QrCode::new(code.as_bytes()) {
            Ok(code) => println!("{}", code.render::<Dense1x2>().build()),
            Err(error) => println!("it cannot be shown: {error}"),
        }
    } else if let Some(image) = pairing.qr_image.and_then(|image| image.expose_base64()) {
        println!("the code comes as an image only, of {} bytes in base64", image.len());
    }
    if let Some(code) = pairing.code.and_then(|code| code.expose()) {
        println!("or type on the phone: {code}");
    }
}

// ---- Served over HTTP -------------------------------------------------------

struct Served {
    bot: Bot,
    store: SharedStore,
}

impl Application for Served {
    fn consumers(&self) -> Result<Vec<AnyConsumer>, Problem> {
        gateways::consumers(&self.store)
    }

    async fn handle(&self, delivery: AnyDelivery) -> Result<(), Failure> {
        self.bot.see(&delivery);
        Ok(())
    }

    fn received(&self, _: &'static str, _: &Request<'_>) {}

    fn answered(&self, gateway: &'static str, answer: &Answer) {
        if !answer.status().is_success() {
            eprintln!("{gateway}: {} {}", answer.status(), answer.outcome().as_str());
        }
    }

    async fn finish(&self) {}
}

// ---- Fed by itself ----------------------------------------------------------

/// Deliveries as the gateways post them, made up.
fn samples() -> Vec<AnySample> {
    let ping = |scenario: Scenario| {
        scenario.samples().into_iter().map(|sample| sample.text("ping")).collect::<Vec<_>>()
    };
    let mut samples = ping(Scenario::Text);
    // The same message under its second name: answered once.
    let twin = |sample: &AnySample| sample.clone().set("event", "message_create");
    samples.extend(samples.iter().find(|sample| sample.gateway() == "eazewa").map(twin));
    samples.extend(ping(Scenario::Group));
    // A status post is nothing to answer.
    samples.extend(ping(Scenario::StatusPost));
    for scenario in [Scenario::Read, Scenario::Delivered] {
        // In this order, so that the second comes late.
        samples.extend(scenario.of::<Zavu>().map(Sample::into_any));
    }
    samples.extend(Scenario::LoggedOut.samples());
    samples.extend(Scenario::QrCode.samples());
    samples
}

/// Each is received as a consumer would.
async fn feed(bot: &Bot) -> Result<(), Problem> {
    let secret = Secret::new("a secret of the bot's own")?;
    let store = SharedStore::new(MemoryStore::new());
    for sample in samples() {
        let consumer = sample.receiver(&secret).with_store(store.clone());
        let answer = consumer
            .handle(&Request::from(&sample.signed(&secret)), |delivery| async move {
                bot.see(&delivery);
                Ok(())
            })
            .await;
        if !answer.status().is_success() {
            return Err(format!("{sample:?}: {}", answer.outcome().as_str()).into());
        }
    }
    Ok(())
}

// ---- The program ----------------------------------------------------------

fn listen() -> Result<Option<SocketAddr>, Problem> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next(), arguments.next()) {
        (None, ..) => Ok(None),
        (Some("--listen"), Some(address), None) => Ok(Some(address.parse()?)),
        _ => Err("usage: bot [--listen ADDRESS:PORT]".into()),
    }
}

#[tokio::main]
async fn main() -> Result<(), Problem> {
    let bot = Bot::default();
    let Some(listen) = listen()? else { return feed(&bot).await };
    let config::Config { limits, .. } = config::Config::from_environment()?;
    let store = SharedStore::new(MemoryStore::new());
    adapter::serve(Served { bot, store }, Limits { listen, ..limits }).await
}
