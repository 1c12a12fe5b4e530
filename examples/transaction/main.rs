//! Exactly once: the work and the mark that it is done commit together.
//!
//! ```text
//! cargo run --features postgres --example transaction -- postgres://user:password@127.0.0.1/database
//! ```
//!
//! It creates the table `zaphook_keys` and a table of orders, sends itself
//! deliveries, and prints how many orders came of them.

#[path = "../postgres/pooled.rs"]
mod pooled;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::task::JoinSet;
use zaphook::idempotency::Settled;
use zaphook::{
    Answer, Consumer, Delivery, EnviaAi, Failure, PostgresStore, Receiver, Request, Secret, enviaai,
};

use pooled::Pooled;

/// How long a handled event is remembered.
const RETENTION: Duration = Duration::from_secs(24 * 3600);

type Problem = Box<dyn std::error::Error>;

// ---- The work -----------------------------------------------------------

/// Turns a message into an order.
struct Orders {
    pool: Pooled,
    store: PostgresStore<Pooled>,
}

impl Orders {
    async fn handle(&self, delivery: Delivery<EnviaAi>) -> Result<(), Failure> {
        let enviaai::Event::MessageReceived(message) = delivery.event() else { return Ok(()) };
        // Without a claim there is nothing to mark: the gateway comes again.
        let ticket = delivery.ticket().ok_or("the store is down")?;
        let mut client = self.pool.0.get().await?;
        let work = client.transaction().await?;

        let text = message.content.as_deref().unwrap_or_default().replace('\0', "");
        work.execute(
            "insert into orders (customer, text) values ($1, $2)",
            &[&message.from.as_str(), &text],
        )
        .await?;
        if text == "crash" && delivery.attempt() == Some(1) {
            return Err(Failure::retry("the process died before the commit"));
        }

        // Last: from here on nobody else can change the key until the commit.
        match self.store.complete_in(&work, ticket, RETENTION).await? {
            Settled::Applied => work.commit().await?,
            // Somebody took over, since this took longer than the lease. The
            // order is theirs; what was begun here is rolled back.
            Settled::Lost => return Err(Failure::retry("somebody took over")),
        }
        Ok(())
    }

    async fn count(&self, customer: &str) -> Result<String, Problem> {
        let client = self.pool.0.get().await?;
        let count = "select count(*) from orders where customer = $1";
        let count: i64 = client.query_one(count, &[&customer]).await?.get(0);
        Ok(if count == 1 { "1 order".into() } else { format!("{count} orders") })
    }
}

// ---- What happens -------------------------------------------------------

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Problem> {
    let url = std::env::args().nth(1).ok_or("which database? postgres://…")?;
    let pool = Pooled::new(&url, 16)?;
    let store = PostgresStore::new(pool.clone());
    store.create_schema().await?;
    let table = "create table if not exists orders (customer text not null, text text not null)";
    pool.0.get().await?.batch_execute(table).await?;

    let orders = Orders { pool, store: store.clone() };
    let secret = Secret::new("whs_3b9ff21c")?;
    let consumer =
        Receiver::new(EnviaAi::signed(secret.clone())).with_store(store).retention(RETENTION);
    let shop = Arc::new(Shop { secret, consumer, orders });

    // Others than in the last run.
    let number = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
    let message = |customer: &str, text: &str| {
        format!(
            r#"{{"event":"message.received","data":{{"messageId":"{customer}","instanceId":"inst_1","from":"{customer}","content":"{text}"}}}}"#
        )
    };

    let ana = format!("{number}1");
    let body = message(&ana, "Uma pizza");
    let mut deliveries = JoinSet::new();
    for _ in 0..10 {
        let (shop, body) = (Arc::clone(&shop), body.clone());
        deliveries.spawn(async move { shop.deliver(&body).await });
    }
    let answers = deliveries.join_all().await;
    let handled = answers.iter().filter(|answer| answer.outcome().as_str() == "handled").count();
    let count = shop.orders.count(&ana).await?;
    println!("the same event ten times at once: {count}, answered `handled` {handled} time");

    let rui = format!("{number}2");
    let body = message(&rui, "crash");
    for what in ["a handler that failed before its commit", "the same once more", "and once more"] {
        let answer = shop.deliver(&body).await;
        let count = shop.orders.count(&rui).await?;
        println!("{what}: {count}, answered {}", answer.status().as_u16());
    }
    Ok(())
}

/// A consumer with its handler.
struct Shop {
    secret: Secret,
    consumer: Consumer<Receiver<EnviaAi>, PostgresStore<Pooled>>,
    orders: Orders,
}

impl Shop {
    /// As if the gateway had sent it.
    async fn deliver(&self, body: &str) -> Answer {
        let headers = [("x-enviaai-signature", EnviaAi::sign(&self.secret, body.as_bytes()))];
        let request = Request::new(&headers, body.as_bytes());
        self.consumer.handle(&request, |delivery| self.orders.handle(delivery)).await
    }
}
