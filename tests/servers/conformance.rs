//! What every store has to pass, and the table of states row by row.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use zaphook::idempotency::{Claim, IdempotencyStore, Settled, Ticket};
use zaphook::testing::{key, store::Conformance};
use zaphook::{PostgresStore, RedisStore};

use crate::block_on;
use crate::pooled::Pooled;
use crate::run::{Run, seed};
use crate::server::{Folder, Redis, Server};
use crate::stores;
use crate::worker::{DAY, acquire};

pub(crate) fn redis(_: &Run) {
    let redis = Redis::new(&[]);
    block_on(async {
        let store = stores::redis(&redis.url()).await;
        store.check().await.unwrap();
        Conformance::new(&store).check(sleep).await;
        // Restarted, it knows no scripts.
        let run = seed().to_string();
        let flushed = redis.says("SCRIPT FLUSH");
        assert_eq!(flushed, "+OK\r\n");
        let one = RedisStore::new(stores::multiplexed(&redis.url()).await).prefix("other:");
        Conformance::new(&one).run(run).check(sleep).await;
        // What `check` asks for is all that an ACL has to allow.
        let user = "ACL SETUSER guard on >p ~zaphook:* -@all +get +set +pttl +time +eval +evalsha";
        assert_eq!(redis.says(user), "+OK\r\n");
        let url = redis.url().replace("redis://", "redis://guard:p@");
        let guard = RedisStore::new(stores::multiplexed(&url).await);
        guard.check().await.unwrap();
        Conformance::new(&guard).run("guard").check(sleep).await;
        for word in ["get", "set", "pttl", "time"] {
            redis.says(&format!("ACL SETUSER guard -{word}"));
            let error = guard.check().await.unwrap_err();
            assert!(error.to_string().contains("can't run this command"), "{word}: {error}");
            redis.says(&format!("ACL SETUSER guard +{word}"));
        }
    });
}

