//! What the stores refuse, and in which words.

use std::time::Duration;

use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::{Cmd, Pipeline, RedisFuture, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use zaphook::RedisStore;
use zaphook::idempotency::{
    Claim, IdempotencyStore, PostgresStoreError, RedisStoreError, Settled, SharedStore,
};
use zaphook::testing::key;

use crate::pooled::Pooled;
use crate::run::{Run, seed};
use crate::server::{Redis, Server, free_port};
use crate::worker::{DAY, acquire};
use crate::{block_on, stores};

pub(crate) fn redis(_: &Run) {
    let redis = Redis::new(&[]);
    block_on(async {
        // A server of before 7.0 does not know the first line of a script.
        let old = old_server().await;
        let store = stores::redis(&old).await;
        for error in [store.check().await, claim(&store).await] {
            let error = error.unwrap_err();
            assert!(matches!(error, RedisStoreError::TooOld), "{error:?}");
            assert_eq!(
                error.to_string(),
                "the Redis server is too old: it must be 7.0 or newer to run scripts with flags"
            );
        }

        let store = stores::redis(&redis.url()).await;
        // What others wrote is no answer.
        redis.says("SET zaphook:testing/foreign 1");
        redis.says("SET zaphook:testing/endless c:0");
        redis.says("LPUSH zaphook:testing/list 1");
        redis.says(&format!("SET zaphook:testing/cut c:{:032x}:1770733425123:", 7));
        redis.says(&format!("SET zaphook:testing/longer c:{:032x}:1:1:1:1", 7));
        for name in ["foreign", "endless", "cut", "longer"] {
            let error = store.claim(&key(name), DAY, DAY).await.unwrap_err();
            let text = format!("something else has written to the key testing/{name} in Redis");
            assert_eq!(error.to_string(), text);
        }
        let error = store.claim(&key("list"), DAY, DAY).await.unwrap_err();
        assert!(error.to_string().starts_with("Redis: "), "{error}");
        assert!(error.to_string().contains("WRONGTYPE"), "{error}");

        // A retry of the connection finds its own claim, and is no further attempt;
        // nobody else's fence is taken for it.
        let twice = RedisStore::new(Twice(stores::multiplexed(&redis.url()).await));
        for expected in [1, 2] {
            let claim = twice.claim(&key("own"), DAY, DAY).await.unwrap();
            let Claim::Acquired { ticket, attempt, .. } = claim else { panic!("{claim:?}") };
            assert_eq!(attempt, Some(expected));
            let claims = [
                twice.claim(&key("own"), DAY, DAY).await.unwrap(),
                store.claim(&key("own"), DAY, DAY).await.unwrap(),
            ];
            assert!(claims.iter().all(|claim| matches!(claim, Claim::InProgress { .. })));
            assert_eq!(store.release(&ticket).await.unwrap(), Settled::Applied);
        }

        // Times that no server takes are made fit.
        for (name, lease) in [("zero", Duration::ZERO), ("for ever", Duration::MAX)] {
            let ticket = acquire(&store, &key(name), lease).await;
            let _ = store.extend(&ticket, Duration::MAX).await.unwrap();
            let _ = store.complete(&ticket, Duration::MAX).await.unwrap();
        }
        let shared = SharedStore::new(store.clone());
        assert!(shared.claim(&key("foreign"), DAY, DAY).await.is_err());
        assert!(format!("{store:?}").contains("zaphook:"), "{store:?}");
    });
}

async fn claim<S: IdempotencyStore>(store: &S) -> Result<(), S::Error> {
    store.claim(&key("any"), DAY, DAY).await.map(drop)
}

/// A connection that loses the first answer to each script, and asks again.
#[derive(Clone)]
struct Twice(MultiplexedConnection);

impl ConnectionLike for Twice {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        Box::pin(async move {
            self.0.req_packed_command(command).await?;
            self.0.req_packed_command(command).await
        })
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        commands: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        self.0.req_packed_commands(commands, offset, count)
    }

    fn get_db(&self) -> i64 {
        self.0.get_db()
    }
}

