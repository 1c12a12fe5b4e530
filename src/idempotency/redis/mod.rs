//! A store for many machines: Redis.

mod scripts;

use std::fmt;
use std::time::Duration;

use redis::aio::ConnectionLike;
use redis::{Cmd, ErrorKind, FromRedisValue, RedisError, ServerErrorKind};

use self::scripts::{SCRIPTS, Text, head_of};
use super::remote::{Limit, milliseconds, random_fence};
use super::{Claim, IdempotencyStore, Key, Settled, Ticket};
use crate::timer::Timer;

/// Remembers keys in Redis 7 or newer, or Valkey, for any number of processes
/// on any number of machines (feature `redis`).
///
/// It takes any cloneable asynchronous connection of the crate `redis`: a
/// `MultiplexedConnection`, a `ConnectionManager`, a `ClusterConnection`. Use
/// one that reconnects by itself, and keep its reconnection delay short:
///
/// ```no_run
/// use std::time::Duration;
///
/// use redis::aio::{ConnectionManager, ConnectionManagerConfig};
/// use zaphook::idempotency::RedisStore;
///
/// # async fn connect() -> Result<(), Box<dyn std::error::Error>> {
/// let client = redis::Client::open("redis://127.0.0.1/")?;
/// let config = ConnectionManagerConfig::new().set_max_delay(Duration::from_millis(500));
/// let store = RedisStore::new(ConnectionManager::new_with_config(client, config).await?);
/// store.check().await?;                     // a server that is too old says so here
/// # Ok(())
/// # }
/// ```
///
/// # What is promised
///
/// * Each operation is one script over one key, in one round trip: the server
///   decides who wins, and only its clock counts.
/// * Completing, releasing and extending change nothing unless the key still
///   holds the ticket's fence, 128 random bits. They work even after the lease
///   has expired, as long as no one took over.
/// * A key that was released, or whose lease expired, is kept until its
///   retention ends: attempts are counted, and the time of the first claim is
///   known.
/// * A call ends within the [time limit](Self::within), 1 s by default, whether
///   the server answers or not. A claim that timed out may still reach the
///   server; it ends with its lease, and counts as an attempt. One that the
///   connection asks for again, since it lost the answer, counts once.
///
/// Your work is not in Redis, so it is done at least once: if a process dies
/// between the work and the completion, the work is done again.
///
/// # What can break it
///
/// * **Eviction.** Every key expires, so every policy except `noeviction` may
///   drop claims and done keys when memory is full: an event is then handled
///   again, by two workers at once if the claim was live. The fence still
///   holds: only the newer one can complete. Set `maxmemory-policy noeviction`,
///   or keep the store separate from caches. With `noeviction`, claims fail
///   while memory is full, but workers can still extend, complete and release.
///   The attempts of a key that was evicted count from one again.
/// * **Failover.** Replication is asynchronous: writes that the old primary had
///   not replicated when it died, about a second's worth, are lost. Events
///   whose claim or done key was among them are handled again, and the attempts
///   among them are not counted. `min-replicas-to-write` narrows the gap, but
///   does not close it.
/// * **Restart.** Without persistence everything is lost, with `appendfsync
///   everysec` about the last second.
/// * **Clocks.** Leases, expiry and the time of the first claim use the server's
///   wall clock, and after a failover the new primary's. Setting it forward ends
///   leases early; setting it back prolongs them.
///
/// If that is not enough, [`PostgresStore`](super::PostgresStore) (feature
/// `postgres`) loses nothing that it has answered.
///
/// # How to size it
///
/// A key of 70 bytes takes about 220 bytes of memory for the retention once it is
/// done, and 60 more while it is claimed: a million events a day, remembered for a
/// day, take about 220 MB. A server carries out two thirds as many claims as bare
/// `SET`s. (The measurements are in `tests/servers/figures.md`.) One multiplexed
/// connection is enough for a process; there is no pool to size.
///
/// Each script touches one key, so a cluster can be used. An ACL needs `+get +set
/// +pttl +time +eval +evalsha` on `~zaphook:*`; [`check`](Self::check) uses them all.
///
/// [`ConnectionLike`] and [`RedisError`] (in [`RedisStoreError`]) of the crate
/// `redis`, version 1, are part of this crate's public API.
#[cfg_attr(docsrs, doc(cfg(feature = "redis")))]
#[derive(Clone)]
pub struct RedisStore<C> {
    connection: C,
    prefix: Box<str>,
    limit: Limit,
}