pub(crate) fn postgres(run: &Run) {
    let postgres = run.postgres();
    block_on(async {
        let pooled = stores::postgres(&postgres.url(), 4);
        pooled.create_schema().await.unwrap();
        Conformance::new(&pooled).run(seed().to_string()).check(sleep).await;
        // Over one connection, and with statements that are not prepared.
        let (client, connection) =
            tokio_postgres::connect(&postgres.url(), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let single = PostgresStore::new(Arc::new(client));
        Conformance::new(&single).run(seed().to_string()).check(sleep).await;

        // Completed within a transaction, a ticket says so; one that is lost does not.
        let mut client = Pooled::new(&postgres.url(), 1).unwrap().0.get().await.unwrap();
        let ticket = acquire(&pooled, &key(&format!("within {}", seed())), DAY).await;
        let other = Ticket::new(ticket.key().clone(), 1);
        let work = client.transaction().await.unwrap();
        assert_eq!(pooled.complete_in(&work, &other, DAY).await.unwrap(), Settled::Lost);
        assert!(!other.is_marked_completed());
        assert_eq!(pooled.complete_in(&work, &ticket, DAY).await.unwrap(), Settled::Applied);
        assert!(ticket.is_marked_completed());
        work.commit().await.unwrap();
        assert_eq!(pooled.claim(ticket.key(), DAY, DAY).await.unwrap(), Claim::Done);
    });
}

pub(crate) fn redis_table(_: &Run) {
    let redis = Redis::new(&[]);
    block_on(async { table(&stores::redis(&redis.url()).await).await });
}

pub(crate) fn postgres_table(run: &Run) {
    let postgres = run.postgres();
    block_on(async {
        let store = stores::postgres(&postgres.url(), 4);
        store.create_schema().await.unwrap();
        table(&store).await;
    });
}

pub(crate) fn sqlite(_: &Run) {
    let folder = Folder::new();
    block_on(async {
        let store = stores::sqlite(&folder.url());
        Conformance::new(&store).check(sleep).await;
        // Opened again, it knows what it knew.
        let done = acquire(&store, &key("done"), DAY).await;
        assert_eq!(store.complete(&done, DAY).await.unwrap(), Settled::Applied);
        drop(store);
        let again = stores::sqlite(&folder.url());
        assert_eq!(again.claim(&key("done"), DAY, DAY).await.unwrap(), Claim::Done);
        Conformance::new(&again).run("again").check(sleep).await;

        // What is over is deleted, and nothing else.
        let live = acquire(&again, &key("live"), DAY).await;
        again.purge().await.unwrap();
        let over = "with recursive n(x) as (select 1 union all select x + 1 from n where x < 2500) \
            insert into zaphook_keys select 'over ' || x, 1, x'', 1, 0, 0, 0 from n";
        stores::file(&folder.url()).execute_batch(over).unwrap();
        assert_eq!(again.purge().await.unwrap(), 2500);
        assert_eq!(again.complete(&live, DAY).await.unwrap(), Settled::Applied);
        assert_eq!(again.claim(&key("done"), DAY, DAY).await.unwrap(), Claim::Done);

        // Completed within a transaction, a ticket says so; one that is lost does not.
        let mut file = stores::file(&folder.url());
        let ticket = acquire(&again, &key("within"), DAY).await;
        let other = Ticket::new(ticket.key().clone(), 1);
        let work = file.transaction().unwrap();
        assert_eq!(again.complete_in(&work, &other, DAY).unwrap(), Settled::Lost);
        assert!(!other.is_marked_completed());
        assert_eq!(again.complete_in(&work, &ticket, DAY).unwrap(), Settled::Applied);
        assert!(ticket.is_marked_completed());
        work.commit().unwrap();
        assert_eq!(again.claim(ticket.key(), DAY, DAY).await.unwrap(), Claim::Done);

        // Somebody else writes: an error within the limit, and no answer.
        let quick = again.within(Duration::from_millis(100)).unwrap();
        let behavior = rusqlite::TransactionBehavior::Immediate;
        let held = file.transaction_with_behavior(behavior).unwrap();
        let started = std::time::Instant::now();
        assert!(quick.claim(&key("busy"), DAY, DAY).await.is_err());
        assert!(started.elapsed() < Duration::from_secs(2));
        drop(held);
        sleep(Duration::from_millis(300)).await;
        assert!(matches!(
            quick.claim(&key("free"), DAY, DAY).await.unwrap(),
            Claim::Acquired { attempt: Some(1), .. }
        ));
    });
    // What would forget is refused.
    let memory = rusqlite::Connection::open_in_memory().unwrap();
    let refused = zaphook::SqliteStore::on(memory).err().unwrap().to_string();
    assert!(refused.contains("journal_mode is memory"), "{refused}");
}

pub(crate) fn sqlite_table(_: &Run) {
    let folder = Folder::new();
    block_on(async { table(&stores::sqlite(&folder.url())).await });
}

const LEASE: Duration = Duration::from_millis(400);

async fn table<S: IdempotencyStore>(store: &S) {
    let key = key(&format!("table {}", seed()));
    let take = async |lease: Duration, retain: Duration, expected: u32, since: Duration| match store
        .claim(&key, lease, retain)
        .await
        .unwrap()
    {
        Claim::Acquired { ticket, attempt, since_first } => {
            assert_eq!(attempt, Some(expected));
            let since_first = since_first.unwrap();
            assert!(since_first >= since && (since_first.is_zero() == (expected == 1)));
            ticket
        }
        other => panic!("{other:?}"),
    };
    let in_progress = async |most: Duration| match store.claim(&key, LEASE, DAY).await.unwrap() {
        Claim::InProgress { retry_after } => {
            assert!(retry_after <= most && retry_after > most / 2, "{retry_after:?} of {most:?}");
        }
        other => panic!("{other:?}"),
    };
    let complete = async |ticket: &Ticket, retain| store.complete(ticket, retain).await.unwrap();
    let lost = async |ticket: &Ticket| {
        assert_eq!(store.extend(ticket, DAY).await.unwrap(), Settled::Lost);
        assert_eq!(store.release(ticket).await.unwrap(), Settled::Lost);
        assert_eq!(complete(ticket, DAY).await, Settled::Lost);
    };

    // Absent, claim: Claimed, Acquired at attempt 1.
    let first = take(LEASE, DAY, 1, Duration::ZERO).await;
    // Claimed, lease alive, claim: unchanged, InProgress with the time left.
    in_progress(LEASE).await;
    // Claimed, extend: later lease.
    assert_eq!(store.extend(&first, 2 * LEASE).await.unwrap(), Settled::Applied);
    in_progress(2 * LEASE).await;
    // Claimed, lease lapsed, claim: Claimed anew, attempt 2.
    sleep(2 * LEASE).await;
    let second = take(DAY, DAY, 2, 2 * LEASE).await;
    // Claimed by another ticket: Lost, and unchanged.
    lost(&first).await;
    in_progress(DAY).await;
    // Claimed, release: the next claim at once.
    assert_eq!(store.release(&second).await.unwrap(), Settled::Applied);
    lost(&second).await;
    let third = take(LEASE, DAY, 3, 2 * LEASE).await;
    // Claimed, lapsed but not taken over, extend: a lease again.
    sleep(LEASE * 3 / 2).await;
    assert_eq!(store.extend(&third, LEASE).await.unwrap(), Settled::Applied);
    in_progress(LEASE).await;
    // The same, release: the next claim goes on counting.
    sleep(LEASE * 3 / 2).await;
    assert_eq!(store.release(&third).await.unwrap(), Settled::Applied);
    let fourth = take(LEASE, DAY, 4, 5 * LEASE).await;
    // The same, complete: Done.
    sleep(LEASE * 3 / 2).await;
    assert_eq!(complete(&fourth, 2 * LEASE).await, Settled::Applied);
    // Done, retention alive, claim: unchanged, Done; any ticket: Lost.
    sleep(LEASE).await;
    assert_eq!(store.claim(&key, LEASE, DAY).await.unwrap(), Claim::Done);
    lost(&fourth).await;
    assert_eq!(store.claim(&key, LEASE, DAY).await.unwrap(), Claim::Done);
    // Done, retention lapsed, claim: Claimed; the count starts again.
    sleep(LEASE * 3 / 2).await;
    let fifth = take(LEASE, LEASE, 1, Duration::ZERO).await;
    lost(&fourth).await;
    // Claimed, retention lapsed as well: likewise.
    sleep(LEASE * 3 / 2).await;
    let sixth = take(LEASE, LEASE, 1, Duration::ZERO).await;
    lost(&fifth).await;
    // Released, retention lapsed: likewise.
    assert_eq!(store.release(&sixth).await.unwrap(), Settled::Applied);
    sleep(LEASE * 3 / 2).await;
    let seventh = take(LEASE, DAY, 1, Duration::ZERO).await;
    lost(&sixth).await;
    assert_eq!(complete(&seventh, DAY).await, Settled::Applied);
    // Absent, any ticket: Lost.
    lost(&Ticket::new(zaphook::testing::key("unknown"), 1)).await;
}

pub(crate) fn postgres_schema_and_purge(run: &Run) {
    const ROWS: i64 = 4500;

    let postgres = run.postgres();
    block_on(async {
        // A database of its own, so that the table is new.
        let admin = stores::postgres(&postgres.url(), 1);
        admin.create_schema().await.unwrap();
        let client = Pooled::new(&postgres.url(), 1).unwrap().0.get().await.unwrap();
        let name = format!("purge_{}", seed());
        client.batch_execute(&format!("create database {name}")).await.unwrap();
        let url = postgres.database(&name);
        let store = stores::postgres(&url, 8);

        // Everybody creates it at once.
        let creating = (0..8).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.create_schema().await })
        });
        for created in creating.collect::<Vec<_>>() {
            created.await.unwrap().unwrap();
        }

        let long = acquire(&store, &key("long"), DAY).await;
        let done = acquire(&store, &key("done"), DAY).await;
        assert_eq!(store.complete(&done, DAY).await.unwrap(), Settled::Applied);
        // More than are deleted at once.
        let client = Pooled::new(&url, 1).unwrap().0.get().await.unwrap();
        let over = "insert into zaphook_keys \
            select 'over ' || number, true, '', 1, 'epoch', 'epoch', clock_timestamp() \
            from generate_series(1, $1::bigint) number";
        client.execute(over, &[&ROWS]).await.unwrap();
        // Two at once take nothing twice, and do not end after the first thousand.
        let (one, other) = tokio::join!(store.purge(), store.purge());
        let purged = one.unwrap() + other.unwrap() + store.purge().await.unwrap();
        assert_eq!(i64::try_from(purged).unwrap(), ROWS);
        // What has to be remembered is.
        assert_eq!(store.complete(&long, DAY).await.unwrap(), Settled::Applied);
        assert_eq!(store.claim(&key("done"), DAY, DAY).await.unwrap(), Claim::Done);
    });
}

/// One node that has all slots is a cluster as far as keys and scripts go.
pub(crate) fn redis_cluster(_: &Run) {
    let redis = Redis::new(&["--cluster-enabled", "yes"]);
    assert_eq!(redis.says("CLUSTER ADDSLOTSRANGE 0 16383"), "+OK\r\n");
    let started = std::time::Instant::now();
    while !redis.says("CLUSTER INFO").contains("cluster_state:ok") {
        assert!(started.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(20));
    }
    block_on(async {
        let cluster = redis::cluster::ClusterClient::new([redis.url()]).unwrap();
        let store = RedisStore::new(cluster.get_async_connection().await.unwrap());
        store.check().await.unwrap();
        Conformance::new(&store).check(sleep).await;
    });
}