/// Answers as Redis 6.2 does, as far as a store gets with it.
async fn old_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut buffer = vec![0; 4096];
                while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                    let asked = format!("\r\n{}", String::from_utf8_lossy(&buffer[..read]));
                    // One answer for each command; a command starts with `*`.
                    for command in asked.split("\r\n*").skip(1) {
                        let answer: &[u8] = if command.contains("EVALSHA\r\n") {
                            b"-NOSCRIPT No matching script. Please use EVAL.\r\n"
                        } else if command.contains("EVAL\r\n") {
                            b"-ERR Error compiling script (new function): user_script:1: \
                              unexpected symbol near '#' \r\n"
                        } else {
                            b"+OK\r\n"
                        };
                        stream.write_all(answer).await.unwrap();
                    }
                }
            });
        }
    });
    format!("redis://127.0.0.1:{port}/")
}

pub(crate) fn postgres(run: &Run) {
    let postgres = run.postgres();
    block_on(async {
        // No table yet.
        let client = Pooled::new(&postgres.url(), 1).unwrap().0.get().await.unwrap();
        let name = format!("empty_{}", seed());
        client.batch_execute(&format!("create database {name}")).await.unwrap();
        let error = claim(&stores::postgres(&postgres.database(&name), 1)).await.unwrap_err();
        assert!(matches!(error, PostgresStoreError::NoSchema), "{error:?}");
        assert_eq!(
            error.to_string(),
            "the table zaphook_keys is missing: call create_schema, or run SCHEMA"
        );

        // Another table of that name, and one that refuses what is written: told as it is,
        // and not tried again.
        let empty = Pooled::new(&postgres.database(&name), 1).unwrap().0.get().await.unwrap();
        empty.batch_execute("create table zaphook_keys (other int)").await.unwrap();
        let error = claim(&stores::postgres(&postgres.database(&name), 1)).await.unwrap_err();
        assert!(error.to_string().ends_with("(SQLSTATE 42703)"), "{error}");
        empty.batch_execute("drop table zaphook_keys").await.unwrap();
        let store = stores::postgres(&postgres.database(&name), 1);
        store.create_schema().await.unwrap();
        let ticket = acquire(&store, &key("held"), DAY).await;
        let refuse = "create function refuse() returns trigger language plpgsql as \
            $$ begin raise exception 'no room'; end $$; create trigger refuse before \
            insert or update on zaphook_keys for each row execute function refuse()";
        empty.batch_execute(refuse).await.unwrap();
        for error in [claim(&store).await, store.complete(&ticket, DAY).await.map(drop)] {
            let error = error.unwrap_err().to_string();
            assert_eq!(error, "PostgreSQL: no room (SQLSTATE P0001)");
        }

        // Nobody there.
        let nowhere = format!("postgres://postgres@127.0.0.1:{}/postgres", free_port());
        let error = claim(&stores::postgres(&nowhere, 1)).await.unwrap_err();
        assert!(matches!(error, PostgresStoreError::Connection(_)), "{error:?}");

        // All connections lent out: the wait counts.
        let pool = Pooled::new(&postgres.url(), 1).unwrap();
        let store = zaphook::PostgresStore::new(pool.clone()).within(Duration::from_millis(100));
        store.create_schema().await.unwrap();
        let lent = pool.0.get().await.unwrap();
        let error = claim(&store).await.unwrap_err();
        assert_eq!(error.to_string(), "PostgreSQL did not answer within 100ms");
        drop(lent);
        claim(&store).await.unwrap();

        // Times that no server takes are made fit.
        for (name, lease) in [("zero", Duration::ZERO), ("for ever", Duration::MAX)] {
            let ticket = acquire(&store, &key(&format!("{name} {}", seed())), lease).await;
            let _ = store.extend(&ticket, Duration::MAX).await.unwrap();
            let _ = store.complete(&ticket, Duration::MAX).await.unwrap();
        }
    });
}