impl<C: ConnectionLike + Clone + Send + Sync> RedisStore<C> {
    /// A store that uses this connection; each call works on a clone of it.
    pub fn new(connection: C) -> Self {
        Self { connection, prefix: "zaphook:".into(), limit: Limit::default() }
    }

    /// The prefix of its keys in Redis; the default is `zaphook:`. Nothing else
    /// may write keys with this prefix.
    #[must_use]
    pub fn prefix(self, prefix: impl Into<Box<str>>) -> Self {
        Self { prefix: prefix.into(), ..self }
    }

    /// How long a call may take; the default is 1 s. The connection has its own
    /// limit, 500 ms by default; the shorter one counts.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { limit: self.limit.within(limit), ..self }
    }

    /// The timer for the time limit, for connections on a runtime other than
    /// tokio.
    #[must_use]
    pub fn timer(self, timer: impl Timer) -> Self {
        Self { limit: self.limit.timer(timer), ..self }
    }

    /// Claims, extends and releases a key of its own, to check at startup that the
    /// server is reachable, new enough, and allows what the store needs.
    ///
    /// # Errors
    ///
    /// As for any claim.
    pub async fn check(&self) -> Result<(), RedisStoreError> {
        let fence = random_fence()?;
        let name = format!("{}check/{fence:032x}", self.prefix);
        self.limited(async {
            let lease = Duration::from_secs(10);
            let _ = self.take(&name, fence, lease, lease).await?;
            let _ = self.change(&SCRIPTS.extend, &name, fence, Some(lease)).await?;
            self.change(&SCRIPTS.release, &name, fence, None).await.map(drop)
        })
        .await
    }

    fn name(&self, key: &Key) -> String {
        format!("{}{key}", self.prefix)
    }

    async fn limited<T>(
        &self,
        call: impl Future<Output = Result<T, RedisStoreError>> + Send,
    ) -> Result<T, RedisStoreError> {
        let late = || Err(RedisStoreError::TooSlow { limit: self.limit.within });
        self.limit.keep(call).await.unwrap_or_else(late)
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        command.query_async(&mut self.connection.clone()).await
    }

    async fn run<T: FromRedisValue>(
        &self,
        script: &Text,
        name: &str,
        arguments: &[&str],
    ) -> Result<T, RedisStoreError> {
        let call = |word: &str, script: &str| {
            let mut call = redis::cmd(word);
            call.arg(script).arg(1).arg(name).arg(arguments);
            call
        };
        let answered = match self.ask(&call("EVALSHA", &script.hash)).await {
            // A server that was restarted or just took over knows no scripts.
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                self.ask(&call("EVAL", script.code)).await
            }
            answered => answered,
        };
        answered.map_err(
            |error| if is_too_old(&error) { RedisStoreError::TooOld } else { error.into() },
        )
    }

    /// Changes the key if the fence is still in it.
    async fn change(
        &self,
        script: &Text,
        name: &str,
        fence: u128,
        time: Option<Duration>,
    ) -> Result<Settled, RedisStoreError> {
        let (head, time) = (head_of(fence), time.map(|time| milliseconds(time).to_string()));
        let mut arguments = vec![head.as_str()];
        arguments.extend(time.as_deref());
        let changed: u64 = self.run(script, name, &arguments).await?;
        Ok(if changed == 1 { Settled::Applied } else { Settled::Lost })
    }

    async fn settle(
        &self,
        script: &Text,
        ticket: &Ticket,
        time: Option<Duration>,
    ) -> Result<Settled, RedisStoreError> {
        let name = self.name(ticket.key());
        self.limited(self.change(script, &name, ticket.fence(), time)).await
    }

    /// The server's word for what it found, the attempt, and a time in milliseconds.
    async fn take(
        &self,
        name: &str,
        fence: u128,
        lease: Duration,
        retain: Duration,
    ) -> Result<(String, u32, u64), RedisStoreError> {
        let head = head_of(fence);
        let (lease, keep) = (milliseconds(lease), milliseconds(lease.max(retain)));
        let (lease, keep) = (lease.to_string(), keep.to_string());
        self.run(&SCRIPTS.claim, name, &[&head, &lease, &keep]).await
    }

    async fn claim_now(
        &self,
        key: &Key,
        lease: Duration,
        retain: Duration,
    ) -> Result<Claim, RedisStoreError> {
        let fence = random_fence()?;
        let (word, attempt, time) = self.take(&self.name(key), fence, lease, retain).await?;
        let time = Duration::from_millis(time);
        match word.as_str() {
            "acquired" => Ok(Claim::Acquired {
                ticket: Ticket::new(key.clone(), fence),
                attempt: Some(attempt),
                since_first: Some(time),
            }),
            "claimed" => Ok(Claim::InProgress { retry_after: time }),
            "done" => Ok(Claim::Done),
            _ => Err(RedisStoreError::Foreign { key: key.clone() }),
        }
    }
}

/// Whether the server does not know what scripts begin with. The words and their order
/// are right for every server that does.
fn is_too_old(error: &RedisError) -> bool {
    let general = error.kind() == ErrorKind::Server(ServerErrorKind::ResponseError);
    let has = |words| error.detail().is_some_and(|detail| detail.contains(words));
    general && has("compiling script") && has("near '#'")
}

impl<C: ConnectionLike + Clone + Send + Sync> IdempotencyStore for RedisStore<C> {
    type Error = RedisStoreError;

    async fn claim(
        &self,
        key: &Key,
        lease: Duration,
        retain: Duration,
    ) -> Result<Claim, RedisStoreError> {
        self.limited(self.claim_now(key, lease, retain)).await
    }

    async fn complete(
        &self,
        ticket: &Ticket,
        retain: Duration,
    ) -> Result<Settled, RedisStoreError> {
        self.settle(&SCRIPTS.complete, ticket, Some(retain)).await
    }

    async fn release(&self, ticket: &Ticket) -> Result<Settled, RedisStoreError> {
        self.settle(&SCRIPTS.release, ticket, None).await
    }

    async fn extend(&self, ticket: &Ticket, lease: Duration) -> Result<Settled, RedisStoreError> {
        self.settle(&SCRIPTS.extend, ticket, Some(lease)).await
    }
}

impl<C> fmt::Debug for RedisStore<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("prefix", &self.prefix)
            .field("within", &self.limit)
            .finish_non_exhaustive()
    }
}

/// Why Redis is unavailable.
#[cfg_attr(docsrs, doc(cfg(feature = "redis")))]
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedisStoreError {
    /// There was no answer in time. The server may still carry out the request.
    #[error("Redis did not answer within {limit:?}")]
    #[non_exhaustive]
    TooSlow {
        /// The time limit.
        limit: Duration,
    },
    /// The server is older than Redis 7.0.
    #[error("the Redis server is too old: it must be 7.0 or newer to run scripts with flags")]
    TooOld,
    /// The key holds a value that this store did not write.
    #[error("something else has written to the key {key} in Redis")]
    #[non_exhaustive]
    Foreign {
        /// Which key.
        key: Key,
    },
    /// The connection failed, or the server returned an error.
    #[error("Redis: {0}")]
    Redis(#[from] RedisError),
    /// The system has no random numbers.
    #[error("no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_does_not_know_flags_of_scripts_is_too_old() {
        let says =
            "Error compiling script (new function): user_script:1: unexpected symbol near '#'";
        let error = |kind, detail: &str| RedisError::from((kind, "", detail.to_owned()));
        let general = ErrorKind::Server(ServerErrorKind::ResponseError);
        assert!(is_too_old(&error(general, says)));
        assert!(!is_too_old(&error(ErrorKind::Server(ServerErrorKind::NoScript), says)));
        assert!(!is_too_old(&error(general, &says.replace('#', "x"))));
        assert!(!is_too_old(&error(general, "unexpected symbol near '#'")));
    }
}
